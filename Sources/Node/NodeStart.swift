internal import FlagStore
internal import Flags
internal import Ledger
internal import Logging
internal import NIOCore
internal import NIOPosix
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
    let logger: Logger

    /// What the data folder held.
    private struct Recovery {
        let storage: LogStorage<PosixFileSystem>
        let ledger: Ledger
        let store: FlagStore
        let log: RestoredLog
    }

    /// The contexts for the three kinds of connection.
    private struct Contexts {
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
            recovery.storage.close()
            throw error
        }
    }

    // MARK: Files

    private func recover() throws -> Recovery {
        let folder = self.configuration.data
        let files = PosixFileSystem()
        do throws(StorageError) {
            try files.createDirectory(folder)
        } catch {
            throw NodeError(
                .storage,
                "cannot make the data folder \(folder): \(error); make the folder above it, or "
                    + "correct \"data\" in the configuration"
            )
        }
        let storage: LogStorage<PosixFileSystem>
        do throws(StorageError) {
            storage = try LogStorage.open(
                directory: "\(folder)/log",
                identity: LogIdentity(
                    cluster: self.configuration.cluster,
                    node: self.configuration.node
                ),
                files: files
            )
        } catch {
            throw NodeError(.storage, "\(error)")
        }
        do {
            let ledger = try Ledger.open(
                path: "\(folder)/ledger.sqlite",
                identity: LedgerIdentity(
                    cluster: self.configuration.cluster,
                    node: self.configuration.node.rawValue
                )
            )
            let store = FlagStore(restoring: try ledger.load())
            let log = try self.restoredLog(storage, applied: store.applied)
            self.logger.notice(
                "data folder opened",
                metadata: [
                    "folder": "\(folder)", "applied": "\(store.applied)",
                    "last": "\(storage.last)", "torn_bytes_cut": "\(storage.recovered.tailCut)",
                ]
            )
            return Recovery(storage: storage, ledger: ledger, store: store, log: log)
        } catch let error as NodeError {
            storage.close()
            throw error
        } catch {
            storage.close()
            throw NodeError(.ledger, "\(error)")
        }
    }

    /// The log's end is read into memory: what the record store lacks must be applied again.
    private func restoredLog(
        _ storage: LogStorage<PosixFileSystem>,
        applied: Revision
    ) throws -> RestoredLog {
        guard applied.rawValue <= storage.last.index.rawValue else {
            throw NodeError(
                .storage,
                "the record store in \(self.configuration.data) holds revision \(applied), but "
                    + "the log ends at \(storage.last.index): the log was lost or replaced; remove "
                    + "the folder and let this node join again under a new id"
            )
        }
        var tail: [Entry] = []
        var next = LogIndex(applied.rawValue + 1)
        while next <= storage.last.index {
            let entries = try storage.read(
                from: next,
                through: storage.last.index,
                bytesMax: NodeLimits.recoveryReadBytesMax
            )
            guard let last = entries.last else { break }
            tail.append(contentsOf: entries)
            next = last.index.next
        }
        return RestoredLog(
            hardState: storage.hardState,
            first: storage.first,
            last: storage.last,
            tail: tail,
            applied: LogIndex(applied.rawValue)
        )
    }

    // MARK: TLS

    private func makeContexts() throws -> Contexts {
        let credentials = self.configuration.credentials
        let cluster = self.configuration.cluster
        func make(
            _ role: TLSConfiguration.Role,
            alpn: String,
            _ verification: TLSConfiguration.ClientVerification,
            _ peers: PeerPolicy
        ) throws -> TLSContext {
            do throws(TLSError) {
                return try TLSContext.make(
                    TLSConfiguration(
                        role: role,
                        alpn: alpn,
                        certificate: .file(credentials.certificate),
                        key: .file(credentials.key),
                        authority: .file(credentials.authority),
                        clientVerification: verification,
                        peers: peers
                    )
                )
            } catch {
                throw NodeError(.identity, "\(error)")
            }
        }
        let peerServer = try make(
            .server,
            alpn: NodeLimits.peerProtocol,
            .required,
            .anyNode(cluster: cluster)
        )
        let expected = PeerPolicy.node(self.configuration.node.rawValue, cluster: cluster)
        guard let identity = peerServer.identity, expected.accepts(identity) else {
            throw NodeError(
                .identity,
                "the certificate \(credentials.certificate) names "
                    + "\(peerServer.identity.map { "\($0)" } ?? "nobody"), but this is "
                    + "\(expected); issue one with `bandera certificates issue`"
            )
        }
        return Contexts(
            peerServer: peerServer,
            peerClient: try make(
                .client,
                alpn: NodeLimits.peerProtocol,
                .none,
                .anyNode(cluster: cluster)
            ),
            clientServer: try make(
                .server,
                alpn: NodeLimits.clientProtocol,
                .optional,
                .member(cluster: cluster)
            )
        )
    }

    // MARK: Assembly

    private func assemble(
        _ recovery: Recovery,
        _ contexts: Contexts,
        _ access: AccessPolicy,
        _ consensusGroup: MultiThreadedEventLoopGroup,
        _ clientGroup: MultiThreadedEventLoopGroup
    ) async throws -> Node {
        let failure = FailureSignal()
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
        let ledger = LedgerThread(ledger: recovery.ledger, applied: recovery.store.applied) {
            event in
            consensusEventLoop.execute { consensus.value.received(event) }
        }
        let surroundings = ClientLoop.Surroundings(
            cluster: self.configuration.cluster,
            local: self.configuration.local,
            incarnation: incarnation,
            access: access,
            ledger: ledger,
            ask: { requests in
                // On a shared loop the requests join the turn that is being taken.
                if consensusEventLoop.inEventLoop {
                    consensus.value.received(requests)
                } else {
                    consensusEventLoop.execute { consensus.value.received(requests) }
                }
            },
            logger: self.logger
        )
        let clients = try await self.makeClients(
            clientGroup,
            store: recovery.store,
            surroundings
        )
        let servers = try await self.listen(contexts, clients, consensus, clientGroup)
        try await consensusEventLoop.submit {
            consensus.value.start(
                ConsensusLoop.Surroundings(
                    log: log,
                    ledger: ledger,
                    clients: clients.map { $0.port },
                    fail: { failure.fail($0) }
                ),
                links: self.makeLinks(consensus.value, contexts)
            )
        }.get()
        let threads = NodeThreads(
            consensusGroup: consensusGroup,
            clientGroup: clientGroup,
            log: log,
            ledger: ledger
        )
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

    private func makeConsensus(
        _ recovery: Recovery,
        incarnation: UInt64,
        on eventLoop: any EventLoop
    ) async throws -> NIOLoopBound<ConsensusLoop> {
        var raft = RaftConfiguration(
            id: self.configuration.node,
            voters: self.configuration.members.map(\.id),
            heartbeatInterval: self.configuration.timing.heartbeat,
            electionTimeoutMin: self.configuration.timing.electionMin,
            electionTimeoutMax: self.configuration.timing.electionMax,
            seed: UInt64.random(in: 1...UInt64.max)
        )
        do throws(RaftError) {
            raft = try raft.validated()
        } catch {
            throw NodeError(.configuration, "configuration: \(error)")
        }
        let members = self.configuration.members
        let local = self.configuration.node
        let logger = self.logger
        let log = recovery.log
        let store = recovery.store
        let core = RaftNode(configuration: raft, restored: log, now: ConsensusLoop.now)
        return try await eventLoop.submit {
            let replica = Replica(
                configuration: ReplicaConfiguration(
                    members: members,
                    local: local,
                    incarnation: incarnation
                ),
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
    private struct Client: Sendable {
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

    private func makeLinks(_ consensus: ConsensusLoop, _ contexts: Contexts) -> [PeerLink] {
        let peers = self.configuration.members.filter { $0.id != self.configuration.node }
        return peers.compactMap { member in
            guard let endpoint = SocketEndpoint(member.peerAddress) else { return nil }
            return PeerLink(
                route: PeerLink.Route(
                    peer: member.id,
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

    // MARK: Listeners

    private func listen(
        _ contexts: Contexts,
        _ clients: [Client],
        _ consensus: NIOLoopBound<ConsensusLoop>,
        _ clientGroup: MultiThreadedEventLoopGroup
    ) async throws -> (peer: TransportServer, client: TransportServer) {
        let local = self.configuration.local
        let peers = self.configuration.members.map(\.id).filter { $0 != local.id }
        let logger = self.logger
        let peer = try await self.bind(
            local.peerAddress,
            contexts.peerServer,
            consensus.eventLoop,
            self.peerLimits
        ) { _ in
            PeerService(
                consensus: consensus.value,
                members: peers,
                logger: logger,
                reached: { consensus.value.reached($0) }
            )
        }
        do {
            let client = try await self.bind(
                local.clientAddress,
                contexts.clientServer,
                clientGroup,
                self.clientLimits
            ) { eventLoop in
                guard let client = clients.first(where: { $0.loop.eventLoop === eventLoop })
                else { preconditionFailure("a connection came on a foreign event loop") }
                return client.loop.value
            }
            return (peer, client)
        } catch {
            await peer.shutdown(grace: .zero)
            throw error
        }
    }

    private func bind(
        _ address: String,
        _ tls: TLSContext,
        _ group: any EventLoopGroup,
        _ limits: TransportLimits,
        service: @escaping @Sendable (any EventLoop) -> any TransportService
    ) async throws -> TransportServer {
        guard let endpoint = SocketEndpoint(address) else {
            throw NodeError(.configuration, "\"\(address)\" is not an address")
        }
        do throws(TransportError) {
            return try await TransportServer.bind(
                host: endpoint.host,
                port: endpoint.port,
                tls: tls,
                group: group,
                limits: limits,
                hello: self.hello(limits),
                service: service
            )
        } catch {
            throw NodeError(.listener, "\(error)")
        }
    }

    private func hello(_ limits: TransportLimits) -> Settings {
        Settings(
            limits: limits.wire,
            cluster: self.configuration.cluster,
            nodeID: self.configuration.node.rawValue,
            region: self.configuration.local.region
        )
    }

    private var clientLimits: TransportLimits {
        var limits = TransportLimits()
        limits.connectionsMax = NodeLimits.clientConnectionsMax
        return limits
    }

    /// Raft bounds what is in flight between nodes by itself, by messages and bytes.
    private var peerLimits: TransportLimits {
        var limits = TransportLimits(wire: .peer)
        limits.connectionsMax = NodeLimits.peerConnectionsMax
        limits.keepAliveInterval = .seconds(2)
        limits.keepAliveTimeout = .seconds(2)
        return limits
    }
}
