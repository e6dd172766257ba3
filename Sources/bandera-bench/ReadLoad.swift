internal import ClientProtocol
internal import NIOCore
internal import Transport
internal import Wire

/// Many clients, each with one evaluation in flight, over a few connections of one event loop.
struct ReadLoad: Sendable {
    private let core: NIOLoopBound<ReadLoadCore>

    /// The clients do nothing until they are run.
    static func make(
        connections: [TransportConnection],
        clients: Int,
        on eventLoop: any EventLoop
    ) async throws -> ReadLoad {
        let core = try await eventLoop.submit {
            let core = ReadLoadCore(
                connections: connections,
                clients: clients,
                eventLoop: eventLoop
            )
            return NIOLoopBound(core, eventLoop: eventLoop)
        }.get()
        return ReadLoad(core: core)
    }

    /// Lets every client make the same request again and again for so long.
    func run(_ request: EvaluateRequest, for time: TimeAmount) async throws -> WriteOutcome {
        let body = request.encode()
        let core = self.core
        return try await core.eventLoop.flatSubmit { core.value.run(body, for: time) }.get()
    }
}

/// The event-loop side of ``ReadLoad``.
final class ReadLoadCore {
    private let connections: [TransportConnection]
    private let clients: Int
    private let eventLoop: any EventLoop
    private var body: [UInt8] = []
    private var promise: EventLoopPromise<WriteOutcome>?
    private var outcome = WriteOutcome()
    private var startedAt: UInt64 = 0
    private var deadline = NIODeadline.distantPast
    private var busyClients = 0

    init(connections: [TransportConnection], clients: Int, eventLoop: any EventLoop) {
        precondition(!connections.isEmpty)
        self.connections = connections
        self.clients = clients
        self.eventLoop = eventLoop
    }

    func run(_ body: [UInt8], for time: TimeAmount) -> EventLoopFuture<WriteOutcome> {
        precondition(self.promise == nil, "one run at a time")
        let promise = self.eventLoop.makePromise(of: WriteOutcome.self)
        self.promise = promise
        self.body = body
        self.outcome = WriteOutcome()
        self.startedAt = BenchProcess.nanoseconds()
        self.deadline = .now() + time
        self.busyClients = self.clients
        for client in 0..<self.clients { self.readNext(of: client) }
        return promise.futureResult
    }

    private func readNext(of client: Int) {
        guard self.deadline > .now(), self.promise != nil else { return self.finishClient() }
        let startedAt = BenchProcess.nanoseconds()
        let connection = self.connections[client % self.connections.count]
        _ = connection.unary(
            ClientMethod.evaluate.rawValue,
            body: self.body,
            timeout: .milliseconds(BenchLimits.attemptMilliseconds)
        ) { result in
            switch result {
            case .success:
                let time = BenchProcess.nanoseconds() - startedAt
                self.outcome.latencies.record(nanoseconds: time)
                self.readNext(of: client)
            case .failure(let status):
                self.failed(status, of: client)
            }
        }
    }

    private func failed(_ status: Status, of client: Int) {
        let mayPass =
            status.code == .unavailable || status.code == .resourceExhausted
            || status.code == .deadlineExceeded
        guard mayPass, self.outcome.retries < self.clients * BenchLimits.attemptsMax else {
            self.promise?.fail(BenchError("a read failed: \(status)"))
            self.promise = nil
            return
        }
        self.outcome.retries += 1
        self.eventLoop.assumeIsolated().scheduleTask(
            in: .milliseconds(BenchLimits.retryMilliseconds)
        ) {
            self.readNext(of: client)
        }
    }

    private func finishClient() {
        self.busyClients -= 1
        guard self.busyClients == 0, let promise = self.promise else { return }
        self.promise = nil
        self.outcome.seconds = Double(BenchProcess.nanoseconds() - self.startedAt) / 1e9
        promise.succeed(self.outcome)
    }
}

@available(*, unavailable)
extension ReadLoadCore: Sendable {}
