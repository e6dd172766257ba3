internal import NIOCore
internal import TLS
internal import Transport
internal import Wire

/// Opens connections to nodes, always with the same credentials and limits.
struct Dialer: Sendable {
    /// The application protocol of the client port.
    private static let applicationProtocol = "bandera/1"

    private let tls: TLSContext
    private let settings: Settings
    private let limits: TransportLimits

    /// Reads the certificates; refuses what cannot be used, naming it.
    init(
        credentials: ClientConfiguration.Credentials,
        cluster: String,
        region: String,
        connectTimeout: Duration
    ) throws(BanderaError) {
        let authority: String
        var certificate: TLSConfiguration.PEM?
        var key: TLSConfiguration.PEM?
        var token: [UInt8] = []
        switch credentials {
        case .certificate(let authorityPath, let certificatePath, let keyPath):
            authority = authorityPath
            certificate = .file(certificatePath)
            key = .file(keyPath)
        case .token(let text, let authorityPath):
            authority = authorityPath
            token = Array(text.utf8)
        }
        let timeout = connectTimeout.wholeMilliseconds
        let configuration = TLSConfiguration(
            role: .client,
            alpn: Self.applicationProtocol,
            certificate: certificate,
            key: key,
            authority: .file(authority),
            peers: cluster.isEmpty ? .anyNodeOfAuthority : .anyNode(cluster: cluster),
            handshakeTimeoutMilliseconds: timeout
        )
        do throws(TLSError) {
            self.tls = try TLSContext.make(configuration)
        } catch {
            throw BanderaError(.invalidConfiguration, error.description)
        }
        self.settings = Settings(
            limits: .sdk,
            cluster: cluster,
            region: region,
            sessionToken: token
        )
        var limits = TransportLimits(wire: .sdk)
        limits.handshakeTimeout = .milliseconds(max(1, timeout))
        self.limits = limits
    }

    /// Dials `endpoint`; the future fails with `TransportError` only.
    func dial(
        _ endpoint: Endpoint,
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<TransportConnection> {
        TransportConnection.dial(
            host: endpoint.host,
            port: endpoint.port,
            tls: self.tls,
            settings: self.settings,
            limits: self.limits,
            on: eventLoop
        )
    }
}

extension CallFailure {
    /// What a failed dial of `endpoint` means for a call.
    init(_ error: any Error, dialing endpoint: Endpoint) {
        let message = "\(endpoint): \(error)"
        switch (error as? TransportError)?.code {
        case .handshake?, .incompatible?: self = .rejected(message)
        default: self = .unreachable(message)
        }
    }
}
