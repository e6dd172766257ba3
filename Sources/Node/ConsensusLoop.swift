internal import Flags
internal import Logging
internal import NIOCore
internal import PeerProtocol
internal import Raft
internal import Replica
internal import Wire

/// Performs what a `Replica` decides: on the log thread, the record store's thread, the links to
/// the peers and the client loops.
///
/// MUST only be used on its event loop.
///
/// Everything that happens in one tick of the event loop is put into the replica first and
/// performed once, so that entries, messages and answers travel in batches.
final class ConsensusLoop {
    /// What it drives.
    ///
    /// Set once, before the first turn.
    struct Surroundings {
        let log: LogThread
        let ledger: LedgerThread
        let clients: [ClientPort]
        /// Called once when the node can not go on.
        let fail: @Sendable (NodeError) -> Void
    }

    let eventLoop: any EventLoop
    private(set) var replica: Replica
    private let logger: Logger
    private var surroundings: Surroundings?
    private var links: [PeerLink] = []
    private var isTurnScheduled = false
    private var timer: Scheduled<Void>?
    private var timerDue = Tick.never
    private var views: [CallID] = []
    private var refused: [CallID] = []
    /// What waits for room on a full disk: the log, the record store.
    private var full: Set<String> = []
    private var retrying: Set<String> = []
    /// Applied and not yet given to the record store, and the revision they lead up to.
    private var records: [AppliedRecord] = []
    private var recordsThrough: Revision?
    private var isRecordLotScheduled = false

    init(eventLoop: any EventLoop, replica: Replica, logger: Logger) {
        self.eventLoop = eventLoop
        self.replica = replica
        self.logger = logger
    }

    func start(_ surroundings: Surroundings, links: [PeerLink]) {
        precondition(self.surroundings == nil, "the consensus loop was started twice")
        self.surroundings = surroundings
        self.links = links
        for link in links { link.start() }
        self.scheduleTurn()
    }

    func stop() {
        self.timer?.cancel()
        self.timer = nil
        for link in self.links { link.stop() }
        self.submitRecords()
        self.surroundings = nil
    }

    /// The monotonic clock, as the replica counts it.
    static var now: Tick { Tick(NIODeadline.now().uptimeNanoseconds / 1_000_000) }

    /// The wall clock.
    static var wallTime: Timestamp { Timestamp(milliseconds: WallClock.milliseconds()) }
}

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
            case .read(let call), .administer(let call, _): self.refused.append(call)
            }
        }
        self.scheduleTurn()
    }

    func received(_ batch: PeerBatch, from peer: NodeID) {
        self.replica.receive(batch, from: peer, now: Self.now, wallTime: Self.wallTime)
        if let probe = batch.probe {
            var echo = PeerBatch()
            echo.echo = probe
            self.link(to: peer)?.send(echo)
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
    func reached(_ peer: NodeID) { self.link(to: peer)?.dialSoon() }

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
        case .persisted(let tokens):
            self.reportRoom(for: "log")
            for token in tokens { self.replica.persisted(token, now: Self.now) }
        case .fetched(let request, let entries):
            self.replica.fetched(request, entries: entries, now: Self.now)
        case .diskFull(let description):
            self.reportDiskFull("log", description) { $0.log.submit(.retry) }
        case .failed(let description):
            self.surroundings?.fail(NodeError(.storage, description))
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
        case .failed(let description):
            self.surroundings?.fail(NodeError(.ledger, description))
        }
        self.scheduleTurn()
    }

    private func reportDiskFull(
        _ store: String,
        _ description: String,
        retry: @escaping @Sendable (Surroundings) -> Void
    ) {
        if self.full.insert(store).inserted {
            self.logger.error(
                "the disk is full: this node acknowledges nothing until there is room; free some",
                metadata: ["store": "\(store)", "error": "\(description)"]
            )
        }
        // One retry at a time: work that arrives meanwhile fails too and must not start its own.
        guard self.retrying.insert(store).inserted else { return }
        let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
        self.eventLoop.scheduleTask(in: NodeLimits.diskFullRetryInterval) {
            bound.value.retrying.remove(store)
            if let surroundings = bound.value.surroundings { retry(surroundings) }
        }
    }

    private func reportRoom(for store: String) {
        guard self.full.remove(store) != nil else { return }
        self.logger.notice("the disk has room again", metadata: ["store": "\(store)"])
    }

    private func link(to peer: NodeID) -> PeerLink? { self.links.first { $0.peer == peer } }
}

// MARK: - What is done about it

extension ConsensusLoop {
    private func scheduleTurn() {
        guard !self.isTurnScheduled else { return }
        self.isTurnScheduled = true
        let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
        self.eventLoop.execute { bound.value.takeTurn() }
    }

    private func takeTurn() {
        self.isTurnScheduled = false
        guard let surroundings = self.surroundings else { return }
        let now = Self.now
        if now >= self.replica.nextDeadline { self.replica.tick(now) }
        let turn = self.replica.turn(now)
        for batch in turn.persists { surroundings.log.submit(.persist(batch)) }
        for fetch in turn.fetches { surroundings.log.submit(.fetch(fetch)) }
        for send in turn.sends { self.link(to: send.to)?.send(send.batch) }
        self.deliver(turn, to: surroundings.clients, now: now)
        self.gatherRecords(turn, for: surroundings.ledger)
        self.armTimer(now)
    }

    private func deliver(_ turn: Turn, to clients: [ClientPort], now: Tick) {
        var deliveries = clients.map { _ in ClientDelivery(publication: turn.publication) }
        for reply in turn.replies where clients.indices.contains(reply.call.loop) {
            deliveries[reply.call.loop].replies.append(reply)
        }
        let status = Status(code: .unimplemented, message: "this node cannot do that yet")
        for call in self.refused where clients.indices.contains(call.loop) {
            deliveries[call.loop].replies.append(Reply(call: call, result: .failed(status)))
        }
        self.refused.removeAll()
        if !self.views.isEmpty {
            let nodes = self.replica.nodes(now)
            for call in self.views where clients.indices.contains(call.loop) {
                deliveries[call.loop].views.append(ClusterView(call: call, nodes: nodes))
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

    private func submitRecords() {
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

@available(*, unavailable)
extension ConsensusLoop: Sendable {}
