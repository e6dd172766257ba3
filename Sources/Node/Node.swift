internal import FlagStore
internal import Flags
internal import Ledger
package import Logging
internal import NIOCore
internal import NIOPosix
internal import Raft
internal import RaftStorage
internal import Replica
internal import ServiceLifecycle
internal import Synchronization
internal import TLS
internal import Transport
internal import Wire

/// One node of the cluster: the shell that performs on threads, sockets and files what its
/// `Replica` decides.
///
/// ```swift
/// let node = try await Node.start(configuration, logger: logger)
/// try await node.run()  // until shut down gracefully
/// ```
package final class Node: Sendable {
    /// The configuration it runs by.
    package let configuration: NodeConfiguration
    /// Which node of its cluster it is.
    package var id: UInt64 { self.configuration.node.rawValue }
    /// The port that clients are served on.
    package var clientPort: Int { self.clientServer.port }
    /// The port that other nodes are served on.
    package var peerPort: Int { self.peerServer.port }

    private let logger: Logger
    private let consensus: NIOLoopBound<ConsensusLoop>
    private let clients: [NIOLoopBound<ClientLoop>]
    private let clientServer: TransportServer
    private let peerServer: TransportServer
    private let threads: NodeThreads
    private let failure: FailureSignal

    /// Opens the data folder, recovers what it holds, listens on both ports and joins the others.
    ///
    /// An empty folder is refused unless `mayInitialize`, or the node waits to be added: whoever
    /// lost a disk must not found the cluster anew by a restart.
    ///
    /// - Throws: `NodeError`, naming what is wrong and what to do next.
    package static func start(
        _ configuration: NodeConfiguration,
        mayInitialize: Bool = false,
        logger: Logger
    ) async throws -> Node {
        try await NodeStart(
            configuration: try configuration.validated(),
            mayInitialize: mayInitialize,
            logger: logger
        ).run()
    }

    init(
        start: NodeStart,
        consensus: NIOLoopBound<ConsensusLoop>,
        clients: [NIOLoopBound<ClientLoop>],
        clientServer: TransportServer,
        peerServer: TransportServer,
        threads: NodeThreads,
        failure: FailureSignal
    ) {
        self.configuration = start.configuration
        self.logger = start.logger
        self.consensus = consensus
        self.clients = clients
        self.clientServer = clientServer
        self.peerServer = peerServer
        self.threads = threads
        self.failure = failure
    }

    /// Serves until the service group shuts down gracefully or the task is cancelled, then stops.
    ///
    /// - Throws: `NodeError` when the node cannot go on: its log or its record store failed.
    package func run() async throws {
        let error = await cancelWhenGracefulShutdown { [failure] in
            await failure.wait()
        }
        if error == nil { await self.handOver() }
        await self.stop()
        guard let error else { return }
        guard error.code != .removed else {
            self.logger.notice("the node ends as it should", metadata: ["reason": "\(error)"])
            return
        }
        throw error
    }

    /// Lets another node lead before this one stops, so that no write waits for an election.
    private func handOver() async {
        let future = self.consensus.eventLoop.flatSubmit { self.consensus.value.prepareToStop() }
        guard case .impossible(let reason)? = try? await future.get() else { return }
        self.logger.warning(
            "leadership could not be handed over: the others have to elect",
            metadata: ["reason": "\(reason)"]
        )
    }

    /// Stops serving, finishes what the log and the record store were given, and ends all threads.
    package func stop() async {
        self.logger.notice("node stops", metadata: ["node": "\(self.configuration.node.rawValue)"])
        await self.clientServer.shutdown(grace: NodeLimits.drainTimeout)
        // While the log still takes it.
        if let first = self.clients.first {
            try? await first.eventLoop.flatSubmit { first.value.postLastUsage() }.get()
        }
        for client in self.clients {
            try? await client.eventLoop.submit { client.value.stop() }.get()
        }
        try? await self.consensus.eventLoop.submit { self.consensus.value.stop() }.get()
        await self.peerServer.shutdown(grace: .zero)
        await self.threads.stop()
    }
}

/// Says once that the node cannot go on.
final class FailureSignal: Sendable {
    private let stream: AsyncStream<NodeError>
    private let continuation: AsyncStream<NodeError>.Continuation

    init() {
        (self.stream, self.continuation) = AsyncStream.makeStream(
            bufferingPolicy: .bufferingOldest(1)
        )
    }

    func fail(_ error: NodeError) { self.continuation.yield(error) }

    /// The first failure, or `nil` when the waiting task was cancelled.
    func wait() async -> NodeError? {
        for await error in self.stream { return error }
        return nil
    }
}

/// The threads that a node owns.
struct NodeThreads: Sendable {
    let consensusGroup: MultiThreadedEventLoopGroup
    let clientGroup: MultiThreadedEventLoopGroup
    let log: LogThread
    let ledger: LedgerThread
    let source: SnapshotSource
    let sink: SnapshotSink

    /// The order matters: nobody may be left who gives work to a thread that has ended.
    func stop() async {
        await self.stopWork()
        try? await self.clientGroup.shutdownGracefully()
        try? await self.consensusGroup.shutdownGracefully()
    }

    /// Ends the threads that no event loop runs on.
    func stopWork() async {
        await self.sink.stop()
        await self.log.stop()
        // Gives work to the record store's thread.
        await self.source.stop()
        await self.ledger.stop()
    }
}
