internal import ClientProtocol
internal import FlagStore
internal import Flags
internal import PeerProtocol
internal import Raft
internal import RaftStorage
internal import Replica
internal import Wire

/// Processes: their starts, and everything that is put into them.
extension SimulatedWorld {
    func start(_ index: Int) {
        let node = self.nodes[index]
        guard !node.isUp, !node.isLost, !self.isHealed || self.core.contains(index) else { return }
        self.note("node \(node.id) starts")
        self.counts.restarts += 1
        let plan = StartPlan(
            founders: self.founders,
            parameters: self.parameters,
            states: self.snapshotStates,
            core: self.parameters.core,
            segmentBytes: self.parameters.disks.segmentBytes,
            seed: self.random.next(),
            restoresContents: self.happens(permille: 300),
            now: node.tick(at: self.now)
        )
        do throws(StorageError) {
            let mistake = try node.start(plan)
            if let mistake {
                guard node.isDamaged else {
                    self.invariants.fail(mistake)
                    return
                }
                // A write that the disk only pretended to make is gone without a trace.
                self.note("\(mistake), as its disk is damaged")
                self.lose(index)
                return
            }
        } catch {
            self.cannotStart(node, error)
            return
        }
        for peer in self.nodes.indices where peer != index && self.nodes[peer].isUp {
            self.connect(index, peer, within: 100...20_000)
        }
        self.decide(index)
    }

    private func cannotStart(_ node: SimulatedNode, _ error: StorageError) {
        node.endLife()
        node.disk.restartProcess()
        switch error.code {
        case .diskFull, .inputOutput:
            self.plan(.restart(node: node.id.position), after: self.draw(10_000...200_000))
        case .corrupt where node.isDamaged:
            self.note("node \(node.id) refuses its log: \(error)")
            self.lose(node.id.position)
        default:
            self.invariants.fail("node \(node.id) cannot start: \(error)")
        }
    }

    /// Plans that two nodes notice each other.
    func connect(_ one: Int, _ other: Int, within delay: ClosedRange<UInt64>) {
        for (node, peer) in [(one, other), (other, one)] {
            self.plan(
                .peerConnected(node: node, life: self.nodes[node].life, peer: peer),
                after: self.draw(delay)
            )
        }
    }

    /// Whether a process of that life takes anything in now; keeps what is for later.
    func takes(_ event: @autoclosure () -> SimulatedEvent, _ index: Int, _ life: Int) -> Bool {
        let node = self.nodes[index]
        guard node.life == life, node.isUp else { return false }
        guard node.isPaused else { return true }
        node.backlog.append(event())
        return false
    }

    /// Gives the replica something; it decides now or a little later.
    func input(_ index: Int, _ give: (inout Replica) -> Void) {
        self.nodes[index].replica?.change(give)
        self.decide(index)
    }

    private func decide(_ index: Int) {
        let node = self.nodes[index]
        guard !node.isHolding, !node.isTurnPlanned else { return }
        guard self.parameters.turnDelay.upperBound > 0 else {
            self.takeTurn(index)
            return
        }
        node.isTurnPlanned = true
        self.plan(
            .turn(node: index, life: node.life),
            after: self.draw(self.parameters.turnDelay)
        )
    }

    func turnIsDue(_ index: Int, _ life: Int) {
        guard self.takes(.turn(node: index, life: life), index, life) else { return }
        self.nodes[index].isTurnPlanned = false
        self.takeTurn(index)
    }

    func wake(_ index: Int, _ life: Int) {
        guard self.takes(.wake(node: index, life: life), index, life) else { return }
        let node = self.nodes[index]
        node.wakeAt = .max
        let wallTime = node.wallTime(at: self.now)
        self.input(index) { $0.tick(node.tick(at: self.now), wallTime: wallTime) }
    }

    func connected(_ index: Int, _ life: Int, peer: Int, isUp: Bool) {
        let event: SimulatedEvent =
            isUp
            ? .peerConnected(node: index, life: life, peer: peer)
            : .peerDisconnected(node: index, life: life, peer: peer)
        guard self.takes(event, index, life), !isUp || self.nodes[peer].isUp else { return }
        let tick = self.nodes[index].tick(at: self.now)
        let id = self.nodes[peer].id
        self.note("node \(self.nodes[index].id) \(isUp ? "reaches" : "loses") \(id)")
        self.input(index) { replica in
            if isUp {
                replica.peerConnected(id, now: tick)
            } else {
                replica.peerDisconnected(id, now: tick)
            }
        }
    }

    func deliver(_ parcel: Parcel) {
        guard !self.network.isCut(parcel.from, parcel.to, at: self.now) else { return }
        if let until = self.network.isCloggedUntil(parcel.from, parcel.to, at: self.now) {
            self.queue.plan(.deliver(parcel), at: until + self.draw(0...100))
            return
        }
        let node = self.nodes[parcel.to]
        guard self.takes(.deliver(parcel), parcel.to, node.life) else { return }
        do throws(WireError) {
            let batch = try PeerBatch.decode(parcel.bytes, using: self.arena)
            let tick = node.tick(at: self.now)
            let wallTime = node.wallTime(at: self.now)
            let sender = self.nodes[parcel.from].id
            self.checkingAcknowledgements(batch, from: sender, to: node) {
                self.input(parcel.to) {
                    $0.receive(batch, from: sender, now: tick, wallTime: wallTime)
                }
            }
        } catch {
            self.invariants.fail("a batch of node \(parcel.from + 1) cannot be read: \(error)")
        }
    }

    // MARK: Pauses

    func pause(_ index: Int, for duration: SimulatedTime) {
        let node = self.nodes[index]
        guard node.isUp, !node.isPaused else { return }
        self.note("node \(node.id) is paused for \(duration)")
        node.isPaused = true
        self.plan(.resume(node: index, life: node.life), after: duration)
    }

    /// Gives a process everything that it missed, at once and in order.
    func resume(_ index: Int, _ life: Int) {
        let node = self.nodes[index]
        guard node.life == life, node.isPaused else { return }
        self.note("node \(node.id) goes on with \(node.backlog.count) events waiting")
        node.isPaused = false
        node.isHolding = true
        let backlog = node.backlog
        node.backlog = []
        // Which is first, the timer or the sockets, is the scheduler's choice.
        let ticksFirst = self.happens(permille: 300)
        let tick = node.tick(at: self.now)
        if ticksFirst { node.replica?.tick(tick, wallTime: node.wallTime(at: self.now)) }
        for event in backlog where node.life == life {
            if case .turn = event { node.isTurnPlanned = false } else { self.handle(event) }
        }
        guard node.life == life else { return }
        node.isHolding = false
        self.takeTurn(index)
    }

    // MARK: The log thread

    /// Gives the disk what has gathered, if it is idle.
    func write(_ index: Int) {
        let node = self.nodes[index]
        guard !node.isWriting, !node.waiting.isEmpty || !node.writing.isEmpty else { return }
        node.isWriting = true
        node.writing.append(contentsOf: node.waiting)
        node.waiting = []
        var latency = self.draw(self.parameters.disks.fsync)
        if node.isSlowUntil > self.now { latency *= self.draw(20...200) }
        self.plan(.synchronized(node: index, life: node.life), after: latency)
    }

    func synchronized(_ index: Int, _ life: Int) {
        guard self.takes(.synchronized(node: index, life: life), index, life) else { return }
        let node = self.nodes[index]
        let (tokens, error) = node.synchronize()
        node.handedOverAt.removeFirst(min(tokens.count, node.handedOverAt.count))
        if let error {
            self.cannotWrite(index, error)
        } else {
            node.isWriting = false
            self.write(index)
        }
        guard node.life == life, !tokens.isEmpty else { return }
        let tick = node.tick(at: self.now)
        self.input(index) { replica in
            for token in tokens { replica.persisted(token, now: tick) }
        }
    }

    func cannotWrite(_ index: Int, _ error: StorageError) {
        let node = self.nodes[index]
        self.note("node \(node.id) cannot write: \(error)")
        switch error.code {
        case .diskFull:
            self.plan(.retryDisk(node: index, life: node.life), after: self.draw(5_000...100_000))
        case .inputOutput, .poisoned:
            // The process stops at once, whatever waits; an operator looks after the machine.
            self.endProcess(index, losesPower: self.happens(permille: 500), operations: nil)
        case .corrupt where node.isDamaged:
            self.endProcess(index, losesPower: false, operations: nil)
        default:
            self.invariants.fail("\(node.id) cannot write its log: \(error)")
        }
    }

    func retryDisk(_ index: Int, _ life: Int) {
        guard self.takes(.retryDisk(node: index, life: life), index, life) else { return }
        self.nodes[index].isWriting = false
        self.write(index)
    }

    func fetched(_ index: Int, _ life: Int, _ request: FetchRequest) {
        guard self.takes(.fetched(node: index, life: life, request), index, life) else { return }
        let node = self.nodes[index]
        guard let storage = node.storage else { return }
        let tick = node.tick(at: self.now)
        do throws(StorageError) {
            let entries = try storage.read(
                from: request.from,
                through: request.through,
                bytesMax: request.bytesMax
            )
            self.input(index) { $0.fetched(request, entries: entries, now: tick) }
        } catch {
            guard error.code == .outOfRange else {
                self.cannotRead(index, error)
                return
            }
            // Compacted in the meantime.
            self.input(index) { $0.fetched(request, entries: [], now: tick) }
        }
    }

    private func cannotRead(_ index: Int, _ error: StorageError) {
        let node = self.nodes[index]
        self.note("node \(node.id) cannot read: \(error)")
        self.invariants.require(
            [.inputOutput, .poisoned].contains(error.code)
                || (error.code == .corrupt && node.isDamaged),
            "\(node.id) cannot read its log: \(error)"
        )
        self.endProcess(index, losesPower: false, operations: nil)
    }

    func recorded(_ index: Int, _ life: Int, _ state: RecordedState) {
        guard self.takes(.recorded(node: index, life: life, state), index, life) else { return }
        let node = self.nodes[index]
        guard state.store.applied > node.recorded.store.applied else { return }
        node.recorded = state
        node.recordedSince.append(state)
        let isDurable = self.happens(permille: self.parameters.disks.recordIsDurablePermille)
        if isDurable {
            node.recordedSince = [state]
        } else if node.recordedSince.count > SimulationLimits.unsyncedRecordsMax {
            node.recordedSince.removeFirst()
        }
        self.input(index) { $0.recorded(through: state.store.applied) }
    }
}
