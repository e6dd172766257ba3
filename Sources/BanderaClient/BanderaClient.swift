public import Flags
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// A connection to a Bandera cluster that keeps one environment's flags at hand.
///
/// ```swift
/// let client = try BanderaClient(configuration)
/// try await client.waitUntilReady(timeout: .seconds(5))
/// if client.isEnabled(FlagKey("crm_advanced_features"), context: context) { … }
/// ```
///
/// Every change of the environment is pushed to the client; evaluation is local and immediate. The
/// client connects to a node of its home region, to the nearest one otherwise, moves when a
/// connection breaks and goes home when home is back, without missing or repeating a change. When no
/// node can be reached it goes on with what it has, at start with its last-known-good file, and
/// evaluations say so (``EvaluationDetails/reason``). Nothing here blocks the calling thread.
///
/// Call ``shutdown()`` when done. A client that is forgotten without it closes its connection too.
public final class BanderaClient: Sendable {
    let published = PublishedRuleset()
    /// `nil` when nothing is counted.
    let recorder: UsageRecorder?
    /// What runs around every evaluation, in the configuration's order.
    public let hooks: [any EvaluationHook]
    private let contexts = Atomic<UInt64>(0)
    private let hasContext: Bool
    private let broadcast = FlagEventBroadcast()
    private let waiters: WaitList
    private let driver: NIOLoopBoundBox<ClientDriver>

    /// Checks the configuration, reads the certificates and starts connecting in the background.
    ///
    /// - Throws: ``BanderaError/Code/invalidConfiguration``, naming what cannot work. A cluster that
    ///   cannot be reached is no error here.
    public init(_ configuration: ClientConfiguration) throws(BanderaError) {
        let configuration = try configuration.validated()
        let dialer = try Dialer(
            credentials: configuration.credentials,
            cluster: configuration.cluster,
            region: configuration.region,
            connectTimeout: configuration.timing.connectTimeout
        )
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        self.waiters = WaitList(eventLoop: eventLoop)
        self.recorder = configuration.usage == .off ? nil : UsageRecorder()
        self.hooks = configuration.hooks
        self.hasContext = configuration.context != nil
        let outputs = ClientDriver.Outputs(
            published: self.published,
            broadcast: self.broadcast,
            waiters: self.waiters,
            recorder: self.recorder
        )
        self.driver = ClientDriver.start(
            configuration: configuration,
            dialer: dialer,
            outputs: outputs,
            on: eventLoop
        )
    }

    deinit {
        let driver = self.driver
        driver.eventLoop.execute { _ = driver.value.stop() }
        self.broadcast.finish()
        self.waiters.shutDown()
    }

    /// The events of the watch from now on.
    ///
    /// Each consumer has its own bounded buffer.
    public var changes: FlagEvents { FlagEvents(broadcast: self.broadcast) }

    /// Everything up to here is in the ruleset that evaluations use.
    ///
    /// Zero before there is one.
    public var revision: Revision { self.published.publication.revision }

    /// Whether evaluations have a ruleset, be it from the cluster or from the last-known-good file.
    public var isReady: Bool { self.published.publication.source != nil }

    /// How far the ruleset can be trusted to be the cluster's.
    public var freshness: Freshness { self.published.publication.freshness }

    /// How far the ruleset can be trusted; `nil` while there is none.
    public var currentFreshness: Freshness? {
        let publication = self.published.publication
        return publication.source == nil ? nil : publication.freshness
    }

    /// Waits for a ruleset from the cluster, and after `timeout` contents itself with the
    /// last-known-good file's.
    ///
    /// - Returns: how fresh the ruleset is.
    /// - Throws: ``BanderaError/Code/timedOut`` when there is none, ``BanderaError/Code/shutDown``.
    @discardableResult
    public func waitUntilReady(
        timeout: Duration = .seconds(10)
    ) async throws(BanderaError) -> Freshness {
        do throws(BanderaError) {
            try await self.waiters.wait(for: .live, timeout: timeout)
        } catch {
            guard error.code == .timedOut, self.isReady else { throw error }
        }
        return self.freshness
    }

    /// Waits until evaluations use a ruleset of at least `revision`, such as the one that a write
    /// returned.
    ///
    /// - Throws: ``BanderaError/Code/timedOut``, ``BanderaError/Code/shutDown``.
    public func waitForRevision(
        _ revision: Revision,
        timeout: Duration = .seconds(10)
    ) async throws(BanderaError) {
        try await self.waiters.wait(for: .revision(revision), timeout: timeout)
    }

    /// Becomes the client of another context: watches for it, and returns when its values are in use.
    ///
    /// Until then evaluations answer with the values of the context before, marked `STALE`; after an
    /// error too, and the client goes on trying.
    ///
    /// - Throws: ``BanderaError/Code/invalidConfiguration`` when the client was made without a
    ///   ``ClientConfiguration/context``; ``BanderaError/Code/timedOut``,
    ///   ``BanderaError/Code/shutDown``.
    public func setContext(
        _ context: EvaluationContext,
        timeout: Duration = .seconds(10)
    ) async throws(BanderaError) {
        guard self.hasContext else {
            throw BanderaError(
                .invalidConfiguration,
                "the client evaluates rules for any context: give it a context when it is made"
            )
        }
        let number = self.contexts.add(1, ordering: .relaxed).newValue
        let driver = self.driver
        driver.eventLoop.execute { driver.value.setContext(context, number: number) }
        try await self.waiters.wait(for: .context(number), timeout: timeout)
    }

    /// Reports what was counted, closes the connection, writes the last-known-good file if it is due, and ends ``changes``.
    ///
    /// Evaluation goes on with the last ruleset. Calling it again does nothing.
    public func shutdown() async {
        self.broadcast.finish()
        self.waiters.shutDown()
        let driver = self.driver
        // Stopping cannot fail: it only waits for a write that is under way.
        try? await driver.eventLoop.flatSubmit { driver.value.stop() }.get()
    }
}
