import BanderaClient
import Testing

@Suite struct EndpointTests {
    @Test func readsHostAndPort() throws {
        let endpoint = try #require(Endpoint("node-1.mx.example:7001", region: "MX"))
        #expect(endpoint.host == "node-1.mx.example")
        #expect(endpoint.port == 7001)
        #expect(endpoint.description == "node-1.mx.example:7001 (MX)")
    }

    @Test func readsAnAddressInBrackets() throws {
        let endpoint = try #require(Endpoint("[::1]:7001"))
        #expect(endpoint.host == "::1")
        #expect(endpoint.address == "[::1]:7001")
    }

    @Test(arguments: [
        "", ":7001", "host", "host:", "host:0", "host:65536", "host:7x", "::1:7001", "[::1:7001",
        "[]:1", "a b:1", "host:-1",
    ])
    func refusesWhatIsNoEndpoint(_ text: String) {
        #expect(Endpoint(text) == nil)
    }
}
