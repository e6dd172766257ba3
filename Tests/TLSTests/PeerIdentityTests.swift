import TLS
import Testing

@Suite struct PeerIdentityTests {
    @Test func theThreeFormsAreParsedAndWrittenAlike() throws {
        let names: [(String, PeerIdentity.Name)] = [
            ("spiffe://acme.example/node/17", .node(17)),
            ("spiffe://acme.example/operator/ana.maria", .operator("ana.maria")),
            (
                "spiffe://acme.example/sdk/acme/production",
                .sdk(organization: "acme", environment: "production")
            ),
        ]
        for (uri, name) in names {
            let identity = try PeerIdentity(uri: uri)
            #expect(identity.cluster == "acme.example")
            #expect(identity.name == name)
            #expect(identity.uri == uri)
        }
    }

    @Test(arguments: [
        "", "spiffe:/", "spiffe://", "spiffe:///node/1", "http://c/node/1", "SPIFFE://c/node/1",
        "spiffe://C/node/1", "spiffe://c:80/node/1", "spiffe://u@c/node/1", "spiffe://c",
        "spiffe://c/", "spiffe://c/node", "spiffe://c/node/", "spiffe://c/node/1/",
        "spiffe://c/node//1", "spiffe://c/./node/1", "spiffe://c/node/..", "spiffe://c/node/0",
        "spiffe://c/node/01", "spiffe://c/node/+1", "spiffe://c/node/-1", "spiffe://c/node/1?q",
        "spiffe://c/node/1#f", "spiffe://c/node/%31", "spiffe://c/node/18446744073709551616",
        "spiffe://c/Node/1", "spiffe://c/operator/a/b", "spiffe://c/sdk/acme",
        "spiffe://c/sdk/acme/production/x", "spiffe://c/operator/\u{e9}", "spiffe://c/node/1 ",
        "spiffe://c\u{0}/node/1", "spiffe://c/other/1",
    ])
    func anythingElseIsRefused(uri: String) {
        #expect(throws: TLSError(.identity, "")) { try PeerIdentity(uri: uri) }
    }

    @Test func namesThatAreTooLongAreRefused() {
        let long = String(repeating: "a", count: 2_048)
        #expect(throws: TLSError(.identity, "")) {
            try PeerIdentity(cluster: "c", name: .operator(long))
        }
        #expect(throws: TLSError(.identity, "")) {
            try PeerIdentity(cluster: String(long.prefix(256)), name: .node(1))
        }
    }

    @Test func aPolicyAcceptsWhomItNames() throws {
        let node = try PeerIdentity(cluster: "c", name: .node(1))
        let other = try PeerIdentity(cluster: "d", name: .node(1))
        let person = try PeerIdentity(cluster: "c", name: .operator("ana"))
        #expect(PeerPolicy.node(1, cluster: "c").accepts(node))
        #expect(!PeerPolicy.node(2, cluster: "c").accepts(node))
        #expect(!PeerPolicy.node(1, cluster: "c").accepts(other))
        #expect(PeerPolicy.anyNode(cluster: "c").accepts(node))
        #expect(!PeerPolicy.anyNode(cluster: "c").accepts(person))
        #expect(!PeerPolicy.anyNode(cluster: "c").accepts(other))
        #expect(PeerPolicy.anyNodeOfAuthority.accepts(other))
        #expect(!PeerPolicy.anyNodeOfAuthority.accepts(person))
        #expect(PeerPolicy.member(cluster: "c").accepts(person))
        #expect(!PeerPolicy.member(cluster: "c").accepts(other))
    }
}
