internal import ClientProtocol
internal import FlagStore
internal import Flags
internal import Logging
internal import NIOCore
internal import PeerProtocol
internal import Raft
internal import Replica
internal import Transport
internal import Wire

/// Serves the client port on one event loop: it owns its connections and watches, answers reads
/// from the state last published to it, and hands writes to the consensus loop in batches.
final class ClientLoop: TransportService {
    /// What all client loops of a node share.
    struct Surroundings: Sendable {
        let cluster: String
        let local: Member
        let incarnation: UInt64
        let access: AccessPolicy
        let ledger: LedgerThread
        let usage: UsageDesk
        let watches: WatchCounts
        let startedAt: NIODeadline
        /// Hands requests to the consensus loop.
        let ask: @Sendable ([ConsensusRequest]) -> Void
        let logger: Logger
    }

    /// A read that waits until this node has applied a revision.
    struct RevisionWaiter {
        let call: ServerCall
        let revision: Revision
        let proceed: () -> Void
    }

    let eventLoop: any EventLoop
    let surroundings: Surroundings
    let index: Int
    private var nextCall: UInt64 = 0
    private var gathered: [ConsensusRequest] = []
    private var isFlushScheduled = false
    /// Calls that the consensus loop is to answer.
    private var asked: [CallID: Asked] = [:]
    private var revisionWaiters: [RevisionWaiter] = []
    var hub: WatchHub
    var sink = WatchConnections()
    private var tasks: [RepeatedTask] = []
    /// Holds of the record store that a digest has not ended yet, oldest first.
    var recordHolds: [UInt64] = []
    /// Completes when what was counted is replicated, or cannot be.
    var lastUsage: EventLoopPromise<Void>?
    private var isWatching = false
    private var isFanOutScheduled = false
    /// Where the consensus loop leaves its news.
    ///
    /// Set once, before the first connection.
    private var port: ClientPort?

    /// What a call waits for.
    enum Asked {
        case write(ServerCall, DeniedAttempt)
        case routed(ServerCall, EvaluateRequest)
        case status(ServerCall)
        case topology(ServerCall)
        case administer(ServerCall)
        case overview(ServerCall, OverviewRequest)
        /// What the node itself writes of what it counted.
        case usage
        /// A linearizable read, and how it goes on with the revision that it must see.
        case read(ServerCall, (Revision) -> Void)

        /// `nil` when nobody called.
        var call: ServerCall? {
            switch self {
            case .write(let call, _), .routed(let call, _), .status(let call),
                .topology(let call), .administer(let call), .overview(let call, _),
                .read(let call, _):
                call
            case .usage: nil
            }
        }
    }

    /// The reference by which a cancelled call is found again.
    final class Ticket {
        let id: CallID

        init(_ id: CallID) { self.id = id }
    }

    init(index: Int, eventLoop: any EventLoop, store: FlagStore, surroundings: Surroundings) {
        self.index = index
        self.eventLoop = eventLoop
        self.surroundings = surroundings
        self.hub = WatchHub(store: store)
    }

    /// The wall clock.
    static var wallTime: Timestamp { Timestamp(milliseconds: WallClock.milliseconds()) }

    /// What this node has applied, as far as this loop was told.
    var store: FlagStore { self.hub.store }

    /// Begins to tell quiet watches how far the log has got.
    func start() -> ClientPort {
        let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
        let port = ClientPort(eventLoop: self.eventLoop) { bound.value.collect() }
        self.port = port
        self.repeats(every: NodeLimits.bookmarkInterval) { loop in
            loop.collect()
            loop.hub.now = Self.wallTime
            loop.endForbiddenWatches()
            loop.hub.bookmark(to: &loop.sink)
        }
        self.repeats(every: NodeLimits.deliveryInterval) { loop in
            loop.reportDeliveries()
            if loop.index == 0, loop.surroundings.usage.isPressing { loop.postUsage() }
        }
        // The nodes of a cluster that was started at once report at different times.
        let jitter = Int64.random(in: 0..<NodeLimits.usageInterval.nanoseconds)
        if self.index == 0 {
            self.repeats(every: NodeLimits.usageInterval, first: .nanoseconds(jitter)) {
                $0.postUsage()
            }
            self.repeats(every: NodeLimits.usageBehindInterval) { loop in
                if loop.surroundings.usage.isBehind { loop.postUsage() }
            }
        }
        return port
    }

    private func repeats(
        every interval: TimeAmount,
        first: TimeAmount? = nil,
        _ act: @escaping (ClientLoop) -> Void
    ) {
        let bound = NIOLoopBound((loop: self, act: act), eventLoop: self.eventLoop)
        let task = self.eventLoop.scheduleRepeatedTask(
            initialDelay: first ?? interval,
            delay: interval
        ) { _ in bound.value.act(bound.value.loop) }
        self.tasks.append(task)
    }

    func stop() { for task in self.tasks { task.cancel() } }

    // MARK: Asking the consensus loop

    /// Remembers the call and hands the request over at the end of this turn.
    func ask(_ asked: Asked, _ request: (CallID) -> ConsensusRequest) {
        self.nextCall += 1
        let id = CallID(loop: self.index, number: self.nextCall)
        self.asked[id] = asked
        asked.call?.userState = Ticket(id)
        self.gather(request(id))
    }

    private func gather(_ request: ConsensusRequest) {
        self.gathered.append(request)
        guard !self.isFlushScheduled else { return }
        self.isFlushScheduled = true
        let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
        self.eventLoop.execute {
            let loop = bound.value
            loop.isFlushScheduled = false
            let requests = loop.gathered
            loop.gathered.removeAll(keepingCapacity: true)
            loop.surroundings.ask(requests)
        }
    }

    /// Takes the news of the consensus loop, if there are any.
    func collect() {
        guard let delivery = self.port?.collect(), !delivery.isEmpty else { return }
        if let publication = delivery.publication {
            self.hub.now = Self.wallTime
            self.hub.adopt(publication)
            if publication.changes.contains(where: \.isUrgent) {
                self.hub.sendAdopted(to: &self.sink)
            } else {
                self.sendAdoptedLater()
            }
            self.resumeRevisionWaiters()
        }
        for reply in delivery.replies { self.finish(reply, leader: delivery.leader) }
        for view in delivery.views { self.finish(view) }
        self.updateWatching()
    }

    /// Lets the answers of this turn go out before the fan-out, which may take long.
    private func sendAdoptedLater() {
        guard self.hub.count > 0 else {
            self.hub.sendAdopted(to: &self.sink)
            return
        }
        guard !self.isFanOutScheduled else { return }
        self.isFanOutScheduled = true
        let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
        // In the turn after next: the answers are flushed at the end of the next one.
        self.eventLoop.execute {
            bound.value.eventLoop.execute {
                let loop = bound.value
                loop.isFanOutScheduled = false
                loop.hub.sendAdopted(to: &loop.sink)
            }
        }
    }

    /// Asks to be woken for publications exactly while somebody here waits for them.
    func updateWatching() {
        let isWatching = self.hub.count > 0 || !self.revisionWaiters.isEmpty
        guard isWatching != self.isWatching else { return }
        self.isWatching = isWatching
        self.port?.setWatching(isWatching)
        if isWatching { self.collect() }
    }

    private func finish(_ reply: Reply, leader: NodeID?) {
        guard let asked = self.asked.removeValue(forKey: reply.call) else { return }
        asked.call?.userState = nil
        switch (asked, reply.result) {
        case (.usage, _):
            self.surroundings.usage.answered(reply.result)
            self.continueLastUsage(after: reply.result)
        case (.write(let call, _), .judged(.done(let revision))):
            call.answer(WriteResponse(revision: revision))
        case (.write(let call, let attempt), .judged(.refused(let refusal))):
            if refusal.code == .permissionDenied { self.surroundings.usage.denied(attempt) }
            call.end(Status(refusal))
        case (.routed(let call, _), .routed(let body)):
            call.end(.ok, body: body)
        case (.routed(let call, let request), .routeUnavailable):
            self.evaluateHere(request, for: call)
        case (.read(_, let proceed), .readable(let revision)):
            proceed(revision)
        case (.administer(let call), .administered(let revision)):
            call.answer(AdministerResponse(revision: revision, leader: leader?.rawValue))
        case (_, .failed(let status)):
            asked.call?.end(status)
        default:
            preconditionFailure("call \(reply.call) was answered with something else")
        }
    }

    private func finish(_ view: ClusterView) {
        guard let asked = self.asked.removeValue(forKey: view.call) else { return }
        switch asked {
        case .status(let call): call.answer(self.status(view.nodes, view.log))
        case .topology(let call): call.answer(self.topology(view.nodes))
        case .overview(let call, let request):
            call.answer(self.overview(request, nodes: view.nodes))
        case .write, .routed, .administer, .read, .usage:
            preconditionFailure("call \(view.call) was answered with something else")
        }
    }

    // MARK: Waiting for a revision

    /// Runs `proceed` once this node has applied `revision`; at once if it has.
    func whenApplied(_ revision: Revision, for call: ServerCall, _ proceed: @escaping () -> Void) {
        guard revision > self.store.applied else {
            proceed()
            return
        }
        guard self.revisionWaiters.count < NodeLimits.revisionWaitersMax else {
            call.end(
                Status(
                    code: .resourceExhausted,
                    message: "too many reads wait for a revision this node has not applied yet"
                )
            )
            return
        }
        self.revisionWaiters.append(
            RevisionWaiter(call: call, revision: revision, proceed: proceed)
        )
        self.updateWatching()
    }

    private func resumeRevisionWaiters() {
        guard !self.revisionWaiters.isEmpty else { return }
        let waiters = self.revisionWaiters
        self.revisionWaiters = waiters.filter { $0.revision > self.store.applied }
        for waiter in waiters where waiter.revision <= self.store.applied && waiter.call.isOpen {
            waiter.proceed()
        }
    }

    // MARK: TransportService

    func received(call: ServerCall, request: Request) {
        self.collect()
        self.dispatch(call, request)
    }

    func received(call: ServerCall, message: ByteBuffer) {
        guard let watch = call.userState as? WatchConnections.Watch else { return }
        self.acknowledged(watch, message)
    }

    func cancelled(_ call: ServerCall) {
        if let watch = call.userState as? WatchConnections.Watch {
            self.endWatch(watch)
        } else if let ticket = call.userState as? Ticket {
            if self.asked.removeValue(forKey: ticket.id) != nil {
                self.gather(.abandon(ticket.id))
            }
        } else if let ticket = call.userState as? RecordTicket {
            ticket.leave()
        } else {
            self.revisionWaiters.removeAll { $0.call === call }
            self.updateWatching()
        }
    }

    func creditAvailable(_ call: ServerCall) { self.resumeWatch(of: call) }

    func writabilityChanged(_ connection: ServerConnection) {
        guard connection.isWritable else { return }
        self.resumeWatches(of: connection)
    }

    func drainStarted(_ connection: ServerConnection) { self.endWatches(of: connection) }
}

@available(*, unavailable)
extension ClientLoop: Sendable {}

extension Status {
    /// How a command that the state machine refused is told to its caller.
    init(_ refusal: Refusal) {
        let code: StatusCode =
            switch refusal.code {
            case .notFound: .notFound
            case .alreadyExists: .alreadyExists
            case .invalid: .invalidArgument
            case .sessionExpired, .sequenceTooOld, .illegalTransition: .failedPrecondition
            case .limitExceeded, .quotaExceeded: .resourceExhausted
            case .permissionDenied: .permissionDenied
            case .stale: .aborted
            }
        self.init(
            code: code,
            message: refusal.message,
            detail: ErrorDetail(
                reason: refusal.code.rawValue,
                retryAfterMilliseconds: refusal.retryAfterMilliseconds
            )
        )
    }
}
