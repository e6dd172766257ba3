internal import ClientProtocol
internal import FlagStore
internal import Flags
internal import PeerProtocol
internal import Raft
internal import RaftStorage
internal import Replica
internal import Wire

/// What a replica decides, and how the world performs it.
extension SimulatedWorld {
    func takeTurn(_ index: Int) {
        let node = self.nodes[index]
        guard node.isUp else { return }
        let life = node.life
        let tick = node.tick(at: self.now)
        // As the loop of the real node does: time first, if it is due.
        if let due = node.replica?.deadlineInPlace(), due <= tick {
            node.replica?.tick(tick, wallTime: node.wallTime(at: self.now))
        }
        guard let turn = node.replica?.turn(tick) else { return }
        for batch in turn.persists {
            self.handedOver(batch, by: node)
            node.handedOverAt.append(tick)
        }
        self.check(node)
        node.waiting.append(contentsOf: turn.persists)
        self.write(index)
        self.persistenceBegins(node, turn.persists)
        for send in turn.sends { self.send(send, from: node) }
        self.publish(turn, node)
        for reply in turn.replies { self.answered(reply, by: index) }
        self.performSnapshotWork(turn, node)
        for fetch in turn.fetches {
            self.plan(.fetched(node: index, life: life, fetch), after: self.draw(20...3_000))
        }
        if let reason = turn.halt {
            self.halted(index, reason)
            return
        }
        self.planWake(index)
        self.trace = mix(self.trace, self.state(of: node))
    }

    /// What the trace takes of a node.
    private func state(of node: SimulatedNode) -> UInt64 {
        let seen = node.seen
        var hash = mix(node.id.rawValue, seen.term.rawValue)
        hash = mix(hash, seen.commit.rawValue)
        hash = mix(hash, seen.applied.rawValue)
        return mix(hash, seen.last.rawValue)
    }

    private func planWake(_ index: Int) {
        let node = self.nodes[index]
        guard let deadline = node.replica?.deadlineInPlace() else { return }
        let tick = node.tick(at: self.now)
        let due = node.time(of: max(deadline, tick + 1))
        guard due < node.wakeAt else { return }
        node.wakeAt = due
        self.queue.plan(.wake(node: index, life: node.life), at: max(due, self.now))
    }

    // MARK: Messages

    private func send(_ send: PeerSend, from node: SimulatedNode) {
        let from = node.id.position
        let to = send.to.position
        self.counts.batches += 1
        for message in send.batch.raft {
            self.note("  \(message.summary)")
            self.check(message, sentBy: node)
        }
        guard to < self.nodes.count else {
            self.invariants.fail("\(node.id) sends to \(send.to), which never existed")
            return
        }
        let network = self.parameters.network
        if !self.isHealed, self.happens(permille: network.lossPermille) { return }
        if self.network.isCut(from, to, at: self.now) { return }
        // Through bytes, as on a wire: what does not survive packing must not work here either.
        var bytes = send.batch.encode(using: self.arena)
        // A node of a later version says more than this one knows.
        if node.isNewer { bytes += SimulatedNode.unknownField }
        let parcel = Parcel(from: from, to: to, bytes: bytes)
        self.dispatch(parcel)
        guard self.happens(permille: network.duplicatePermille) else { return }
        // A write outside a session is promised no more than the connection under it: TCP makes no
        // copies, and a copy that came late would be judged anew.
        var copy = send.batch
        copy.forwards.removeAll { !self.isInSession($0) }
        guard copy.forwards.count < send.batch.forwards.count else {
            self.dispatch(parcel)
            return
        }
        self.dispatch(Parcel(from: from, to: to, bytes: copy.encode(using: self.arena)))
    }

    private func isInSession(_ forward: Forward) -> Bool {
        guard let command = try? LogCommand.decode(forward.payload, using: self.arena),
            let request = try? WriteRequest.decode(command.request, using: self.arena)
        else { return false }
        return request.session != .zero
    }

    private func dispatch(_ parcel: Parcel) {
        let network = self.parameters.network
        var delay = self.draw(network.delay)
        if !self.isHealed, self.happens(permille: network.stragglerPermille) {
            delay += self.draw(network.stragglerDelay)
        }
        var time = self.now + delay
        if network.isOrdered { time = self.network.ordered(parcel.from, parcel.to, at: time) }
        self.queue.plan(.deliver(parcel), at: time)
    }

    // MARK: The state machine

    private func publish(_ turn: Turn, _ node: SimulatedNode) {
        let index = node.id.position
        for record in turn.records { self.check(record, of: node) }
        if let publication = turn.publication {
            node.recordable.append(RecordedState(store: publication.store))
            if node.recordable.count > SimulationLimits.recordableMax {
                node.recordable.removeFirst()
            }
            self.compare(publication.store, of: node)
            self.ledgerOfWrites.published(publication.changes)
            if node.hub != nil {
                self.withHub(index) { hub, sink in hub.publish(publication, to: &sink) }
            }
        }
        guard let through = turn.recordedThrough,
            let state = node.recordable.last(where: { $0.store.applied <= through })
        else { return }
        node.recordable.removeAll { $0.store.applied <= state.store.applied }
        self.plan(
            .recorded(node: index, life: node.life, state),
            after: self.draw(self.parameters.disks.recordDelay)
        )
    }
}

extension Message {
    /// What the event log says about it: everything but the payloads.
    fileprivate var summary: String {
        let what: String
        switch self.body {
        case .appendRequest(let request):
            what =
                "append \(request.entries.count) after \(request.previous), commit "
                + "\(request.commit)"
        default:
            what = "\(self.body)"
        }
        return "\(self.from) -> \(self.to) \(self.term): \(what)"
    }
}
