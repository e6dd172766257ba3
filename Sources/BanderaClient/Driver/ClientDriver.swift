internal import Flags
internal import NIOCore
internal import Transport

/// Performs what ``ConnectionPlan``, ``WatchReceiver`` and ``AcknowledgementPlan`` decide.
///
/// Lives on one event loop and is only used there. It keeps itself alive by its connection and timers
/// until ``stop()``.
final class ClientDriver {
    /// Where the results go; each may be read from any thread.
    struct Outputs: Sendable {
        let published: PublishedRuleset
        let broadcast: FlagEventBroadcast
        let waiters: WaitList
        /// `nil` when nothing is counted.
        let recorder: UsageRecorder?
    }

    /// The watch that is listened to: events of any other are passed over.
    struct Watch {
        /// Tells it from the one before, which may be on the same connection.
        let number: UInt64
        let address: String
        let connection: TransportConnection
        var call: ClientCall?
        /// Messages that were taken and not yet given back as credit.
        var uncredited: UInt32 = 0
    }

    let configuration: ClientConfiguration
    let outputs: Outputs
    let dialer: Dialer
    let eventLoop: any EventLoop
    var plan: ConnectionPlan
    var receiver: WatchReceiver
    var acknowledgements: AcknowledgementPlan
    var generator = SystemRandomNumberGenerator()
    var watch: Watch?
    /// Open connections by address: the current one, and those that are about to be replaced.
    var connections: [String: TransportConnection] = [:]
    var timers = Timers()
    /// Events to tell once the ruleset that they lead to is published.
    var untold: [FlagEvent] = []
    var isPublishing = false
    var freshness = Freshness.cached
    /// The freshness that consumers were last told; `nil` while there is nothing to evaluate with.
    var toldFreshness: Freshness?
    /// What the last-known-good file has, or what there was for another context, until the cluster's
    /// arrives.
    var loaded: FlagSource?
    /// How many watches were opened.
    var watches: UInt64 = 0
    /// Which of the contexts that were set the receiver is for; 0 is the configuration's.
    var contextNumber: UInt64 = 0
    var outbox: UsageOutbox
    /// Completes when the last report is over.
    var usageReported: EventLoopPromise<Void>?
    /// Set once the driver is to stop; completes when it has.
    var stopping: EventLoopFuture<Void>?
    var isStopped = false
    /// Whether it was said that nodes refuse what was counted, since they last took something in.
    var isRefusalTold = false
    /// Completes when the file write that is under way is over.
    var saving: EventLoopFuture<Void>

    /// Pending timers; each is replaced when it is set again.
    struct Timers {
        var plan: Scheduled<Void>?
        var acknowledgement: Scheduled<Void>?
        var topology: Scheduled<Void>?
        var stale: Scheduled<Void>?
        var save: Scheduled<Void>?
        var usage: Scheduled<Void>?

        func cancel() {
            let timers = [
                self.plan, self.acknowledgement, self.topology, self.stale, self.save, self.usage,
            ]
            for timer in timers { timer?.cancel() }
        }
    }

    private init(
        configuration: ClientConfiguration,
        dialer: Dialer,
        outputs: Outputs,
        on eventLoop: any EventLoop
    ) {
        self.configuration = configuration
        self.dialer = dialer
        self.outputs = outputs
        self.eventLoop = eventLoop
        let settings = ConnectionPlan.Settings(
            region: configuration.region,
            timing: configuration.timing
        )
        self.plan = ConnectionPlan(endpoints: configuration.endpoints, settings: settings)
        self.receiver = WatchReceiver(
            environment: configuration.environment,
            context: configuration.context
        )
        self.outbox = UsageOutbox(environment: configuration.environment, start: WallClock.now)
        self.acknowledgements = AcknowledgementPlan(
            delay: configuration.timing.acknowledgementDelay.wholeMilliseconds
        )
        self.saving = eventLoop.makeSucceededVoidFuture()
    }

    /// Makes a driver that begins on `eventLoop` at its next turn.
    static func start(
        configuration: ClientConfiguration,
        dialer: Dialer,
        outputs: Outputs,
        on eventLoop: any EventLoop
    ) -> NIOLoopBoundBox<ClientDriver> {
        let driver = ClientDriver(
            configuration: configuration,
            dialer: dialer,
            outputs: outputs,
            on: eventLoop
        )
        let box = NIOLoopBoundBox.makeBoxSendingValue(driver, eventLoop: eventLoop)
        eventLoop.execute {
            box.value.load()
            box.value.disconnected()
            box.value.reportUsageLater()
            box.value.advance()
        }
        return box
    }

    /// Reports what was counted, then stops everything.
    ///
    /// The future completes when the last-known-good file is up to date.
    func stop() -> EventLoopFuture<Void> {
        if let stopping = self.stopping { return stopping }
        let stopping = self.reportLastUsage().assumeIsolated().flatMap { self.finish() }
            .nonisolated()
        self.stopping = stopping
        return stopping
    }

    private func finish() -> EventLoopFuture<Void> {
        self.publish()
        self.abandonUsage()
        let isSaveDue = self.timers.save != nil
        self.isStopped = true
        self.timers.cancel()
        if isSaveDue { self.save() }
        self.plan.stop()
        self.advance()
        self.watch = nil
        for connection in self.connections.values { connection.close() }
        self.connections = [:]
        return self.saving
    }

    /// Does what the plan says until it says to wait.
    func advance() {
        self.timers.plan?.cancel()
        self.timers.plan = nil
        while true {
            switch self.plan.next(.now, using: &self.generator) {
            case .wait(let moment):
                if let moment, !self.isStopped {
                    self.timers.plan = self.schedule(at: moment) { $0.advance() }
                }
                return
            case .dial(let endpoint): self.dial(endpoint)
            case .probe(let endpoint): self.probe(endpoint)
            case .close(let endpoint): self.connections[endpoint.address]?.close()
            }
        }
    }

    /// Runs `body` on the loop at `moment`.
    func schedule(
        at moment: Moment,
        _ body: @escaping (ClientDriver) -> Void
    ) -> Scheduled<Void> {
        let delay = TimeAmount.milliseconds(max(0, moment - .now))
        return self.eventLoop.assumeIsolated().scheduleTask(in: delay) { body(self) }
    }
}
