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

/// The two listeners, and what each allows.
extension NodeStart {
    func listen(
        _ contexts: Contexts,
        _ clients: [Client],
        _ consensus: NIOLoopBound<ConsensusLoop>,
        _ clientGroup: MultiThreadedEventLoopGroup
    ) async throws -> (peer: TransportServer, client: TransportServer) {
        let local = self.configuration.local
        let logger = self.logger
        let listen = self.configuration.listen
        let peer = try await self.bind(
            listen.peer ?? local.peerAddress,
            contexts.peerServer,
            consensus.eventLoop,
            self.peerLimits
        ) { _ in
            PeerService(
                consensus: consensus.value,
                local: local.id,
                logger: logger,
                reached: { consensus.value.reached($0) }
            )
        }
        do {
            let client = try await self.bind(
                listen.client ?? local.clientAddress,
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

    func bind(
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

    func hello(_ limits: TransportLimits) -> Settings {
        Settings(
            limits: limits.wire,
            cluster: self.configuration.cluster,
            nodeID: self.configuration.node.rawValue,
            region: self.configuration.local.region
        )
    }

    var clientLimits: TransportLimits {
        var limits = TransportLimits()
        limits.connectionsMax = NodeLimits.clientConnectionsMax
        return limits
    }

    /// Raft bounds what is in flight between nodes by itself, by messages and bytes.
    var peerLimits: TransportLimits {
        var limits = TransportLimits(wire: .peer)
        limits.connectionsMax = NodeLimits.peerConnectionsMax
        limits.keepAliveInterval = .seconds(2)
        limits.keepAliveTimeout = .seconds(2)
        return limits
    }
}
