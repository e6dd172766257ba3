internal import Logging
internal import NIOCore
internal import PeerProtocol
internal import Raft
internal import Replica

// MARK: - What is done about it

extension ConsensusLoop {
    func scheduleTurn() {
        guard !self.isTurnScheduled else { return }
        self.isTurnScheduled = true
        let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
        self.eventLoop.execute { bound.value.takeTurn() }
    }

    private func takeTurn() {
        self.isTurnScheduled = false
        guard let surroundings = self.surroundings else { return }
        let now = Self.now
        if now >= self.replica.nextDeadline {
            self.replica.tick(now, wallTime: Self.wallTime)
        }
        let turn = self.replica.turn(now)
        if let topology = turn.topology { self.follow(topology) }
        for batch in turn.persists { surroundings.log.submit(.persist(batch)) }
        for fetch in turn.fetches { surroundings.log.submit(.fetch(fetch)) }
        for send in turn.sends { self.send(send) }
        self.deliver(turn, to: surroundings.clients, now: now)
        self.gatherRecords(turn, for: surroundings.ledger)
        self.moveSnapshots(turn, surroundings)
        if let outcome = turn.stop { self.stopped(outcome) }
        if let reason = turn.halt {
            self.fail(NodeError(halted: reason, node: self.replica.configuration.local.id))
            return
        }
        self.armTimer(now)
    }

    /// Copies, parts of copies, and what the log and the record store give up for them.
    private func moveSnapshots(_ turn: Turn, _ surroundings: Surroundings) {
        if turn.wantsDurableLedger {
            self.submitRecords()
            surroundings.ledger.submit(.makeDurable)
        }
        if let compaction = turn.compact { surroundings.log.submit(.compact(compaction)) }
        if turn.snapshotReleased { surroundings.source.submit(.release) }
        if turn.snapshotWanted { surroundings.source.submit(.copy) }
        for read in turn.snapshotReads { surroundings.source.submit(.read(read)) }
        for step in turn.snapshotSteps { surroundings.sink.submit(step) }
        if let snapshot = turn.install {
            // The swap comes after all that is recorded so far, and there is nothing in between.
            self.submitRecords()
            surroundings.log.submit(.install(snapshot))
        }
    }

    private func deliver(_ turn: Turn, to clients: [ClientPort], now: Tick) {
        var deliveries = clients.map { _ in ClientDelivery(publication: turn.publication) }
        let replies = turn.replies + self.refusals
        self.refusals.removeAll(keepingCapacity: true)
        for reply in replies where clients.indices.contains(reply.call.loop) {
            deliveries[reply.call.loop].replies.append(reply)
            deliveries[reply.call.loop].leader = self.replica.raft.leader
        }
        if !self.views.isEmpty {
            let nodes = self.replica.nodes(now)
            for call in self.views where clients.indices.contains(call.loop) {
                deliveries[call.loop].views.append(
                    ClusterView(call: call, nodes: nodes, log: self.logWork)
                )
            }
            self.views.removeAll(keepingCapacity: true)
        }
        for (client, delivery) in zip(clients, deliveries) where !delivery.isEmpty {
            client.deliver(delivery)
        }
    }

    /// Nobody waits for the record store, so it gets its work in lots: one transaction and one
    /// wake-up for all that is applied within a moment.
    private func gatherRecords(_ turn: Turn, for ledger: LedgerThread) {
        guard let through = turn.recordedThrough else { return }
        self.records.append(contentsOf: turn.records)
        self.recordsThrough = through
        if self.records.count >= NodeLimits.recordLotMax {
            self.submitRecords()
        } else if !self.isRecordLotScheduled {
            self.isRecordLotScheduled = true
            let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
            self.eventLoop.scheduleTask(in: NodeLimits.recordLotInterval) {
                bound.value.isRecordLotScheduled = false
                bound.value.submitRecords()
            }
        }
    }

    func submitRecords() {
        guard let through = self.recordsThrough, let surroundings = self.surroundings else {
            return
        }
        surroundings.ledger.submit(.record(self.records, through: through))
        self.records = []
        self.recordsThrough = nil
    }

    private func armTimer(_ now: Tick) {
        let due = self.replica.nextDeadline
        // A timer that fires early costs one idle turn; setting it anew each turn costs more.
        guard self.timer == nil || due < self.timerDue else { return }
        self.timer?.cancel()
        self.timerDue = due
        let wait = due > now ? min(due.rawValue - now.rawValue, 1_000) : 0
        let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
        self.timer = self.eventLoop.scheduleTask(in: .milliseconds(Int64(wait))) {
            bound.value.timer = nil
            bound.value.takeTurn()
        }
    }
}
