internal import ClientProtocol
internal import FlagStore
internal import Flags
internal import PeerProtocol
internal import Raft
internal import RaftStorage
internal import Replica
internal import Wire

extension SimulatedWorld {
    func start(_ index: Int) {
        let node = self.nodes[index]
        guard !node.isUp else { return }
        node.start(
            voters: self.members.map(\.id),
            members: self.members,
            seed: self.random.next(),
            now: self.tick
        )
        for peer in self.nodes.indices where peer != index && self.nodes[peer].isUp {
            self.queue.plan(
                .peerConnected(node: index, peer: peer),
                at: self.now + self.draw(100...20_000)
            )
            self.queue.plan(
                .peerConnected(node: peer, peer: index),
                at: self.now + self.draw(100...20_000)
            )
        }
        self.takeTurn(index)
    }

    /// Gives the replica something, if its process runs, and performs what it decides.
    func input(_ index: Int, _ give: (inout Replica) -> Void) {
        guard self.nodes[index].isUp else { return }
        self.nodes[index].withReplica(give)
        self.takeTurn(index)
    }

    func wake(_ index: Int, _ life: Int) {
        guard self.nodes[index].life == life else { return }
        self.nodes[index].wakeAt = .max
        self.input(index) { $0.tick(self.tick) }
    }

    func deliver(_ batch: PeerBatch, from: Int, to: Int) {
        guard !self.blocked[from][to] else { return }
        self.input(to) {
            $0.receive(
                batch,
                from: NodeID(UInt64(from + 1)),
                now: self.tick,
                wallTime: Timestamp(milliseconds: Int64(self.tick.rawValue))
            )
        }
    }

    func synchronized(_ index: Int, _ life: Int) {
        let node = self.nodes[index]
        guard node.life == life else { return }
        do throws(StorageError) {
            try node.synchronize()
        } catch {
            self.invariants.require(false, "\(node.id) cannot write its log: \(error)")
            return
        }
        let tokens = node.persisting.map(\.token)
        node.persisting = []
        node.isSynchronizing = false
        self.input(index) { replica in
            for token in tokens { replica.persisted(token, now: self.tick) }
        }
    }

    func recorded(_ index: Int, _ life: Int, _ snapshot: SnapshotOfStore) {
        let node = self.nodes[index]
        guard node.life == life, snapshot.store.applied > node.recorded.store.applied else {
            return
        }
        node.recorded = snapshot
        self.input(index) { $0.recorded(through: snapshot.store.applied) }
    }

    // MARK: A turn

    private func takeTurn(_ index: Int) {
        let node = self.nodes[index]
        var decided: Turn?
        node.withReplica { decided = $0.turn(self.tick) }
        guard let turn = decided else { return }
        for batch in turn.persists { node.handedOver(batch, &self.invariants) }
        node.persisting.append(contentsOf: turn.persists)
        self.check(node)
        if !node.persisting.isEmpty, !node.isSynchronizing {
            node.isSynchronizing = true
            let latency = self.draw(self.parameters.fsync)
            self.queue.plan(
                .synchronized(node: index, life: node.life),
                at: self.now + latency
            )
        }
        for send in turn.sends { self.send(send, from: index) }
        self.publish(turn, index)
        for reply in turn.replies { self.answered(reply, by: index) }
        for fetch in turn.fetches { self.fetch(fetch, index) }
        self.planWake(index)
        if !turn.fetches.isEmpty { self.takeTurn(index) }
    }

    private func fetch(_ request: FetchRequest, _ index: Int) {
        let node = self.nodes[index]
        guard let storage = node.storage,
            let entries = try? storage.read(
                from: request.from,
                through: request.through,
                bytesMax: request.bytesMax
            )
        else { return }
        node.replica?.fetched(request, entries: entries, now: self.tick)
    }

    private func publish(_ turn: Turn, _ index: Int) {
        let node = self.nodes[index]
        if let publication = turn.publication {
            node.recordable.append(SnapshotOfStore(store: publication.store))
            if node.recordable.count > SimulationLimits.recordableMax {
                node.recordable.removeFirst()
            }
            self.compare(publication.store, of: node)
            for change in publication.changes where change.revision > (self.changes.last ?? .zero) {
                self.changes.append(change.revision)
            }
            self.withHub(index) { hub, sink in hub.publish(publication, to: &sink) }
        }
        guard let through = turn.recordedThrough,
            let snapshot = node.recordable.last(where: { $0.store.applied <= through })
        else { return }
        node.recordable.removeAll { $0.store.applied <= snapshot.store.applied }
        self.queue.plan(
            .recorded(node: index, life: node.life, snapshot),
            at: self.now + self.draw(100...200_000)
        )
    }

    private func send(_ send: PeerSend, from: Int) {
        let to = Int(send.to.rawValue) - 1
        guard !self.happens(permille: self.isHealed ? 0 : self.parameters.lossPermille) else {
            return
        }
        // Through bytes, as on a wire: what does not survive packing must not work here either.
        guard let batch = try? PeerBatch.decode(send.batch.encode()) else {
            self.invariants.require(false, "a batch from \(from + 1) cannot be read back")
            return
        }
        var copies = 1
        if self.happens(permille: self.parameters.duplicatePermille) { copies = 2 }
        for _ in 0..<copies {
            var delay = self.draw(self.parameters.delay)
            if self.happens(permille: self.parameters.stragglerPermille) { delay *= 20 }
            self.queue.plan(.deliver(batch, from: from, to: to), at: self.now + delay)
        }
    }

    private func planWake(_ index: Int) {
        let node = self.nodes[index]
        guard let replica = node.replica else { return }
        let due = max(replica.nextDeadline.rawValue, self.tick.rawValue + 1) * 1_000
        guard due < node.wakeAt else { return }
        node.wakeAt = due
        self.queue.plan(.wake(node: index, life: node.life), at: due)
    }

    // MARK: Checks

    private func check(_ node: SimulatedNode) {
        guard let raft = node.replica?.raft else { return }
        if raft.role == .leader { self.invariants.leads(node.id, in: raft.term, log: node.log) }
        self.invariants.require(
            raft.commit <= raft.last.index,
            "\(node.id) commits \(raft.commit), its log ends at \(raft.last)"
        )
        self.invariants.commits(
            node.id,
            through: raft.commit,
            log: node.log,
            durable: self.nodes.map(\.durable)
        )
        let applied = Int(raft.applied.rawValue)
        if applied > node.checkedApplied {
            self.invariants.agrees(
                node.id,
                from: node.checkedApplied,
                through: applied,
                log: node.log
            )
            node.checkedApplied = applied
        }
    }

    /// Two nodes at one revision are in one state.
    private func compare(_ store: FlagStore, of node: SimulatedNode) {
        let hash = store.stateHash()
        if let known = self.stateHashes[store.applied] {
            self.invariants.require(
                known == hash,
                "\(node.id) is in another state at revision \(store.applied)"
            )
        } else {
            self.stateHashes[store.applied] = hash
        }
    }
}
