internal import ClientProtocol
internal import Flags
internal import Logging
internal import NIOCore
internal import PeerProtocol
internal import Raft
internal import Replica
internal import Transport

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
        /// Copies the record store for others.
        let source: SnapshotSource
        /// Receives a copy from another.
        let sink: SnapshotSink
        let clients: [ClientPort]
        /// A link to a member; `nil` when its address is none.
        let makeLink: (Member) -> PeerLink?
        /// Called once when the node can not go on.
        let fail: @Sendable (NodeError) -> Void
    }

    let eventLoop: any EventLoop
    var replica: Replica
    let logger: Logger
    var surroundings: Surroundings?
    /// The connections that this node opens, to all other members.
    var links: [NodeID: PeerLink] = [:]
    /// The calls that other nodes opened: the way back to one that is not among the members.
    var callers: [NodeID: ServerCall] = [:]
    var isTurnScheduled = false
    var timer: Scheduled<Void>?
    var timerDue = Tick.never
    var views: [CallID] = []
    /// What was written to the log since the start.
    var logWork = LogWork()
    /// Answers that need no decision of the replica.
    var refusals: [Reply] = []
    /// What waits for room on a full disk: the log, the record store.
    private var full: Set<String> = []
    private var retrying: Set<String> = []
    /// Applied and not yet given to the record store, and the revision they lead up to.
    var records: [AppliedRecord] = []
    var recordsThrough: Revision?
    var isRecordLotScheduled = false
    /// Whoever waits for this node to be ready to stop.
    var stopping: EventLoopPromise<StopOutcome>?

    init(eventLoop: any EventLoop, replica: Replica, logger: Logger) {
        self.eventLoop = eventLoop
        self.replica = replica
        self.logger = logger
    }

    func start(_ surroundings: Surroundings) {
        precondition(self.surroundings == nil, "the consensus loop was started twice")
        self.surroundings = surroundings
        self.scheduleTurn()
    }

    func stop() {
        self.timer?.cancel()
        self.timer = nil
        for link in self.links.values { link.stop() }
        self.links = [:]
        self.submitRecords()
        self.surroundings = nil
        self.stopping?.succeed(.ready)
        self.stopping = nil
    }

    /// Hands leadership over, if this node has it; the future always succeeds, before long.
    func prepareToStop() -> EventLoopFuture<StopOutcome> {
        let promise = self.stopping ?? self.eventLoop.makePromise(of: StopOutcome.self)
        guard self.surroundings != nil else {
            promise.succeed(.ready)
            return promise.futureResult
        }
        if self.stopping == nil {
            self.stopping = promise
            self.replica.prepareToStop(now: Self.now)
            let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
            let wait =
                TimeAmount.milliseconds(Int64(ReplicaLimits.stopMillisecondsMax))
                + NodeLimits.stopReserve
            self.eventLoop.scheduleTask(in: wait) {
                bound.value.stopped(.impossible("it took too long"))
            }
            self.scheduleTurn()
        }
        return promise.futureResult
    }

    func stopped(_ outcome: StopOutcome) {
        self.stopping?.succeed(outcome)
        self.stopping = nil
    }

    /// Ends at once: nothing more is acknowledged, and nobody is told that this node still lives.
    func fail(_ error: NodeError) {
        guard let surroundings = self.surroundings else { return }
        self.records = []
        self.recordsThrough = nil
        self.stop()
        surroundings.fail(error)
    }

    /// The monotonic clock, as the replica counts it.
    static var now: Tick { Tick(NIODeadline.now().uptimeNanoseconds / 1_000_000) }

    /// The wall clock.
    static var wallTime: Timestamp { Timestamp(milliseconds: WallClock.milliseconds()) }
}

// MARK: - A full disk

extension ConsensusLoop {
    func reportDiskFull(
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

    func reportRoom(for store: String) {
        guard self.full.remove(store) != nil else { return }
        self.logger.notice("the disk has room again", metadata: ["store": "\(store)"])
    }
}

@available(*, unavailable)
extension ConsensusLoop: Sendable {}
