internal import Flags
internal import NIOCore
internal import Transport

/// What a push measurement does.
struct PushPlan: Sendable {
    var environment: EnvironmentID
    var key: FlagKey
    var changes: Int
    var intervalMilliseconds: Int64
    var acknowledgeMilliseconds: Int64
    /// Every subscriber acknowledges each change at once.
    var acknowledgesEach = false
    /// What subscribers have already, so that they are sent no snapshot; `nil` when they have nothing.
    var basis: Revision?
}

/// What a push measurement found.
struct PushOutcome: Sendable {
    /// From sending the write to each subscriber's receipt of the change.
    var deliveries = Latencies()
    /// From sending the write to the last subscriber's receipt.
    var lastSubscriber = Latencies()
    /// From sending the write to the last subscriber's acknowledgement, as it leaves.
    var acknowledged = Latencies()
    /// What the node measured for an emergency rollback; `nil` without one.
    var emergency: Alert.Delivery?
    /// From sending the write to its acknowledgement.
    var writes = Latencies()
    /// Messages that were not the same bytes for everybody.
    var coalesced = 0
    var messageBytes = 0
    /// Processor time of the node during the pushes; `nil` when it is not ours.
    var serverMicroseconds: UInt64?
    /// Growth of the node's memory from no to all subscribers; `nil` when it is not ours.
    var serverBytes: Int64?
}

/// Many subscribers of one flag and the one client that changes it, on one event loop.
struct PushLoad: Sendable {
    private let eventLoop: any EventLoop
    private let core: NIOLoopBound<PushLoadCore>

    static func make(
        _ plan: PushPlan,
        writer: TransportConnection,
        on eventLoop: any EventLoop
    ) async throws -> PushLoad {
        let core = try await eventLoop.submit {
            NIOLoopBound(
                PushLoadCore(plan, writer: writer, eventLoop: eventLoop),
                eventLoop: eventLoop
            )
        }.get()
        return PushLoad(eventLoop: eventLoop, core: core)
    }

    /// Opens a watch on each connection; done when each has its snapshot.
    func subscribe(_ connections: [TransportConnection]) async throws {
        let core = self.core
        try await self.eventLoop.flatSubmit { core.value.subscribe(connections) }.get()
    }

    /// Makes the changes one after the other.
    func run() async throws -> PushOutcome {
        let core = self.core
        return try await self.eventLoop.flatSubmit { core.value.run() }.get()
    }

    /// Closes the connections.
    func close() {
        let core = self.core
        self.eventLoop.execute { core.value.close() }
    }
}
