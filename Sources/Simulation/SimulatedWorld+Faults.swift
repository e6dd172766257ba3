internal import Raft

/// Everything that breaks.
extension SimulatedWorld {
    func planFault() {
        let mean = self.parameters.faultInterval * 1_000
        self.plan(.fault, after: self.draw(mean / 2...mean * 3 / 2))
    }

    func injectFault() {
        guard !self.isHealed, !self.parameters.faults.isEmpty else { return }
        self.planFault()
        let number = Int(self.draw(0...UInt64(self.parameters.faults.count - 1)))
        let kind = self.parameters.faults[number]
        guard let victim = self.chooseVictim() else { return }
        guard self.inject(kind, victim) else { return }
        self.counts.faults[kind.rawValue] += 1
        self.trace = mix(self.trace, UInt64(kind.rawValue))
    }

    /// Any node that runs, or the one that leads.
    private func chooseVictim() -> Int? {
        let running = self.nodes.indices.filter { self.nodes[$0].isUp }
        if self.happens(permille: self.parameters.leaderBiasPermille) {
            let leaders = running.filter { self.nodes[$0].seen.role == .leader }
            if let leader = self.pick(leaders) { return leader }
        }
        return self.pick(running)
    }

    private func inject(_ kind: FaultKind, _ victim: Int) -> Bool {
        let until = self.now + self.draw(self.parameters.faultDuration)
        let node = self.nodes[victim]
        switch kind {
        case .crash, .kill:
            self.note("\(kind) hits node \(node.id)")
            self.stop(victim, losesPower: kind == .crash)
        case .crashAll:
            self.note("the power of all nodes fails")
            for index in self.nodes.indices where self.nodes[index].isUp {
                self.stop(index, losesPower: true)
            }
        case .pause:
            self.pause(victim, for: until - self.now)
        case .isolate, .split, .oneWay, .halfDeaf, .chain, .randomGraph:
            self.cutLinks(kind, victim, until: until)
        case .clog:
            guard let other = self.other(than: victim) else { return false }
            self.note("the link from \(node.id) to \(other + 1) is clogged until \(until)")
            self.network.clog(victim, other, until: until)
        case .dropConnection:
            guard let other = self.other(than: victim) else { return false }
            self.dropConnection(victim, other, within: 2_000)
            self.connect(victim, other, within: 10_000...500_000)
        case .slowDisk:
            self.note("the disk of \(node.id) is slow until \(until)")
            node.isSlowUntil = until
        case .fullDisk:
            self.fillDisk(victim, until: until)
        case .writeFailure:
            self.note("the disk of \(node.id) fails")
            let isSync = self.happens(permille: 700)
            node.disk.fail(isSync ? .synchronize : .write, skipping: Int(self.draw(0...2)))
        case .bitRot, .wipe:
            return self.damage(victim, kind)
        case .clockJump:
            let jump = Int64(self.draw(0...7_200_000))
            node.wallOffset = self.happens(permille: 500) ? jump : -jump
            self.note("the wall clock of \(node.id) is off by \(node.wallOffset) ms")
        }
        return true
    }

    private func other(than index: Int) -> Int? {
        self.pick(self.nodes.indices.filter { $0 != index && !self.nodes[$0].isLost })
    }

    // MARK: Processes

    /// Ends a process and starts it again later.
    func stop(_ index: Int, losesPower: Bool) {
        guard self.nodes[index].isUp else { return }
        let operations = self.happens(permille: 700) ? Int(self.draw(0...4)) : nil
        self.endProcess(index, losesPower: losesPower, operations: operations)
    }

    func endProcess(_ index: Int, losesPower: Bool, operations: Int?) {
        let node = self.nodes[index]
        guard node.isUp else { return }
        self.note("node \(node.id) ends, \(losesPower ? "without power" : "killed")")
        node.end(
            losesPower: losesPower,
            operations: operations,
            keepsRecords: { Int(self.draw(0...UInt64($0 - 1))) }
        )
        if self.happens(permille: self.parameters.crashIsSeenPermille) {
            for peer in self.nodes.indices where peer != index && self.nodes[peer].isUp {
                self.plan(
                    .peerDisconnected(node: peer, life: self.nodes[peer].life, peer: index),
                    after: self.draw(50...5_000)
                )
            }
        }
        self.watchersLose(index)
        self.plan(.restart(node: index), after: self.draw(self.parameters.downTime))
    }

    // MARK: Links

    private func cutLinks(_ kind: FaultKind, _ victim: Int, until: SimulatedTime) {
        self.note("\(kind) around node \(self.nodes[victim].id) until \(until)")
        let count = self.nodes.count
        let side = self.nodes.indices.map { _ in self.draw(0...1) == 0 }
        let order = self.shuffled(count)
        let isDeaf = self.draw(0...1) == 0
        let target = self.other(than: victim)
        for from in 0..<count {
            for to in 0..<count where to != from {
                let isCut: Bool
                switch kind {
                case .isolate: isCut = from == victim || to == victim
                case .split: isCut = side[from] != side[to]
                case .halfDeaf: isCut = isDeaf ? to == victim : from == victim
                case .oneWay: isCut = from == victim && to == target
                case .chain: isCut = abs(order[from] - order[to]) > 1
                default: isCut = self.draw(0...1) == 0
                }
                if isCut { self.cut(from, to, until: until) }
            }
        }
    }

    /// Where each node stands in a random order.
    private func shuffled(_ count: Int) -> [Int] {
        var order = Array(0..<count)
        for last in stride(from: count - 1, to: 0, by: -1) {
            order.swapAt(last, Int(self.draw(0...UInt64(last))))
        }
        return order
    }

    func cut(_ from: Int, _ to: Int, until: SimulatedTime) {
        self.network.cut(from, to, until: until)
        guard self.happens(permille: self.parameters.network.cutIsSeenPermille) else { return }
        self.dropConnection(from, to, within: 20_000)
        self.connect(from, to, within: until - self.now...until - self.now + 50_000)
    }

    private func dropConnection(_ one: Int, _ other: Int, within delay: UInt64) {
        for (node, peer) in [(one, other), (other, one)] {
            self.plan(
                .peerDisconnected(node: node, life: self.nodes[node].life, peer: peer),
                after: self.draw(0...delay)
            )
        }
    }

    // MARK: Disks

    private func fillDisk(_ index: Int, until: SimulatedTime) {
        let node = self.nodes[index]
        self.note("the disk of \(node.id) is full until \(until)")
        node.disk.capacityBytes = Int(self.draw(0...1)) * self.parameters.disks.segmentBytes
        node.isFullUntil = until
        self.plan(.diskHasRoom(node: index), after: until - self.now)
    }

    func diskHasRoom(_ index: Int) {
        guard self.nodes[index].isFullUntil <= self.now else { return }
        self.nodes[index].disk.capacityBytes = .max
    }

    /// Damages or loses a disk, if enough others are sound for everything to be recovered.
    private func damage(_ index: Int, _ kind: FaultKind) -> Bool {
        let sound = self.nodes.indices.filter { other in
            other != index && !self.nodes[other].isLost && !self.nodes[other].isDamaged
        }
        guard self.isQuorum(sound), self.operation.asked == nil,
            self.nodes.count < SimulationLimits.nodesMax
        else {
            return false
        }
        let node = self.nodes[index]
        guard kind == .bitRot else {
            self.note("node \(node.id) loses its disk")
            self.endProcess(index, losesPower: true, operations: nil)
            self.lose(index)
            return true
        }
        self.note("the disk of node \(node.id) is damaged")
        node.isDamaged = true
        switch self.draw(0...3) {
        case 0: node.disk.fail(.write, with: .misdirected)
        case 1: node.disk.fail(.write, with: .flipped)
        case 2: node.disk.fail(.write, with: .lost)
        default: node.disk.rot(in: "log", suffix: ".log")
        }
        return true
    }

    /// A node never starts again under its id: an operator replaces it.
    func lose(_ index: Int) {
        let node = self.nodes[index]
        self.note("node \(node.id) is lost")
        if node.isUp { self.endProcess(index, losesPower: true, operations: nil) }
        node.endLife()
        node.isLost = true
    }
}
