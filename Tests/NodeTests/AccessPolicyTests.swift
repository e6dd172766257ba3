import ClientProtocol
import FlagStore
import Flags
import Node
import TLS
import Testing
import Wire

/// Who a caller is: by certificate, by the configuration file, by the replicated state.
struct AccessPolicyTests {
    static let own = EnvironmentID(organization: "acme", environment: "production")
    static let token = Array("correct horse battery staple".utf8)
    static let now = Timestamp(milliseconds: 1_000_000)

    @Test func operatorsAndNodesAreThePlatform() throws {
        let policy = try Self.policy()
        for name in [PeerIdentity.Name.operator("ana"), .node(1)] {
            let identity = try PeerIdentity(cluster: "dev", name: name)
            let caller = try policy.caller(
                certificate: identity,
                token: [],
                store: FlagStore(),
                now: Self.now
            )
            #expect(caller.authority == .platform)
        }
    }

    @Test func anSDKsCertificateIsLimitedToItsEnvironment() throws {
        let name = PeerIdentity.Name.sdk(organization: "acme", environment: "production")
        let caller = try Self.policy().caller(
            certificate: try PeerIdentity(cluster: "dev", name: name),
            token: [],
            store: FlagStore(),
            now: Self.now
        )
        #expect(caller.actor == "sdk/acme/production")
        #expect(caller.authority == Self.serverSDK)
    }

    @Test func aTokenOfTheConfigurationStandsForItsIdentity() throws {
        let caller = try Self.caller(Self.token, in: FlagStore())
        #expect(caller == Caller(actor: "sdk/acme/production", authority: Self.serverSDK))
    }

    @Test func nobodyAndAnUnknownTokenAreNotAuthenticated() throws {
        for token in [[], Array("guess".utf8)] {
            Self.expectRefused(token, in: FlagStore())
        }
    }

    @Test func aCertificateOfAnotherClusterIsNobody() throws {
        let identity = try PeerIdentity(cluster: "other", name: .operator("eve"))
        #expect(throws: Status.self) {
            try Self.policy().caller(
                certificate: identity,
                token: [],
                store: FlagStore(),
                now: Self.now
            )
        }
    }

    @Test func aTokenForAnotherClusterIsRefusedAtStart() {
        #expect(throws: NodeError(.configuration, "")) {
            try AccessPolicy(
                cluster: "dev",
                tokens: [
                    NodeConfiguration.Token(
                        sha256: SHA256.hex(Self.token),
                        identity: "spiffe://other/operator/eve"
                    )
                ]
            )
        }
    }

    // MARK: Tokens of the replicated state

    @Test func aMembersTokenIsWorthWhatItsMemberMayDoNow() throws {
        var tenant = TokenTenant()
        tenant.put(member: "ana", .releaseManager)
        tenant.create("t1", "secret", role: .releaseManager, member: "ana")
        let first = try Self.caller(Array("secret".utf8), in: tenant.store)
        #expect(first.actor == "member/acme/ana")
        #expect(first.authority == Authority(role: .releaseManager, organization: "acme"))
        tenant.put(member: "ana", .viewer)
        let second = try Self.caller(Array("secret".utf8), in: tenant.store)
        #expect(second.authority.role == .viewer)
        tenant.apply(.removeMember("acme", "ana"))
        Self.expectRefused(Array("secret".utf8), in: tenant.store)
    }

    @Test func aRevokedTokenIsRefused() throws {
        var tenant = TokenTenant()
        tenant.create("t1", "secret", role: .developer)
        let caller = try Self.caller(Array("secret".utf8), in: tenant.store)
        #expect(caller.actor == "token/acme/t1")
        tenant.apply(.revokeToken("acme", "t1"))
        Self.expectRefused(Array("secret".utf8), in: tenant.store)
    }

    @Test func aTokenExpiresByTheWallClock() throws {
        var tenant = TokenTenant()
        let end = Timestamp(milliseconds: Self.now.milliseconds + 1)
        tenant.create("t1", "secret", role: .developer, expires: end)
        _ = try Self.caller(Array("secret".utf8), in: tenant.store)
        Self.expectRefused(Array("secret".utf8), in: tenant.store, now: end)
    }

    // MARK: Helpers

    private static let serverSDK = Authority(
        role: .serverSDK,
        organization: "acme",
        environment: "production"
    )

    private static func caller(
        _ token: [UInt8],
        in store: FlagStore,
        now: Timestamp = now
    ) throws(Status) -> Caller {
        guard let policy = try? Self.policy() else { throw Status(code: .internal) }
        return try policy.caller(certificate: nil, token: token, store: store, now: now)
    }

    private static func expectRefused(
        _ token: [UInt8],
        in store: FlagStore,
        now: Timestamp = now
    ) {
        do throws(Status) {
            _ = try Self.caller(token, in: store, now: now)
            Issue.record("it was accepted")
        } catch {
            #expect(error.code == .unauthenticated)
        }
    }

    private static func policy() throws -> AccessPolicy {
        try AccessPolicy(
            cluster: "dev",
            tokens: [
                NodeConfiguration.Token(
                    sha256: SHA256.hex(Self.token),
                    identity: "spiffe://dev/sdk/acme/production"
                )
            ]
        )
    }
}

/// A store with one organization, its members and tokens.
private struct TokenTenant {
    private(set) var store = FlagStore()

    init() {
        self.apply(.putOrganization(Organization(id: "acme", name: "Acme")))
        let id = EnvironmentID(organization: "acme", environment: "production")
        self.apply(.putEnvironment(Environment(id: id, name: "Production")))
    }

    mutating func put(member: String, _ role: Role) {
        self.apply(.putMember(TeamMember(organization: "acme", name: member, role: role)))
    }

    mutating func create(
        _ id: String,
        _ secret: String,
        role: Role,
        member: String = "",
        expires: Timestamp? = nil
    ) {
        let token = AccessToken(
            id: id,
            organization: "acme",
            role: role,
            member: member,
            sha256: SHA256.hex(Array(secret.utf8)),
            expiresAt: expires
        )
        self.apply(.createToken(token))
    }

    mutating func apply(_ command: Command) {
        let revision = Revision(self.store.applied.rawValue + 1)
        let time = Timestamp(milliseconds: 500_000)
        let stamp = CommandStamp(revision: revision, time: time, actor: "operator/test")
        let applied = self.store.apply(command, stamp: stamp)
        if case .refused(let refusal) = applied.outcome {
            Issue.record("\(command) was refused: \(refusal.message)")
        }
    }
}
