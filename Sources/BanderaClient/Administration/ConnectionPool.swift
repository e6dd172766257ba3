internal import NIOCore
internal import Synchronization
internal import Transport

/// One connection to each endpoint that was asked for, dialled when needed and shared by calls.
final class ConnectionPool: Sendable {
    private struct State {
        var connections: [String: EventLoopFuture<TransportConnection>] = [:]
        var isClosed = false
    }

    private let dialer: Dialer
    private let group: any EventLoopGroup
    private let state = Mutex(State())

    init(dialer: Dialer, group: any EventLoopGroup) {
        self.dialer = dialer
        self.group = group
    }

    /// The open connection to `endpoint`, or a new one.
    func connection(to endpoint: Endpoint) async throws -> TransportConnection {
        let address = endpoint.address
        let (future, isNew) = try self.state.withLock { state in
            if state.isClosed { throw BanderaError(.shutDown, "the client was shut down") }
            if let known = state.connections[address] { return (known, false) }
            let dialled = self.dialer.dial(endpoint, on: self.group.next())
            state.connections[address] = dialled
            return (dialled, true)
        }
        if isNew {
            // Registered outside the lock: a callback may run at once, and takes the lock itself.
            future.whenFailure { _ in self.forget(address, future) }
            future.whenSuccess { connection in
                connection.closeFuture.whenComplete { _ in self.forget(address, future) }
                // No call after this one may use it; those in flight may still be answered.
                connection.goawayFuture.whenSuccess { _ in self.forget(address, future) }
            }
        }
        return try await future.get()
    }

    /// Closes every connection; calls in flight end as unavailable.
    func close() {
        let all = self.state.withLock { state in
            state.isClosed = true
            defer { state.connections = [:] }
            return Array(state.connections.values)
        }
        for future in all { future.whenSuccess { $0.close() } }
    }

    private func forget(_ address: String, _ future: EventLoopFuture<TransportConnection>) {
        self.state.withLock { state in
            if state.connections[address] === future { state.connections[address] = nil }
        }
    }
}
