import NIOCore
import NIOEmbedded
import TLS
import Testing

/// Who is refused, by whom, and with which words.
@Suite struct RefusalTests {
    /// Runs a handshake that must fail; no plaintext may have been handed out on the way.
    private func refuse(
        client: TLSContext? = nil,
        server: TLSContext? = nil,
        clientPeers: PeerPolicy? = nil
    ) throws -> Pair {
        let pair = try Pair(
            client: client ?? Fixture.client(),
            server: server ?? Fixture.server(),
            clientPeers: clientPeers
        )
        pair.client.send("secret")
        try pair.pump()
        #expect(pair.server.recorder.completed == nil)
        #expect(pair.server.text.isEmpty)
        pair.loop.advanceTime(by: .milliseconds(TLSLimits.closeTimeoutMilliseconds))
        #expect(!pair.server.channel.isActive && !pair.client.channel.isActive)
        return pair
    }

    @Test func anotherApplicationProtocolIsRefusedByAnAlert() throws {
        let client = try Fixture.context(
            .client,
            Fixture.issue(.node(2)),
            alpn: "bandera-peer/1"
        )
        let pair = try self.refuse(client: client)
        #expect(pair.server.recorder.errorCodes == [.alpn])
        #expect(pair.client.recorder.errorCodes == [.alpn])
        let words = String(describing: try #require(pair.server.recorder.errors.first))
        #expect(words.contains("bandera-peer/1"))
    }

    @Test func aClientWithoutCertificateIsRefused() throws {
        let client = try Fixture.context(.client, nil)
        let pair = try self.refuse(client: client)
        #expect(pair.server.recorder.errorCodes == [.verification])
        #expect(pair.client.recorder.errorCodes == [.verification])
    }

    @Test func aClientOfAnotherAuthorityIsRefused() throws {
        let stranger = try Fixture.issue(.node(2), by: Fixture.foreignAuthority)
        let pair = try self.refuse(client: Fixture.context(.client, stranger))
        #expect(pair.server.recorder.errorCodes == [.verification])
        #expect(pair.client.recorder.errorCodes == [.verification])
    }

    @Test func aServerOfAnotherAuthorityIsRefused() throws {
        let stranger = try Fixture.issue(.node(1), by: Fixture.foreignAuthority)
        let pair = try self.refuse(server: Fixture.context(.server, stranger))
        #expect(pair.client.recorder.errorCodes == [.verification])
        #expect(pair.client.recorder.completed == nil)
        #expect(pair.server.recorder.errorCodes == [.verification])
    }

    @Test func anOptionalCertificateIsVerifiedWhenShown() throws {
        let server = try Fixture.context(
            .server,
            Fixture.issue(.node(1)),
            verification: .optional
        )
        let stranger = try Fixture.issue(.node(2), by: Fixture.foreignAuthority)
        let pair = try self.refuse(client: Fixture.context(.client, stranger), server: server)
        #expect(pair.server.recorder.errorCodes == [.verification])
    }

    @Test func anExpiredCertificateIsRefusedOnBothSides() throws {
        let old = try Fixture.context(.client, Fixture.issue(.node(2), validity: Fixture.past))
        let pair = try self.refuse(client: old)
        #expect(pair.server.recorder.errorCodes == [.verification])
        #expect(String(describing: pair.server.recorder.errors).contains("expired"))
        let oldServer = try Fixture.context(
            .server,
            Fixture.issue(.node(1), validity: Fixture.past)
        )
        let other = try self.refuse(server: oldServer)
        #expect(other.client.recorder.errorCodes == [.verification])
        #expect(String(describing: other.client.recorder.errors).contains("expired"))
    }

    @Test func aCertificateThatIsNotYetValidIsRefused() throws {
        let early = try Fixture.context(.client, Fixture.issue(.node(2), validity: Fixture.future))
        let pair = try self.refuse(client: early)
        #expect(pair.server.recorder.errorCodes == [.verification])
        #expect(String(describing: pair.server.recorder.errors).contains("not valid yet"))
    }

    @Test func aNodeOfAnotherClusterIsRefusedUnderTheSameAuthority() throws {
        let foreign = try Fixture.issue(.node(2), cluster: "other.bandera")
        let pair = try self.refuse(client: Fixture.context(.client, foreign))
        #expect(pair.server.recorder.errorCodes == [.identity])
        #expect(pair.client.recorder.errorCodes == [.verification])
        let server = try Fixture.context(
            .server,
            Fixture.issue(.node(1), cluster: "other.bandera")
        )
        let other = try self.refuse(server: server)
        #expect(other.client.recorder.errorCodes == [.identity])
    }

    @Test func aServerWithAnotherNodeIdIsRefused() throws {
        let pair = try self.refuse(clientPeers: .node(3, cluster: Fixture.cluster))
        #expect(pair.client.recorder.errorCodes == [.identity])
        let words = String(describing: pair.client.recorder.errors)
        #expect(words.contains("/node/1") && words.contains("/node/3"))
    }

    @Test func anSDKIsNoNode() throws {
        let sdk = try Fixture.issue(.sdk(organization: "acme", environment: "production"))
        let pair = try self.refuse(client: Fixture.context(.client, sdk))
        #expect(pair.server.recorder.errorCodes == [.identity])
    }

    @Test func aServerCertificateMustBeANodes() throws {
        let member = try Fixture.issue(.operator("ana"))
        let pair = try self.refuse(server: Fixture.context(.server, member))
        #expect(pair.client.recorder.errorCodes == [.identity])
    }

    @Test(arguments: [
        ("URI:spiffe://test.bandera/node/2,URI:spiffe://test.bandera/node/3", "two names"),
        ("DNS:node2", "no URI"),
        ("URI:spiffe://test.bandera/node/02", "another spelling"),
        ("URI:https://test.bandera/node/2", "not SPIFFE"),
    ])
    func anOddNameIsRefused(names: String, why: String) throws {
        let odd = try Fixture.authority.get().issue(
            commonName: "odd",
            alternativeNames: names,
            extendedUsage: "serverAuth,clientAuth",
            validity: Fixture.always
        )
        #expect(throws: TLSError(.identity, "")) { try Fixture.context(.client, odd) }
    }

    @Test func aCertificateForServersOnlyCannotBeAClient() throws {
        let odd = try Fixture.authority.get().issue(
            commonName: "odd",
            alternativeNames: "URI:spiffe://test.bandera/node/2",
            extendedUsage: "serverAuth",
            validity: Fixture.always
        )
        let pair = try self.refuse(client: Fixture.context(.client, odd))
        #expect(pair.server.recorder.errorCodes == [.verification])
    }

    @Test func theAuthoritysOwnCertificateIsNoMember() throws {
        let own = try Fixture.authority.get().certificate
        #expect(throws: TLSError(.identity, "")) { try Fixture.context(.client, own) }
    }
}
