internal import BanderaClient
internal import LocalCluster
internal import NIOCore
internal import TLS
internal import Transport
internal import Wire

/// Opens the connections of a load, all with the same identity, on one event loop.
struct LoadDialer {
    private static let applicationProtocol = "bandera/1"

    private let tls: TLSContext
    private let settings: Settings
    private let limits: TransportLimits
    private let eventLoop: any EventLoop

    init(_ access: ClusterAccess, on eventLoop: any EventLoop) throws {
        var certificate: TLSConfiguration.PEM?
        var key: TLSConfiguration.PEM?
        var token: [UInt8] = []
        let authority: String
        switch access.credentials {
        case .certificate(let authorityPath, let certificatePath, let keyPath):
            authority = authorityPath
            certificate = .file(certificatePath)
            key = .file(keyPath)
        case .token(let text, let authorityPath):
            authority = authorityPath
            token = Array(text.utf8)
        }
        self.tls = try TLSContext.make(
            TLSConfiguration(
                role: .client,
                alpn: Self.applicationProtocol,
                certificate: certificate,
                key: key,
                authority: .file(authority),
                peers: access.cluster.isEmpty
                    ? .anyNodeOfAuthority : .anyNode(cluster: access.cluster)
            )
        )
        self.settings = Settings(limits: .client, cluster: access.cluster, sessionToken: token)
        var limits = TransportLimits()
        // Thousands of handshakes share two cores with the servers that they are with.
        limits.handshakeTimeout = .seconds(30)
        // A load is never silent for long, and pings are not what is measured.
        limits.keepAliveInterval = .seconds(60)
        self.limits = limits
        self.eventLoop = eventLoop
    }

    /// Dials one connection.
    func dial(_ endpoint: Endpoint) -> EventLoopFuture<TransportConnection> {
        TransportConnection.dial(
            host: endpoint.host,
            port: endpoint.port,
            tls: self.tls,
            settings: self.settings,
            limits: self.limits,
            on: self.eventLoop
        )
    }

    /// Dials `count` connections, a bounded number at a time.
    func dial(_ endpoint: Endpoint, count: Int) async throws -> [TransportConnection] {
        var connections: [TransportConnection] = []
        connections.reserveCapacity(count)
        while connections.count < count {
            let batch = min(BenchLimits.dialsMax, count - connections.count)
            let dials = (0..<batch).map { _ in self.dial(endpoint) }
            for dial in dials { connections.append(try await dial.get()) }
        }
        return connections
    }
}
