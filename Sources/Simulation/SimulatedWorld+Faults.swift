internal import Raft

extension SimulatedWorld {
    func planFault() {
        let mean = self.parameters.faultInterval * 1_000
        self.queue.plan(.fault, at: self.now + self.draw(mean / 2...mean * 3 / 2))
    }

    func injectFault() {
        guard !self.isHealed else { return }
        switch self.draw(0...5) {
        case 0, 1: self.endProcess(Int(self.draw(0...UInt64(self.nodes.count - 1))))
        case 2: self.isolate(Int(self.draw(0...UInt64(self.nodes.count - 1))))
        case 3: self.blockOneWay()
        case 4: self.dropConnection()
        default: self.endAll()
        }
        self.planFault()
    }

    /// Ends all faults: the rest of the run must converge.
    func heal() {
        self.isHealed = true
        for from in self.blocked.indices {
            for to in self.blocked.indices { self.blocked[from][to] = false }
        }
        for index in self.nodes.indices where !self.nodes[index].isUp {
            self.queue.plan(.restart(node: index), at: self.now + self.draw(1...100_000))
        }
        for index in self.nodes.indices {
            for peer in self.nodes.indices where peer != index {
                self.queue.plan(
                    .peerConnected(node: index, peer: peer),
                    at: self.now + self.draw(100_000...300_000)
                )
            }
        }
    }

    private func endProcess(_ index: Int) {
        let node = self.nodes[index]
        guard node.isUp else { return }
        if self.happens(permille: 500) {
            node.crash(interruptingWriteAfter: Int(self.draw(0...3)))
        } else {
            node.kill()
        }
        if self.happens(permille: self.parameters.crashIsSeenPermille) {
            for peer in self.nodes.indices where peer != index {
                self.queue.plan(
                    .peerDisconnected(node: peer, peer: index),
                    at: self.now + self.draw(50...5_000)
                )
            }
        }
        self.watchersLose(index)
        self.queue.plan(.restart(node: index), at: self.now + self.draw(1_000...3_000_000))
    }

    private func endAll() {
        for index in self.nodes.indices { self.endProcess(index) }
    }

    private func isolate(_ index: Int) {
        for peer in self.nodes.indices where peer != index {
            self.block(index, peer)
            self.block(peer, index)
        }
    }

    private func blockOneWay() {
        let from = Int(self.draw(0...UInt64(self.nodes.count - 1)))
        let to = Int(self.draw(0...UInt64(self.nodes.count - 1)))
        if from != to { self.block(from, to) }
    }

    private func block(_ from: Int, _ to: Int) {
        self.blocked[from][to] = true
        self.queue.plan(
            .healLink(from: from, to: to),
            at: self.now + self.draw(50_000...3_000_000)
        )
    }

    /// A connection breaks although both processes live.
    private func dropConnection() {
        let one = Int(self.draw(0...UInt64(self.nodes.count - 1)))
        let other = Int(self.draw(0...UInt64(self.nodes.count - 1)))
        guard one != other else { return }
        for (node, peer) in [(one, other), (other, one)] {
            self.queue.plan(
                .peerDisconnected(node: node, peer: peer),
                at: self.now + self.draw(0...2_000)
            )
            self.queue.plan(
                .peerConnected(node: node, peer: peer),
                at: self.now + self.draw(10_000...500_000)
            )
        }
    }
}
