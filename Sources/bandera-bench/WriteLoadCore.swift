internal import ClientProtocol
internal import Flags
internal import NIOCore
internal import Transport
internal import Wire

/// The event-loop side of ``WriteLoad``.
///
/// Callbacks on one thread: the load shares the machine with the servers that it measures, so it
/// must cost little.
final class WriteLoadCore {
    /// One client: its session, its flag, its write in flight.
    final class Client {
        let connection: TransportConnection
        let key: FlagKey
        var session = Revision.zero
        var sequence: UInt64 = 0
        var attempts = 0

        init(connection: TransportConnection, key: FlagKey) {
            self.connection = connection
            self.key = key
        }
    }

    private let environment: EnvironmentID
    private let valueBytes: Int
    let eventLoop: any EventLoop
    let clients: [Client]
    var promise: EventLoopPromise<WriteOutcome>?
    var outcome = WriteOutcome()
    /// Writes at a steady rate; `nil` unless that is what is done.
    var steady: SteadyWrites?
    /// Writes that may still be begun.
    private var unsent = 0
    /// What the run ends with: writes, or clients.
    private var unanswered = 0
    /// Ends a run that is bounded by time.
    private var deadline: NIODeadline?
    private var written: UInt64 = 0
    private var stallCheck: RepeatedTask?
    var acknowledged = 0
    private var acknowledgedAtCheck = -1
    private var checksWithoutProgress: Int64 = 0

    init(
        connections: [TransportConnection],
        clients: Int,
        environment: EnvironmentID,
        valueBytes: Int,
        eventLoop: any EventLoop
    ) {
        precondition(!connections.isEmpty)
        self.environment = environment
        self.valueBytes = valueBytes
        self.eventLoop = eventLoop
        let run = UInt64.random(in: .min ... .max)
        self.clients = (0..<clients).map { index in
            Client(
                connection: connections[index % connections.count],
                key: FlagKey("writes-\(String(run, radix: 36))-\(index)")
            )
        }
    }

    func prepare() -> EventLoopFuture<WriteOutcome> {
        let future = self.begin(count: self.clients.count)
        for client in self.clients {
            self.send(.openSession, of: client) { revision in
                client.session = revision
                client.sequence = 1
                let definition = LoadTenant.definition(
                    client.key,
                    value: LoadTenant.value(0, bytes: self.valueBytes)
                )
                self.send(.createFlag(self.environment, definition), of: client) { _ in
                    self.acknowledged += 1
                    self.answered()
                }
            }
        }
        return future
    }

    func run(writes: Int) -> EventLoopFuture<WriteOutcome> {
        let future = self.begin(count: writes)
        let startedAt = BenchProcess.nanoseconds()
        self.unsent = writes
        for client in self.clients { self.writeNext(of: client) }
        return future.map { outcome in
            var outcome = outcome
            outcome.seconds = Double(BenchProcess.nanoseconds() - startedAt) / 1e9
            return outcome
        }
    }

    /// Writes with every client until `time` is over.
    func run(for time: TimeAmount) -> EventLoopFuture<WriteOutcome> {
        let future = self.begin(count: self.clients.count)
        let startedAt = BenchProcess.nanoseconds()
        self.deadline = .now() + time
        self.unsent = .max
        for client in self.clients { self.writeNext(of: client) }
        return future.map { outcome in
            var outcome = outcome
            outcome.seconds = Double(BenchProcess.nanoseconds() - startedAt) / 1e9
            return outcome
        }
    }

    /// A call that changes nothing; gives its nanoseconds.
    func call() -> EventLoopFuture<UInt64> {
        let promise = self.eventLoop.makePromise(of: UInt64.self)
        let startedAt = BenchProcess.nanoseconds()
        _ = self.clients[0].connection.unary(
            ClientMethod.topology.rawValue,
            body: TopologyRequest().encode(),
            timeout: .milliseconds(BenchLimits.attemptMilliseconds)
        ) { result in
            switch result {
            case .success: promise.succeed(BenchProcess.nanoseconds() - startedAt)
            case .failure(let status): promise.fail(BenchError("a call failed: \(status)"))
            }
        }
        return promise.futureResult
    }

    private func writeNext(of client: Client) {
        guard self.unsent > 0, self.promise != nil else { return }
        if let deadline = self.deadline, deadline <= .now() { return self.answered() }
        self.unsent -= 1
        self.write(of: client, startedAt: BenchProcess.nanoseconds()) {
            if self.deadline == nil { self.answered() }
            self.writeNext(of: client)
        }
    }

    /// Makes one write, whose time counts from `startedAt`.
    func write(of client: Client, startedAt: UInt64, _ done: @escaping () -> Void) {
        self.written += 1
        client.sequence += 1
        var patch = FlagPatch()
        patch.variations = LoadTenant.variations(
            LoadTenant.value(self.written, bytes: self.valueBytes)
        )
        self.send(.updateFlag(self.environment, client.key, patch), of: client) { _ in
            let time = BenchProcess.nanoseconds() - startedAt
            self.outcome.latencies.record(nanoseconds: time)
            self.acknowledged += 1
            done()
        }
    }

    // MARK: - Calls

    private func send(
        _ command: Command,
        of client: Client,
        _ done: @escaping (Revision) -> Void
    ) {
        let request = WriteRequest(
            session: client.session,
            sequence: client.sequence,
            command: command
        )
        client.attempts = 0
        self.attempt(request.encode(), of: client, done)
    }

    private func attempt(
        _ body: [UInt8],
        of client: Client,
        _ done: @escaping (Revision) -> Void
    ) {
        client.attempts += 1
        _ = client.connection.unary(
            ClientMethod.write.rawValue,
            body: body,
            timeout: .milliseconds(BenchLimits.attemptMilliseconds)
        ) { result in
            switch result {
            case .success(let bytes):
                do throws(WireError) {
                    done(try WriteResponse.decode(bytes).revision)
                } catch {
                    self.fail("the answer to a write cannot be read: \(error.message)")
                }
            case .failure(let status):
                self.failed(status, body, of: client, done)
            }
        }
    }

    /// Repeats what may pass; the session makes sure that it is applied once.
    private func failed(
        _ status: Status,
        _ body: [UInt8],
        of client: Client,
        _ done: @escaping (Revision) -> Void
    ) {
        let mayPass =
            status.code == .unavailable || status.code == .resourceExhausted
            || status.code == .deadlineExceeded
        guard mayPass, client.attempts < BenchLimits.attemptsMax, self.promise != nil else {
            return self.fail("a write failed: \(status)")
        }
        self.outcome.retries += 1
        self.eventLoop.assumeIsolated().scheduleTask(
            in: .milliseconds(BenchLimits.retryMilliseconds)
        ) {
            self.attempt(body, of: client, done)
        }
    }

    // MARK: - Beginning and end

    func begin(count: Int) -> EventLoopFuture<WriteOutcome> {
        precondition(self.promise == nil, "one run at a time")
        let promise = self.eventLoop.makePromise(of: WriteOutcome.self)
        self.promise = promise
        self.outcome = WriteOutcome()
        self.unanswered = count
        self.deadline = nil
        self.acknowledgedAtCheck = -1
        self.checksWithoutProgress = 0
        let interval = TimeAmount.seconds(1)
        let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
        self.stallCheck = self.eventLoop.scheduleRepeatedTask(
            initialDelay: interval,
            delay: interval
        ) { _ in
            bound.value.checkProgress()
        }
        if count == 0 { self.finish(.success(self.outcome)) }
        return promise.futureResult
    }

    func answered() {
        self.unanswered -= 1
        if self.unanswered == 0 { self.finish(.success(self.outcome)) }
    }

    private func checkProgress() {
        let isStuck = self.acknowledged == self.acknowledgedAtCheck
        self.checksWithoutProgress = isStuck ? self.checksWithoutProgress + 1 : 0
        self.acknowledgedAtCheck = self.acknowledged
        guard self.checksWithoutProgress >= BenchLimits.stallSeconds else { return }
        self.fail(
            "no write was acknowledged for \(BenchLimits.stallSeconds) s, "
                + "\(self.unanswered) are missing"
        )
    }

    private func fail(_ message: String) { self.finish(.failure(BenchError(message))) }

    private func finish(_ result: Result<WriteOutcome, any Error>) {
        guard let promise = self.promise else { return }
        self.promise = nil
        self.unsent = 0
        self.stallCheck?.cancel()
        self.stallCheck = nil
        promise.completeWith(result)
    }
}

@available(*, unavailable)
extension WriteLoadCore: Sendable {}
