internal import BanderaClient
internal import ClientProtocol
internal import Flags
internal import NIOCore
internal import Transport
internal import Wire

/// The event-loop side of ``FailoverLoad``.
final class FailoverCore {
    /// How long one attempt of a write may take, as in `etcd_failover.py`.
    private static let attemptMilliseconds: Int64 = 500

    /// A client with one write in flight, which it repeats until it is acknowledged.
    private final class Writer {
        let session: Revision
        /// A probe writes once after a loss; the others write all the time.
        let isProbe: Bool
        var link: Int
        var sequence: UInt64 = 0
        var number: UInt64 = 0
        var startedAt: UInt64 = 0
        var isBusy = false

        init(session: Revision, isProbe: Bool, link: Int) {
            self.session = session
            self.isProbe = isProbe
            self.link = link
        }
    }

    /// Waits until so many writes were acknowledged.
    private struct Milestone {
        let count: Int
        let promise: EventLoopPromise<Void>
    }

    private let endpoints: [Endpoint]
    private let dialer: LoadDialer
    private let pauseMilliseconds: Int64
    private let eventLoop: any EventLoop
    private let writers: [Writer]
    /// `nil` for a node that was killed.
    private var links: [TransportConnection?]
    private var acknowledged: [AcknowledgedWrite] = []
    private(set) var lastRevision = Revision.zero
    private var numbers: UInt64 = 0
    private var isStopped = true
    private var lostAt: UInt64 = 0
    /// Writes begun earlier say nothing about the recovery.
    private var countedFrom: UInt64 = 0
    private var recovery: EventLoopPromise<UInt64>?
    private var milestone: Milestone?

    init(
        endpoints: [Endpoint],
        dialer: LoadDialer,
        sessions: [Revision],
        writers: Int,
        pauseMilliseconds: Int64,
        eventLoop: any EventLoop
    ) {
        precondition(sessions.count >= writers + endpoints.count)
        self.endpoints = endpoints
        self.dialer = dialer
        self.pauseMilliseconds = pauseMilliseconds
        self.eventLoop = eventLoop
        self.links = Array(repeating: nil, count: endpoints.count)
        self.writers = sessions.enumerated().map { (index, session) in
            let isProbe = index >= writers
            let link = isProbe ? index - writers : index
            return Writer(session: session, isProbe: isProbe, link: link % endpoints.count)
        }
    }

    // MARK: - What the measurement does

    func connect(_ index: Int) -> EventLoopFuture<Void> {
        let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
        return self.dialer.dial(self.endpoints[index]).map { connection in
            bound.value.links[index] = connection
        }
    }

    func start() {
        self.isStopped = false
        for writer in self.writers where !writer.isProbe { self.write(writer) }
    }

    func acknowledged(more count: Int) -> EventLoopFuture<Void> {
        let promise = self.eventLoop.makePromise(of: Void.self)
        self.milestone = Milestone(count: self.acknowledged.count + count, promise: promise)
        self.bound(promise, "\(count) writes to be acknowledged")
        return promise.futureResult
    }

    func lose(
        _ index: Int,
        by loss: LeaderLoss,
        _ happen: () throws -> Void
    ) -> EventLoopFuture<UInt64> {
        let promise = self.eventLoop.makePromise(of: UInt64.self)
        self.recovery = promise
        if loss.closesConnections {
            self.links[index]?.close()
            self.links[index] = nil
        }
        self.bound(promise, "a write after the loss to be acknowledged")
        do {
            self.lostAt = BenchProcess.nanoseconds()
            try happen()
        } catch {
            self.recovery = nil
            promise.fail(error)
            return promise.futureResult
        }
        if loss == .transfer { self.transfer(from: index) } else { self.probe() }
        return promise.futureResult
    }

    /// Only writes that begin now count, one of them on each node.
    private func probe() {
        self.countedFrom = BenchProcess.nanoseconds()
        for writer in self.writers where writer.isProbe && !writer.isBusy { self.write(writer) }
    }

    private func transfer(from index: Int, attempts: Int = BenchLimits.attemptsMax) {
        self.countedFrom = .max
        _ = self.links[index]?.unary(
            ClientMethod.administer.rawValue,
            body: AdministerRequest(.transfer(to: nil)).encode(),
            timeout: .milliseconds(BenchLimits.attemptMilliseconds)
        ) { result in
            switch result {
            case .success: self.probe()
            case .failure(let status) where status.code == .unavailable && attempts > 1:
                let pause = TimeAmount.milliseconds(BenchLimits.retryMilliseconds)
                self.eventLoop.assumeIsolated().scheduleTask(in: pause) {
                    self.transfer(from: index, attempts: attempts - 1)
                }
            case .failure(let status): self.fail("the transfer failed: \(status)")
            }
        }
    }

    func stop() -> [AcknowledgedWrite] {
        self.isStopped = true
        for link in self.links { link?.close() }
        return self.acknowledged
    }

    private func bound<Value: Sendable>(_ promise: EventLoopPromise<Value>, _ what: String) {
        let limit = BenchLimits.stallSeconds
        let timer = self.eventLoop.scheduleTask(in: .seconds(limit)) {
            promise.fail(BenchError("waited \(limit) s in vain for \(what)"))
        }
        promise.futureResult.whenComplete { _ in timer.cancel() }
    }

    // MARK: - Writing

    private func write(_ writer: Writer) {
        guard !self.isStopped, self.numbers < FailoverKey.numbersMax else { return }
        writer.isBusy = true
        writer.number = self.numbers
        writer.sequence += 1
        self.numbers += 1
        let definition = LoadTenant.definition(
            FailoverKey.key(writer.number),
            value: LoadTenant.value(writer.number, bytes: 64)
        )
        let request = WriteRequest(
            session: writer.session,
            sequence: writer.sequence,
            command: .createFlag(FailoverKey.environment(writer.number), definition)
        )
        writer.startedAt = BenchProcess.nanoseconds()
        self.attempt(request.encode(), of: writer)
    }

    private func attempt(_ body: [UInt8], of writer: Writer) {
        guard !self.isStopped else { return }
        guard let link = self.nextLink(of: writer) else { return self.again(body, of: writer) }
        _ = link.unary(
            ClientMethod.write.rawValue,
            body: body,
            timeout: .milliseconds(Self.attemptMilliseconds)
        ) { result in
            switch result {
            case .success(let bytes):
                guard let answer = try? WriteResponse.decode(bytes) else {
                    return self.fail("the answer to a write cannot be read")
                }
                self.succeeded(writer, answer.revision)
            case .failure(let status):
                switch status.code {
                case .unavailable, .deadlineExceeded, .resourceExhausted, .cancelled, .unknown:
                    self.again(body, of: writer)
                default:
                    self.fail("write \(writer.number) was refused: \(status)")
                }
            }
        }
    }

    /// The link after the one that was used last, among those to nodes that were not killed.
    private func nextLink(of writer: Writer) -> TransportConnection? {
        for _ in self.links.indices {
            writer.link = (writer.link + 1) % self.links.count
            if let link = self.links[writer.link] { return link }
        }
        return nil
    }

    private func again(_ body: [UInt8], of writer: Writer) {
        let pause = TimeAmount.milliseconds(BenchLimits.retryMilliseconds)
        self.eventLoop.assumeIsolated().scheduleTask(in: pause) { self.attempt(body, of: writer) }
    }

    private func succeeded(_ writer: Writer, _ revision: Revision) {
        writer.isBusy = false
        self.acknowledged.append(AcknowledgedWrite(number: writer.number, revision: revision))
        self.lastRevision = max(self.lastRevision, revision)
        if let recovery = self.recovery, writer.startedAt >= self.countedFrom {
            self.recovery = nil
            recovery.succeed(BenchProcess.nanoseconds() - self.lostAt)
        }
        if let milestone = self.milestone, self.acknowledged.count >= milestone.count {
            self.milestone = nil
            milestone.promise.succeed()
        }
        guard !writer.isProbe else { return }
        let pause = TimeAmount.milliseconds(self.pauseMilliseconds)
        self.eventLoop.assumeIsolated().scheduleTask(in: pause) { self.write(writer) }
    }

    private func fail(_ message: String) {
        self.isStopped = true
        let error = BenchError(message)
        self.recovery?.fail(error)
        self.milestone?.promise.fail(error)
        BenchProcess.progress(message)
    }
}

@available(*, unavailable)
extension FailoverCore: Sendable {}
