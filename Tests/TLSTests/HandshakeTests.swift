import NIOCore
import NIOEmbedded
import TLS
import Testing

@Suite struct HandshakeTests {
    @Test func mutualHandshakeTellsBothSidesWhoTheOtherIs() throws {
        let pair = try Pair()
        try pair.pump()
        let client = try PeerIdentity(cluster: Fixture.cluster, name: .node(2))
        let server = try PeerIdentity(cluster: Fixture.cluster, name: .node(1))
        #expect(
            pair.server.recorder.completed
                == TLSHandshakeCompleted(identity: client, alpn: "bandera/1")
        )
        #expect(
            pair.client.recorder.completed
                == TLSHandshakeCompleted(identity: server, alpn: "bandera/1")
        )
        #expect(pair.client.tls.identity == server)
        #expect(pair.client.recorder.errors.isEmpty && pair.server.recorder.errors.isEmpty)
        pair.client.send("hello")
        pair.server.tls.writeNow(ByteBuffer(string: "world"))
        try pair.pump()
        #expect(pair.server.text == "hello")
        #expect(pair.client.text == "world")
    }

    @Test func handshakeSurvivesEveryFragmentation() throws {
        for pieceBytes in 1...64 {
            let pair = try Pair()
            try pair.pump(pieceBytes: pieceBytes)
            #expect(pair.client.tls.isOpen && pair.server.tls.isOpen, "pieces of \(pieceBytes)")
            pair.client.send("hello")
            try pair.pump(pieceBytes: pieceBytes)
            #expect(pair.server.text == "hello", "pieces of \(pieceBytes)")
        }
    }

    @Test func handshakeSurvivesACutAtEveryByte() throws {
        // The client's flight and the server's, cut in two at every place. A context serves all.
        let server = try Fixture.server()
        let client = try Fixture.client()
        let whole = try Pair(client: client, server: server)
        let hello = try whole.client.takeOutput()
        whole.server.deliver(hello)
        let flight = try whole.server.takeOutput()
        for cut in 1..<hello.readableBytes {
            let pair = try Pair(client: client, server: server)
            Self.deliver(try pair.client.takeOutput(), to: pair.server, cutAt: cut)
            try pair.pump()
            #expect(pair.client.tls.isOpen && pair.server.tls.isOpen, "hello cut at \(cut)")
        }
        for cut in 1..<flight.readableBytes {
            let pair = try Pair(client: client, server: server)
            pair.server.deliver(try pair.client.takeOutput())
            Self.deliver(try pair.server.takeOutput(), to: pair.client, cutAt: cut)
            try pair.pump()
            #expect(pair.client.tls.isOpen && pair.server.tls.isOpen, "flight cut at \(cut)")
        }
    }

    /// Signatures vary in length by a few bytes, so that the last cut may lie past the end.
    private static func deliver(_ bytes: ByteBuffer, to end: End, cutAt cut: Int) {
        let cut = min(cut, bytes.readableBytes - 1)
        for range in [0..<cut, cut..<bytes.readableBytes] {
            guard let part = bytes.getSlice(at: range.lowerBound, length: range.count) else {
                return
            }
            end.deliver(part)
        }
    }

    @Test func aClientWithoutCertificateIsServedWhereThatIsAllowed() throws {
        let server = try Fixture.context(
            .server,
            Fixture.issue(.node(1)),
            verification: .optional,
            peers: .member(cluster: Fixture.cluster)
        )
        let client = try Fixture.context(.client, nil, peers: .anyNodeOfAuthority)
        let pair = try Pair(client: client, server: server)
        try pair.pump()
        #expect(
            pair.server.recorder.completed
                == TLSHandshakeCompleted(identity: nil, alpn: "bandera/1")
        )
        #expect(pair.client.tls.isOpen)
    }

    @Test func writesBeforeTheHandshakeArriveAfterIt() throws {
        let pair = try Pair()
        pair.client.send("one ")
        pair.client.tls.writeNow(ByteBuffer(string: "two "))
        pair.client.channel.write(ByteBuffer(string: "three"), promise: nil)
        try pair.pump()
        #expect(pair.server.text == "one two ")
        #expect(!pair.server.recorder.receivedBeforeCompletion)
        pair.client.channel.flush()
        try pair.pump()
        #expect(pair.server.text == "one two three")
    }

    @Test func tooManyWritesBeforeTheHandshakeCloseTheConnection() throws {
        let pair = try Pair()
        for _ in 0...TLSLimits.earlyWritesMax { pair.client.send("x") }
        #expect(pair.client.recorder.errorCodes == [.overloaded])
    }

    @Test func aHandshakeThatDoesNotFinishTimesOut() throws {
        let pair = try Pair()
        pair.loop.advanceTime(by: .milliseconds(TLSLimits.handshakeTimeoutMilliseconds - 1))
        #expect(pair.server.recorder.errors.isEmpty)
        pair.loop.advanceTime(by: .milliseconds(1))
        #expect(pair.server.recorder.errorCodes == [.handshakeTimeout])
        #expect(pair.client.recorder.errorCodes == [.handshakeTimeout])
        #expect(!pair.server.channel.isActive)
        #expect(!pair.client.channel.isActive)
    }

    @Test func aFinishedHandshakeDoesNotTimeOut() throws {
        let pair = try Pair.connected()
        pair.loop.advanceTime(by: .hours(1))
        #expect(pair.client.tls.isOpen && pair.server.tls.isOpen)
    }
}
