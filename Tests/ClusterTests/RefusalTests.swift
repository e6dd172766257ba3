import BanderaClient
import ClientProtocol
import Flags
import LocalCluster
import NIOPosix
import TLS
import Testing
import Transport
import Wire

extension ClusterTests {
    /// Who may connect.
    @Suite
    struct RefusalTests {
        @Test func certificatesOfStrangersAreRefusedOnBothPorts() async throws {
            try await ClusterTests.withCluster { cluster, client in
                let own = try #require(cluster.certificates)
                let foreignFolder = try ScratchFolder(under: "/tmp")
                defer { foreignFolder.remove() }
                let foreign = try ClusterCertificates(
                    cluster: cluster.access.cluster,
                    folder: foreignFolder.path
                )
                try foreign.issue(.node(1), file: "foreign")
                try own.issue(
                    .node(1),
                    file: "expired",
                    validity: ClusterCertificates.validity(fromDaysAgo: 9, untilDays: -1)
                )
                try own.issue(
                    .node(1),
                    file: "early",
                    validity: ClusterCertificates.validity(fromDaysAgo: -1, untilDays: 9)
                )
                let elsewhere = try PeerIdentity(cluster: "elsewhere", name: .node(2))
                try own.authority.issue(elsewhere, validity: ClusterCertificates.validity())
                    .write(
                        certificatePath: own.certificatePath("elsewhere"),
                        keyPath: own.keyPath("elsewhere")
                    )

                for port in Port.allCases {
                    for (certificates, name) in [
                        (foreign, "foreign"), (own, "expired"), (own, "early"), (own, "elsewhere"),
                    ] {
                        let dial = Dial(cluster, port, authority: own.authorityPath)
                        await dial.expectRefusal(certificates, name)
                    }
                }
                let status = try await client.status()
                #expect(status.leader != nil)
            }
        }

        @Test func thePeerPortTakesOnlyNodesAndAlwaysAsksForACertificate() async throws {
            try await ClusterTests.withCluster { cluster, _ in
                let own = try #require(cluster.certificates)
                let dial = Dial(cluster, .peer, authority: own.authorityPath)
                await dial.expectRefusal(own, "operator")
                await dial.expectRefusal(own, "sdk")
                await dial.expectRefusal(own, nil)
            }
        }

        @Test func aConnectionOfAnotherClustersNameIsRefusedOnBothPorts() async throws {
            try await ClusterTests.withCluster { cluster, _ in
                let own = try #require(cluster.certificates)
                for port in Port.allCases {
                    let dial = Dial(cluster, port, authority: own.authorityPath)
                    await dial.expectRefusal(own, "node-2", claiming: "elsewhere")
                    try await dial.connect(own, "node-2").close()
                }
            }
        }

        @Test func aCallWithoutAnyCredentialsOrWithAnUnknownTokenIsUnauthorized() async throws {
            try await ClusterTests.withCluster { cluster, _ in
                let own = try #require(cluster.certificates)
                var access = cluster.access
                for token in ["", "not-a-token"] {
                    access.credentials = .token(token, authority: own.authorityPath)
                    let stranger = try access.client(timeout: .seconds(3))
                    defer { stranger.shutdown() }
                    await #expect(throws: BanderaError(.unauthorized, "")) {
                        try await stranger.status()
                    }
                }
            }
        }

        @Test func anEnvironmentsCertificateOpensNoOtherEnvironmentAndWritesNothing() async throws {
            try await ClusterTests.withCluster { cluster, client in
                let revision = try await client.write(
                    .createFlag(ClusterTests.environment, ClusterTests.definition("own"))
                )
                let own = try #require(cluster.certificates)
                try own.issue(
                    .sdk(organization: "acme", environment: "staging"),
                    file: "staging"
                )
                var access = cluster.access
                access.credentials = own.credentials("sdk")
                let reader = try access.client()
                defer { reader.shutdown() }
                let flag = try await reader.getFlag(
                    FlagKey("own"),
                    in: ClusterTests.environment,
                    atLeast: revision
                ).flag
                #expect(flag.key == FlagKey("own"))
                await #expect(throws: BanderaError(.unauthorized, "")) {
                    try await reader.write(.archiveFlag(ClusterTests.environment, FlagKey("own")))
                }
                access.credentials = own.credentials("staging")
                let neighbour = try access.client()
                defer { neighbour.shutdown() }
                await #expect(throws: BanderaError(.unauthorized, "")) {
                    try await neighbour.getFlag(FlagKey("own"), in: ClusterTests.environment)
                }
            }
        }
    }
}

/// One of a node's two listeners.
enum Port: CaseIterable {
    case client
    case peer

    var applicationProtocol: String { self == .client ? "bandera/1" : "bandera-peer/1" }

    func endpoint(of node: LocalNode) -> Endpoint { self == .client ? node.client : node.peer }
}

/// Dials node 1 with whatever certificate a test comes up with.
struct Dial {
    let cluster: LocalCluster
    let port: Port
    let authority: String

    init(_ cluster: LocalCluster, _ port: Port, authority: String) {
        self.cluster = cluster
        self.port = port
        self.authority = authority
    }

    /// Connects with the certificate called `name`; `nil` shows none.
    func connect(
        _ certificates: ClusterCertificates,
        _ name: String?,
        claiming cluster: String? = nil
    ) async throws -> TransportConnection {
        let context = try TLSContext.make(
            TLSConfiguration(
                role: .client,
                alpn: self.port.applicationProtocol,
                certificate: name.map { .file(certificates.certificatePath($0)) },
                key: name.map { .file(certificates.keyPath($0)) },
                authority: .file(self.authority),
                peers: .anyNode(cluster: self.cluster.access.cluster)
            )
        )
        let endpoint = self.port.endpoint(of: try self.cluster.node(1))
        let limits = self.port == .client ? WireLimits.client : WireLimits.peer
        return try await TransportConnection.connect(
            host: endpoint.host,
            port: endpoint.port,
            tls: context,
            settings: Settings(
                limits: limits,
                cluster: cluster ?? self.cluster.access.cluster,
                nodeID: self.port == .peer ? 2 : 0
            ),
            limits: TransportLimits(wire: limits),
            on: MultiThreadedEventLoopGroup.singleton.next()
        )
    }

    /// Expects that the node does not go on with such a connection.
    func expectRefusal(
        _ certificates: ClusterCertificates,
        _ name: String?,
        claiming cluster: String? = nil
    ) async {
        await #expect(throws: (any Error).self, "\(name ?? "no certificate") on \(self.port)") {
            let connection = try await self.connect(certificates, name, claiming: cluster)
            connection.close()
        }
    }
}
