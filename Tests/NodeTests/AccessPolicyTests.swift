import ClientProtocol
import Flags
import Node
import TLS
import Testing
import Wire

/// Who may call what: denied unless it is listed here as allowed.
struct AccessPolicyTests {
    static let own = EnvironmentID(organization: "acme", environment: "production")
    static let foreign = EnvironmentID(organization: "globex", environment: "production")
    static let token = Array("correct horse battery staple".utf8)

    @Test func operatorsMayCallEverything() throws {
        let policy = try Self.policy()
        for method in ClientMethod.allCases {
            try policy.check(.operator("ana"), calls: method, on: Self.own)
        }
    }

    @Test func anSDKReadsItsOwnEnvironmentAndNothingElse() throws {
        let policy = try Self.policy()
        let allowed: Set<ClientMethod> = [.evaluate, .watch, .getFlag, .listFlags, .topology]
        for method in ClientMethod.allCases {
            if allowed.contains(method) {
                try policy.check(.sdk(Self.own), calls: method, on: Self.own)
            } else {
                #expect(throws: Status.self) {
                    try policy.check(.sdk(Self.own), calls: method, on: Self.own)
                }
            }
            guard method != .topology else { continue }
            #expect(throws: Status.self) {
                try policy.check(.sdk(Self.own), calls: method, on: Self.foreign)
            }
            #expect(throws: Status.self) {
                try policy.check(.sdk(Self.own), calls: method, on: nil)
            }
        }
    }

    @Test func aDenialDoesNotSayWhetherAnEnvironmentExists() throws {
        let policy = try Self.policy()
        do throws(Status) {
            try policy.check(.sdk(Self.own), calls: .watch, on: Self.foreign)
            Issue.record("it was allowed")
        } catch {
            #expect(error.code == .permissionDenied)
            #expect(!error.message.contains("globex"))
        }
    }

    @Test func nodesSeeTheClusterAndNoFlags() throws {
        let policy = try Self.policy()
        try policy.check(.node(1), calls: .status, on: nil)
        try policy.check(.node(1), calls: .topology, on: nil)
        for method in ClientMethod.allCases where method != .status && method != .topology {
            #expect(throws: Status.self) {
                try policy.check(.node(1), calls: method, on: Self.own)
            }
        }
    }

    @Test func aTokenStandsForItsIdentity() throws {
        let principal = try Self.policy().principal(certificate: nil, token: Self.token)
        #expect(principal == .sdk(Self.own))
        #expect(principal.actor == "sdk/acme/production")
    }

    @Test func nobodyAndAnUnknownTokenAreNotAuthenticated() throws {
        let policy = try Self.policy()
        for token in [[], Array("guess".utf8)] {
            do throws(Status) {
                _ = try policy.principal(certificate: nil, token: token)
                Issue.record("it was accepted")
            } catch {
                #expect(error.code == .unauthenticated)
            }
        }
    }

    @Test func aCertificateOfAnotherClusterIsNobody() throws {
        let identity = try PeerIdentity(cluster: "other", name: .operator("eve"))
        #expect(throws: Status.self) {
            try Self.policy().principal(certificate: identity, token: [])
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
