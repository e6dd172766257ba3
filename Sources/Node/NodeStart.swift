internal import FlagStore
internal import Flags
internal import Ledger
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import PeerProtocol
internal import Raft
internal import RaftStorage
internal import Replica
internal import TLS
internal import Transport
internal import Wire

/// The steps from a configuration to a running node.
///
/// Whatever fails, nothing is left open.
struct NodeStart {
    let configuration: NodeConfiguration
    /// Whether an empty data folder may be made into that of a new cluster's node.
    let mayInitialize: Bool
    let logger: Logger

    /// What the data folder held.
    struct Recovery {
        let storage: LogStorage<PosixFileSystem>
        let folder: LedgerFolder
        let ledger: Ledger
        let store: FlagStore
        let log: RestoredLog
        /// The identity of the data folder.
        let diskID: UInt64
        /// What was received of a snapshot before.
        let incoming: IncomingSnapshot?
        let partial: PartialSnapshot?
    }

    /// The contexts for the three kinds of connection.
    struct Contexts {
        let peerServer: TLSContext
        let peerClient: TLSContext
        let clientServer: TLSContext
    }

    func run() async throws -> Node {
        let contexts = try self.makeContexts()
        let access = try AccessPolicy(
            cluster: self.configuration.cluster,
            tokens: self.configuration.tokens
        )
        let recovery = try self.recover()
        let consensusGroup = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let clientGroup =
            self.configuration.clientThreads == 0
            ? consensusGroup
            : MultiThreadedEventLoopGroup(numberOfThreads: self.configuration.clientThreads)
        do {
            return try await self.assemble(
                recovery,
                contexts,
                access,
                consensusGroup,
                clientGroup
            )
        } catch {
            try? await clientGroup.shutdownGracefully()
            try? await consensusGroup.shutdownGracefully()
            throw error
        }
    }

    // MARK: Assembly

    private func assemble(
        _ recovery: Recovery,
        _ contexts: Contexts,
        _ access: AccessPolicy,
        _ consensusGroup: MultiThreadedEventLoopGroup,
        _ clientGroup: MultiThreadedEventLoopGroup
    ) async throws -> Node {
        let incarnation = UInt64.random(in: 1...UInt64.max)
        let consensusEventLoop = consensusGroup.next()
        let consensus = try await self.makeConsensus(
            recovery,
            incarnation: incarnation,
            on: consensusEventLoop
        )
        let log = LogThread(storage: recovery.storage) { event in
            consensusEventLoop.execute { consensus.value.received(event) }
        }
        let ledger = LedgerThread(
            ledger: recovery.ledger,
            folder: recovery.folder,
            applied: recovery.store.applied
        ) { event in
            consensusEventLoop.execute { consensus.value.received(event) }
        }
        let current: @Sendable () -> Ledger = { ledger.ledger }
        let source = SnapshotSource(
            folder: recovery.folder,
            ledger: current,
            bytesPerSecond: self.configuration.snapshotBytesPerSecond,
            logger: self.logger
        ) { event in
            consensusEventLoop.execute { consensus.value.received(event) }
        }
        let sink = SnapshotSink(
            folder: recovery.folder,
            partial: recovery.incoming,
            logger: self.logger
        ) { event in
            consensusEventLoop.execute { consensus.value.received(event) }
        }
        let threads = NodeThreads(
            consensusGroup: consensusGroup,
            clientGroup: clientGroup,
            log: log,
            ledger: ledger,
            source: source,
            sink: sink
        )
        do {
            return try await self.serve(
                recovery,
                contexts,
                self.surroundings(incarnation, access, ledger, consensus),
                consensus,
                threads
            )
        } catch {
            await threads.stopWork()
            throw error
        }
    }

    /// Opens the two ports and lets the consensus loop begin.
    private func serve(
        _ recovery: Recovery,
        _ contexts: Contexts,
        _ surroundings: ClientLoop.Surroundings,
        _ consensus: NIOLoopBound<ConsensusLoop>,
        _ threads: NodeThreads
    ) async throws -> Node {
        let failure = FailureSignal()
        let clients = try await self.makeClients(
            threads.clientGroup,
            store: recovery.store,
            surroundings
        )
        let servers = try await self.listen(contexts, clients, consensus, threads.clientGroup)
        try await consensus.eventLoop.submit {
            consensus.value.start(
                ConsensusLoop.Surroundings(
                    log: threads.log,
                    ledger: threads.ledger,
                    source: threads.source,
                    sink: threads.sink,
                    clients: clients.map { $0.port },
                    makeLink: self.linkMaker(consensus.value, contexts),
                    fail: { failure.fail($0) }
                )
            )
        }.get()
        return Node(
            start: self,
            consensus: consensus,
            clients: clients.map(\.loop),
            clientServer: servers.client,
            peerServer: servers.peer,
            threads: threads,
            failure: failure
        )
    }

    /// What all client loops share, and their way to the consensus loop.
    private func surroundings(
        _ incarnation: UInt64,
        _ access: AccessPolicy,
        _ ledger: LedgerThread,
        _ consensus: NIOLoopBound<ConsensusLoop>
    ) -> ClientLoop.Surroundings {
        let eventLoop = consensus.eventLoop
        return ClientLoop.Surroundings(
            cluster: self.configuration.cluster,
            local: self.configuration.local,
            incarnation: incarnation,
            access: access,
            ledger: ledger,
            usage: UsageDesk(
                node: self.configuration.node.rawValue,
                region: self.configuration.local.region,
                loopCount: max(1, self.configuration.clientThreads)
            ),
            watches: WatchCounts(),
            startedAt: .now(),
            ask: { requests in
                // On a shared loop the requests join the turn that is being taken.
                if eventLoop.inEventLoop {
                    consensus.value.received(requests)
                } else {
                    eventLoop.execute { consensus.value.received(requests) }
                }
            },
            logger: self.logger
        )
    }

    private func makeConsensus(
        _ recovery: Recovery,
        incarnation: UInt64,
        on eventLoop: any EventLoop
    ) async throws -> NIOLoopBound<ConsensusLoop> {
        let raft = try self.raftConfiguration(recovery)
        let logger = self.logger
        let log = recovery.log
        let store = recovery.store
        let configuration = self.replicaConfiguration(recovery, incarnation: incarnation)
        let core = RaftNode(configuration: raft, restored: log, now: ConsensusLoop.now)
        return try await eventLoop.submit {
            let replica = Replica(
                configuration: configuration,
                raft: core,
                store: store,
                now: ConsensusLoop.now
            )
            return NIOLoopBound(
                ConsensusLoop(eventLoop: eventLoop, replica: replica, logger: logger),
                eventLoop: eventLoop
            )
        }.get()
    }

    /// A client loop and the way to it.
    struct Client: Sendable {
        let loop: NIOLoopBound<ClientLoop>
        let port: ClientPort
    }

    private func makeClients(
        _ group: MultiThreadedEventLoopGroup,
        store: FlagStore,
        _ surroundings: ClientLoop.Surroundings
    ) async throws -> [Client] {
        var clients: [Client] = []
        for (index, eventLoop) in group.makeIterator().enumerated() {
            let client = try await eventLoop.submit {
                let loop = ClientLoop(
                    index: index,
                    eventLoop: eventLoop,
                    store: store,
                    surroundings: surroundings
                )
                return Client(
                    loop: NIOLoopBound(loop, eventLoop: eventLoop),
                    port: loop.start()
                )
            }.get()
            clients.append(client)
        }
        return clients
    }

    private func linkMaker(
        _ consensus: ConsensusLoop,
        _ contexts: Contexts
    ) -> (Member) -> PeerLink? {
        { [weak consensus] member in
            guard let consensus, let endpoint = SocketEndpoint(member.peerAddress) else {
                return nil
            }
            return PeerLink(
                route: PeerLink.Route(
                    peer: member.id,
                    address: member.peerAddress,
                    endpoint: endpoint,
                    tls: contexts.peerClient,
                    policy: .node(member.id.rawValue, cluster: self.configuration.cluster),
                    settings: self.hello(self.peerLimits),
                    limits: self.peerLimits
                ),
                consensus: consensus,
                logger: self.logger
            )
        }
    }
}
