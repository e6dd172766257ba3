internal import Flags
internal import NIOCore
internal import Transport

/// What a run of writes gave.
struct WriteOutcome: Sendable {
    var latencies = Latencies()
    var seconds = 0.0
    /// Attempts that failed in a way that passes, and were repeated.
    var retries = 0
}

/// Many clients, each with one write in flight, over a few connections of one event loop.
struct WriteLoad: Sendable {
    private let eventLoop: any EventLoop
    private let connections: [TransportConnection]
    private let core: NIOLoopBound<WriteLoadCore>

    /// The clients do nothing until they are prepared.
    static func make(
        connections: [TransportConnection],
        clients: Int,
        environment: EnvironmentID,
        valueBytes: Int,
        on eventLoop: any EventLoop
    ) async throws -> WriteLoad {
        let core = try await eventLoop.submit {
            let core = WriteLoadCore(
                connections: connections,
                clients: clients,
                environment: environment,
                valueBytes: valueBytes,
                eventLoop: eventLoop
            )
            return NIOLoopBound(core, eventLoop: eventLoop)
        }.get()
        return WriteLoad(eventLoop: eventLoop, connections: connections, core: core)
    }

    /// Opens every client's session and makes its flag.
    func prepare() async throws {
        let core = self.core
        _ = try await self.eventLoop.flatSubmit { core.value.prepare() }.get()
    }

    /// Makes `writes` writes, all clients together.
    @discardableResult
    func run(writes: Int) async throws -> WriteOutcome {
        let core = self.core
        return try await self.eventLoop.flatSubmit { core.value.run(writes: writes) }.get()
    }

    /// Makes one call that changes nothing on the first client's connection; gives its nanoseconds.
    func call() async throws -> UInt64 {
        let core = self.core
        return try await self.eventLoop.flatSubmit { core.value.call() }.get()
    }

    /// Lets every client write for so long.
    func run(for time: TimeAmount) async throws -> WriteOutcome {
        let core = self.core
        return try await self.eventLoop.flatSubmit { core.value.run(for: time) }.get()
    }

    /// Writes `perSecond` times in a second while `body` runs.
    func steadily<Success: Sendable>(
        perSecond: Int,
        _ body: () async throws -> Success
    ) async throws -> (outcome: WriteOutcome, success: Success) {
        let core = self.core
        let interval = TimeAmount.microseconds(Int64(1_000_000 / max(1, perSecond)))
        let outcome = try await self.eventLoop.submit {
            core.value.beginSteady(every: interval)
        }.get()
        let success: Success
        do {
            success = try await body()
        } catch {
            try await self.eventLoop.submit { core.value.endSteady() }.get()
            throw error
        }
        try await self.eventLoop.submit { core.value.endSteady() }.get()
        return (try await outcome.get(), success)
    }

    /// Closes the connections.
    func close() {
        for connection in self.connections { connection.close() }
    }
}
