import NIOCore
import NIOPosix
import TLS
import Testing
import Transport
import Wire

/// Whole connections: real sockets, real TLS.
@Suite struct LoopbackTests {
    @Test func makesManyUnaryCallsAtOnce() async throws {
        try await LoopbackServer.run { server in
            let connection = try await server.connect()
            #expect(connection.identity?.name == .node(1))
            #expect(connection.peerSettings.nodeID == 1)
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<500 {
                    group.addTask {
                        let body = [UInt8(number % 256), UInt8(number / 256)]
                        return try await connection.unary("echo", body: body) == body
                    }
                }
                for try await isSame in group { #expect(isSame) }
            }
            try await server.sees("request echo", count: 500)
            let identity = try await server.onLoop { $0.connections.first?.identity?.name }
            #expect(identity == .operator("ana"))
        }
    }

    @Test func carriesLargeAnswersAndRequests() async throws {
        var limits = TransportLimits(wire: .peer)
        limits.readBytesMax = 1 << 20
        try await LoopbackServer.run(limits: limits) { server in
            var settings = Settings.test(cluster: "north")
            settings.frameBytesMax = 16 << 20
            let connection = try await TransportConnection.connect(
                host: "127.0.0.1",
                port: server.port,
                tls: try LoopbackServer.context(.client, name: .node(2)),
                settings: settings,
                limits: limits,
                on: server.loop
            )
            let body = (0..<(1 << 20) - 100).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            #expect(try await connection.unary("echo", body: body) == body)
            #expect(try await connection.unary("large", body: []).count == 2 << 20)
        }
    }

    @Test func saysWhyAMethodFailed() async throws {
        try await LoopbackServer.run { server in
            let connection = try await server.connect()
            let status = await #expect(throws: Status.self) {
                try await connection.unary("nothing", body: [])
            }
            #expect(status?.code == .unimplemented)
        }
    }

    @Test func cancelsTheCallOfACancelledTask() async throws {
        try await LoopbackServer.run { server in
            let connection = try await server.connect()
            let task = Task { try await connection.unary("hold", body: []) }
            try await server.sees("request hold")
            task.cancel()
            let status = await #expect(throws: Status.self) { try await task.value }
            #expect(status?.code == .cancelled)
            try await server.sees("cancelled hold")
        }
    }

    @Test func endsACallThatTakesTooLong() async throws {
        try await LoopbackServer.run { server in
            let connection = try await server.connect()
            let status = await #expect(throws: Status.self) {
                try await connection.unary("hold", body: [], timeout: .milliseconds(20))
            }
            #expect(status?.code == .deadlineExceeded)
            try await server.sees("cancelled hold")
        }
    }

    @Test func namesThePortThatIsBusy() async throws {
        try await LoopbackServer.run { server in
            let error = await #expect(throws: TransportError.self) {
                try await LoopbackServer.run(port: server.port) { _ in }
            }
            #expect(error?.code == .addressInUse)
            #expect(error?.message.contains("127.0.0.1 port \(server.port)") == true)
        }
    }

    @Test func saysThatNobodyListens() async throws {
        try await LoopbackServer.run { server in
            let port = server.port
            await server.server.shutdown()
            let error = await #expect(throws: TransportError.self) { try await server.connect() }
            #expect(error?.code == .connectFailed)
            #expect(error?.message.contains("port \(port)") == true)
        }
    }

    @Test func refusesAClientOfAnotherCluster() async throws {
        try await LoopbackServer.run { server in
            let error = await #expect(throws: TransportError.self) {
                try await server.connect(cluster: "south")
            }
            #expect(error?.code == .incompatible)
            try await server.sees("refused")
        }
    }

    @Test func tellsClientsToLeaveAndLetsTheirCallsEnd() async throws {
        try await LoopbackServer.run { server in
            let connection = try await server.connect()
            let waiting = Task { try await connection.unary("hold", body: []) }
            try await server.sees("request hold")
            let stopping = Task { await server.server.shutdown(grace: .seconds(20)) }
            let goaway = try await connection.goawayFuture.get()
            #expect(goaway.code == .unavailable)
            #expect(goaway.retryAfterMilliseconds == 1_000)
            let refused = await #expect(throws: Status.self) {
                try await connection.unary("echo", body: [])
            }
            #expect(refused?.code == .unavailable)
            try await server.onLoop { $0.calls.first?.end(.ok, body: [4]) }
            #expect(try await waiting.value == [4])
            await stopping.value
            _ = try await connection.closeFuture.get()
        }
    }

    @Test func endsWhatOutlivesTheGracePeriod() async throws {
        try await LoopbackServer.run { server in
            let connection = try await server.connect()
            let waiting = Task { try await connection.unary("hold", body: []) }
            try await server.sees("request hold")
            await server.server.shutdown(grace: .milliseconds(10))
            let status = await #expect(throws: Status.self) { try await waiting.value }
            #expect(status?.code == .unavailable)
        }
    }
}
