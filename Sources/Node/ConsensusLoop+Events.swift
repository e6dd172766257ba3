internal import ClientProtocol
internal import Flags
internal import Logging
internal import NIOCore
internal import PeerProtocol
internal import Raft
internal import Replica
internal import Wire

// MARK: - What happened

extension ConsensusLoop {
    func received(_ requests: [ConsensusRequest]) {
        let now = Self.now
        for request in requests {
            switch request {
            case .submit(let submission): self.replica.submit(submission, now: now)
            case .route(let call): self.replica.route(call, now: now)
            case .abandon(let call): self.replica.abandon(call)
            case .nodes(let call): self.views.append(call)
            case .read(let call): self.replica.read(call, now: now)
            case .administer(let call, let action): self.administer(call, action, now: now)
            }
        }
        self.scheduleTurn()
    }

    func received(_ batch: PeerBatch, from peer: NodeID) {
        self.replica.receive(batch, from: peer, now: Self.now, wallTime: Self.wallTime)
        if let probe = batch.probe {
            var echo = PeerBatch()
            echo.echo = probe
            self.links[peer]?.send(echo)
        }
        if let echo = batch.echo {
            let sent = NIODeadline.uptimeNanoseconds(echo)
            let elapsed = NIODeadline.now() - sent
            if elapsed > .zero {
                self.replica.measured(
                    peer,
                    roundTripMicroseconds: UInt64(elapsed.nanoseconds / 1_000)
                )
            }
        }
        self.scheduleTurn()
    }

    func peerConnected(_ peer: NodeID) {
        self.logger.info("peer connected", metadata: ["peer": "\(peer.rawValue)"])
        self.replica.peerConnected(peer, now: Self.now)
        self.scheduleTurn()
    }

    /// The peer dialled this node, so it can be dialled.
    func reached(_ peer: NodeID) { self.links[peer]?.dialSoon() }

    func peerClosed(_ peer: NodeID) {
        self.replica.peerClosed(peer, now: Self.now)
        self.scheduleTurn()
    }

    func peerDisconnected(_ peer: NodeID) {
        self.replica.peerDisconnected(peer, now: Self.now)
        self.scheduleTurn()
    }

    func received(_ event: LogThread.Event) {
        switch event {
        case .persisted(let tokens, let entries):
            self.reportRoom(for: "log")
            self.logWork.appends += 1
            self.logWork.entries += UInt64(entries)
            for token in tokens { self.replica.persisted(token, now: Self.now) }
        case .fetched(let request, let entries):
            self.replica.fetched(request, entries: entries, now: Self.now)
        case .diskFull(let description):
            self.reportDiskFull("log", description) { $0.log.submit(.retry) }
        case .compacted(let base):
            self.logger.notice("log compacted", metadata: ["base": "\(base)"])
            self.replica.compacted(to: base)
        case .installed(let snapshot):
            self.reportRoom(for: "log")
            self.swapIn(snapshot)
        case .failed(let description):
            self.fail(NodeError(.storage, description))
        }
        self.scheduleTurn()
    }

    func received(_ event: LedgerThread.Event) {
        switch event {
        case .recorded(let revision):
            self.reportRoom(for: "record store")
            self.replica.recorded(through: revision)
        case .diskFull(let description):
            self.reportDiskFull("record store", description) { $0.ledger.submit(.retry) }
        case .durable(let revision):
            self.replica.ledgerDurable(through: revision)
        case .installed(let snapshot, let store):
            self.logger.notice(
                "a snapshot took the place of log and records",
                metadata: ["position": "\(snapshot.position)"]
            )
            self.replica.installed(snapshot, store: store, now: Self.now)
        case .failed(let description):
            self.fail(NodeError(.ledger, description))
        }
        self.scheduleTurn()
    }

    func received(_ event: SnapshotSource.Event) {
        switch event {
        case .copied(let copy): self.replica.snapshotCopied(copy, now: Self.now)
        case .read(let read, let bytes):
            self.replica.snapshotRead(read, bytes: bytes, now: Self.now)
        }
        self.scheduleTurn()
    }

    func received(_ event: SnapshotSink.Event) {
        switch event {
        case .written(let name, let offset, let succeeded):
            self.replica.snapshotWritten(
                name,
                through: offset,
                succeeded: succeeded,
                now: Self.now
            )
        case .finished(let name, let succeeded):
            self.replica.snapshotFinished(name, succeeded: succeeded, now: Self.now)
        }
        self.scheduleTurn()
    }

    /// The second half of an install, once nothing reads the old record store any more: a copy of
    /// it that ends later would tidy up beside the new one.
    private func swapIn(_ snapshot: SnapshotPosition) {
        guard let surroundings = self.surroundings else { return }
        let ledger = surroundings.ledger
        surroundings.source.quiesce { ledger.submit(.install(snapshot)) }
    }

    private func administer(_ call: CallID, _ action: ClusterAction, now: Tick) {
        let views = self.replica.nodes(now)
        guard let change = AdministrationChange(action, views: views, self.replica.topology) else {
            self.refusals.append(
                Reply(call: call, result: .failed(Status.noSuccessor))
            )
            return
        }
        self.replica.administer(call, change, now: now)
    }
}
