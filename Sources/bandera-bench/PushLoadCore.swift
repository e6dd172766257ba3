internal import ClientProtocol
internal import Flags
internal import NIOCore
internal import Transport
internal import Wire

/// The event-loop side of ``PushLoad``.
///
/// The node writes the same bytes to every subscriber, so only the first copy of a message is
/// decoded and the others are compared with it: every delivery is checked and none costs much.
final class PushLoadCore {
    /// One subscription and how far it has come.
    private final class Subscriber {
        let connection: TransportConnection
        var call: ClientCall?
        var isReady = false
        /// How many changes have come.
        var received = 0
        var acknowledged = Revision.zero

        init(connection: TransportConnection) { self.connection = connection }
    }

    private enum Phase {
        case idle
        case subscribing(EventLoopPromise<Void>)
        case pushing(EventLoopPromise<PushOutcome>)
    }

    private let plan: PushPlan
    private let writer: TransportConnection
    private let eventLoop: any EventLoop
    private var subscribers: [Subscriber] = []
    private var phase = Phase.idle
    private var outcome = PushOutcome()
    private var unready = 0
    /// The changes that were begun.
    private var begun = 0
    private var startedAt: UInt64 = 0
    private var undelivered = 0
    private var isWriting = false
    /// The message of the change that is being pushed, and its revision.
    private var reference: ByteBuffer?
    private var revision = Revision.zero
    private var acknowledgement: [UInt8] = []
    private var nextToAcknowledge = 0
    private var lastProgress: [Int] = []
    private var secondsWithoutProgress: Int64 = 0
    private var timers: [RepeatedTask] = []

    init(_ plan: PushPlan, writer: TransportConnection, eventLoop: any EventLoop) {
        self.plan = plan
        self.writer = writer
        self.eventLoop = eventLoop
    }

    // MARK: - Subscribing

    func subscribe(_ connections: [TransportConnection]) -> EventLoopFuture<Void> {
        let promise = self.eventLoop.makePromise(of: Void.self)
        self.phase = .subscribing(promise)
        self.subscribers = connections.map(Subscriber.init(connection:))
        self.unready = connections.count
        let body = WatchRequest(
            environment: self.plan.environment,
            from: self.plan.basis ?? .zero,
            hasBasis: self.plan.basis != nil
        ).encode()
        for subscriber in self.subscribers {
            subscriber.call = subscriber.connection.openStream(
                ClientMethod.watch.rawValue,
                body: body,
                credit: UInt32(self.plan.changes) + 1_000,
                events: ClientCallEvents(
                    message: { (_, message) in self.received(message, by: subscriber) },
                    ended: { (_, status, _) in self.fail("a watch ended: \(status)") }
                )
            )
        }
        self.watchForStall()
        return promise.futureResult
    }

    private func received(_ message: ByteBuffer, by subscriber: Subscriber) {
        if let reference = self.reference, reference == message {
            return self.delivered(to: subscriber)
        }
        do throws(WireError) {
            switch try WatchEvent.decode(Array(message.readableBytesView)) {
            case .snapshot(let part):
                if part.isLast { self.snapshotComplete(subscriber) }
            case .changes(let changes):
                if case .subscribing = self.phase { return self.snapshotComplete(subscriber) }
                if changes.coalesced { self.outcome.coalesced += 1 }
                if changes.revision > self.revision {
                    self.revision = changes.revision
                    self.reference = message
                    self.outcome.messageBytes = message.readableBytes
                    self.acknowledgement = WatchAcknowledgement(revision: self.revision).encode()
                }
                self.delivered(to: subscriber)
            case .bookmark:
                self.snapshotComplete(subscriber)
            case .values: break
            case .resync(let reason):
                self.fail("a subscriber was told to start again: \(reason)")
            }
        } catch {
            self.fail("an event cannot be read: \(error.message)")
        }
    }

    private func snapshotComplete(_ subscriber: Subscriber) {
        guard !subscriber.isReady else { return }
        subscriber.isReady = true
        self.unready -= 1
        guard self.unready == 0, case .subscribing(let promise) = self.phase else { return }
        self.phase = .idle
        promise.succeed()
    }

    // MARK: - Pushing

    func run() -> EventLoopFuture<PushOutcome> {
        let promise = self.eventLoop.makePromise(of: PushOutcome.self)
        self.phase = .pushing(promise)
        self.startAcknowledging()
        self.pushNext()
        return promise.futureResult
    }

    private func pushNext() {
        guard case .pushing(let promise) = self.phase else { return }
        guard self.begun < self.plan.changes else {
            self.phase = .idle
            return promise.succeed(self.outcome)
        }
        self.begun += 1
        self.undelivered = self.subscribers.count
        self.isWriting = true
        var patch = FlagPatch()
        patch.variations = LoadTenant.variations(
            LoadTenant.value(UInt64(self.begun), bytes: 32)
        )
        let request = WriteRequest(
            command: .updateFlag(self.plan.environment, self.plan.key, patch)
        )
        self.startedAt = BenchProcess.nanoseconds()
        _ = self.writer.unary(
            ClientMethod.write.rawValue,
            body: request.encode(),
            timeout: .milliseconds(BenchLimits.attemptMilliseconds)
        ) { result in
            if case .failure(let status) = result {
                return self.fail("a change failed: \(status)")
            }
            self.outcome.writes.record(nanoseconds: BenchProcess.nanoseconds() - self.startedAt)
            self.isWriting = false
            self.finishChange()
        }
    }

    private func delivered(to subscriber: Subscriber) {
        subscriber.received += 1
        if self.plan.acknowledgesEach { _ = subscriber.call?.send(self.acknowledgement) }
        guard subscriber.received == self.begun else {
            return self.fail(
                "a subscriber has had \(subscriber.received) changes of \(self.begun): "
                    + "one came twice or was missed"
            )
        }
        let time = BenchProcess.nanoseconds() - self.startedAt
        self.outcome.deliveries.record(nanoseconds: time)
        self.undelivered -= 1
        if self.undelivered == 0 {
            self.outcome.lastSubscriber.record(nanoseconds: time)
            if self.plan.acknowledgesEach {
                let time = BenchProcess.nanoseconds() - self.startedAt
                self.outcome.acknowledged.record(nanoseconds: time)
            }
            self.finishChange()
        }
    }

    private func finishChange() {
        guard self.undelivered == 0, !self.isWriting else { return }
        let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
        self.eventLoop.scheduleTask(in: .milliseconds(self.plan.intervalMilliseconds)) {
            bound.value.pushNext()
        }
    }

    // MARK: - Acknowledging

    /// Every subscriber acknowledges once per period, spread over it as independent clients are.
    private func startAcknowledging() {
        guard self.plan.acknowledgeMilliseconds > 0, !self.subscribers.isEmpty else { return }
        let steps = max(1, min(100, self.plan.acknowledgeMilliseconds / 10))
        let interval = TimeAmount.milliseconds(self.plan.acknowledgeMilliseconds / steps)
        let portion = (self.subscribers.count + Int(steps) - 1) / Int(steps)
        let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
        let timer = self.eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) {
            _ in bound.value.acknowledge(portion)
        }
        self.timers.append(timer)
    }

    private func acknowledge(_ count: Int) {
        for _ in 0..<min(count, self.subscribers.count) {
            let subscriber = self.subscribers[self.nextToAcknowledge]
            self.nextToAcknowledge = (self.nextToAcknowledge + 1) % self.subscribers.count
            let hasAll = subscriber.received == self.begun
            guard hasAll, subscriber.acknowledged < self.revision else { continue }
            if subscriber.call?.send(self.acknowledgement) == true {
                subscriber.acknowledged = self.revision
            }
        }
    }

    // MARK: - The end

    private func watchForStall() {
        let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
        let second = TimeAmount.seconds(1)
        let timer = self.eventLoop.scheduleRepeatedTask(
            initialDelay: second,
            delay: second
        ) { _ in
            bound.value.checkProgress()
        }
        self.timers.append(timer)
    }

    private func checkProgress() {
        let progress = [self.unready, self.begun, self.undelivered]
        self.secondsWithoutProgress =
            progress == self.lastProgress ? self.secondsWithoutProgress + 1 : 0
        self.lastProgress = progress
        guard self.secondsWithoutProgress >= BenchLimits.stallSeconds else { return }
        self.fail(
            "nothing came for \(BenchLimits.stallSeconds) s: \(self.unready) snapshots and "
                + "\(self.undelivered) deliveries are missing"
        )
    }

    private func fail(_ message: String) {
        let error = BenchError(message)
        switch self.phase {
        case .idle: break
        case .subscribing(let promise): promise.fail(error)
        case .pushing(let promise): promise.fail(error)
        }
        self.phase = .idle
    }

    func close() {
        self.phase = .idle
        for timer in self.timers { timer.cancel() }
        for subscriber in self.subscribers { subscriber.connection.close() }
        self.writer.close()
    }
}

@available(*, unavailable)
extension PushLoadCore: Sendable {}
