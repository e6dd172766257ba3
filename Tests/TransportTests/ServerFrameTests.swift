import NIOCore
import NIOEmbedded
import Testing
import Transport
import Wire

/// What a server makes of frames, one byte stream at a time, without sockets.
@Suite struct ServerFrameTests {
    @Test func answersAUnaryCall() throws {
        let service = ScriptedService()
        let peer = try EmbeddedPeer.openServer(service)
        try peer.request(1, "echo", body: [1, 2, 3])
        let frames = try peer.frames()
        #expect(frames.map(\.header.type) == [.end])
        #expect(frames.first?.end == End(status: .ok, body: [1, 2, 3]))
        #expect(frames.first?.header.stream == StreamID(1))
        #expect(service.log == ["opened", "request echo"])
    }

    @Test func answersAnUnknownMethodWithUnimplemented() throws {
        let peer = try EmbeddedPeer.openServer(DefaultService())
        try peer.request(1, "no.such/Method")
        let end = try #require(try peer.frames().first?.end)
        #expect(end.status.code == .unimplemented)
        #expect(end.status.message.contains("no.such/Method"))
    }

    @Test func answersAllRequestsOfOneReadInOneWrite() throws {
        let peer = try EmbeddedPeer.openServer(ScriptedService())
        let before = peer.writeCount
        let requests = (1...200).flatMap { stream in
            Request(method: "echo", body: [UInt8(stream % 256)])
                .encodeFrame(.request, flags: .endStream, stream: StreamID(UInt32(stream)))
        }
        try peer.send(requests)
        let frames = try peer.frames()
        #expect(frames.count == 200)
        #expect(frames.map(\.header.stream.rawValue) == Array(1...200))
        #expect(peer.writeCount == before + 1)
    }

    @Test func gathersWhatIsSentOutsideOfAReadIntoOneWrite() throws {
        let service = ScriptedService()
        let peer = try EmbeddedPeer.openServer(service)
        for stream in UInt32(1)...50 { try peer.request(stream, "hold") }
        let before = peer.writeCount
        for call in service.calls { call.end(.ok) }
        #expect(try peer.frames().count == 50)
        #expect(peer.writeCount == before + 1)
    }

    @Test func readsFramesThatAreCutAnywhere() throws {
        let request = Request(method: "echo", body: [9, 9])
            .encodeFrame(.request, flags: .endStream, stream: StreamID(1))
        for cut in 1..<request.count {
            let peer = try EmbeddedPeer.openServer(ScriptedService())
            try peer.send(Array(request[..<cut]))
            #expect(try peer.frames().isEmpty)
            try peer.send(Array(request[cut...]))
            #expect(try peer.frames().first?.end?.body == [9, 9], "cut at \(cut)")
        }
    }

    @Test func refusesAFrameOnAStreamThatWasNeverOpened() throws {
        let service = ScriptedService()
        let peer = try EmbeddedPeer.openServer(service)
        try peer.data(7, [1])
        let goaway = try #require(try peer.frames().last?.goaway)
        #expect(goaway.message.contains("never opened"))
        #expect(service.endReason?.code == .violation)
        #expect(!peer.channel.isActive)
    }

    @Test func refusesAReusedStream() throws {
        let service = ScriptedService()
        let peer = try EmbeddedPeer.openServer(service)
        try peer.request(5, "echo")
        try peer.request(5, "echo")
        let frames = try peer.frames()
        #expect(frames.map(\.header.type) == [.end, .goaway])
        #expect(frames.last?.goaway?.lastStream == StreamID(5))
        #expect(service.log.last == "closed violation")
    }

    @Test func refusesAnOversizedFrameBeforeItArrives() throws {
        var limits = TransportLimits()
        limits.wire = WireLimits(frameBytesMax: 1_000, streamsMax: 8)
        let service = ScriptedService()
        let peer = try EmbeddedPeer.openServer(service, limits: limits)
        // Only the header is sent: the server must not wait for the rest.
        let frame = frameBytes(.request, stream: 1, [UInt8](repeating: 0, count: 1_001))
        try peer.send(Array(frame.prefix(FrameHeader.byteCount)))
        #expect(try peer.frames().last?.goaway?.message.contains("1001 bytes") == true)
        #expect(service.endReason?.code == .violation)
    }

    @Test func reportsAConnectionThatEndsInTheMiddleOfAFrame() throws {
        let service = ScriptedService()
        let peer = try EmbeddedPeer.openServer(service)
        try peer.request(1, "hold")
        try peer.send(Array(frameBytes(.data, stream: 1, [1, 2, 3]).prefix(13)))
        try peer.channel.close().wait()
        peer.loop.run()
        #expect(service.log.suffix(2) == ["cancelled hold", "closed connectionLost"])
    }

    @Test func losesOnlyTheCallWhoseRequestMakesNoSense() throws {
        let peer = try EmbeddedPeer.openServer(ScriptedService())
        try peer.send(frameBytes(.request, flags: .endStream, stream: 1, [0xff, 0xff, 0xff]))
        #expect(try peer.frames().first?.end?.status.code == .invalidArgument)
        // Field 1 (method), two bytes that are not UTF-8.
        try peer.send(frameBytes(.request, flags: .endStream, stream: 2, [0x0a, 2, 0xc3, 0x28]))
        #expect(try peer.frames().first?.end?.status.code == .invalidArgument)
        try peer.request(3, "echo")
        #expect(try peer.frames().first?.end?.status.code == .ok)
    }

    @Test func survivesRandomBytes() throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let service = ScriptedService()
            let peer = try EmbeddedPeer.openServer(service)
            try peer.request(1, "hold", credit: 1)
            for _ in 0..<4 where peer.channel.isActive {
                var bytes = (0..<Int.random(in: 1...64, using: &random)).map { _ in
                    UInt8.random(in: 0...255, using: &random)
                }
                if Bool.random(using: &random) {
                    // A sound header in front, so that payloads are tried as well.
                    let type = FrameType.allCases.randomElement(using: &random) ?? .data
                    bytes = frameBytes(type, stream: type.isOfConnection ? 0 : 1, bytes)
                }
                try peer.send(bytes)
            }
            if peer.channel.isActive { try peer.channel.close().wait() }
            peer.loop.run()
            #expect(service.log.last?.hasPrefix("closed") == true, "seed \(seed)")
            #expect(service.calls.isEmpty, "seed \(seed)")
        }
    }

    @Test func keepsAnAnswerBelowWhatTheClientAccepts() throws {
        let peer = try EmbeddedPeer.openServer(ScriptedService())
        try peer.request(1, "large")
        #expect(try peer.frames().first?.end?.status.code == .resourceExhausted)
    }

    @Test func refusesAnAnswerThatIsLargerThanAnyFrameWhateverTheClientAccepts() throws {
        for spare in [-1, 0, 10] {
            let service = ScriptedService()
            let peer = try EmbeddedPeer.server(service)
            var settings = Settings.test(cluster: "north")
            settings.frameBytesMax = .max
            try peer.greet(settings)
            try peer.request(1, "hold")
            let body = [UInt8](repeating: 0, count: WireLimits.frameBytesCeiling - spare)
            service.calls.first?.end(.ok, body: body)
            let end = try peer.frames().last?.end
            #expect(end?.status.code == .resourceExhausted, "\(spare)")
            #expect(end?.body.isEmpty == true)
        }
    }

    @Test func refusesMoreCallsThanItsLimit() throws {
        var limits = TransportLimits()
        limits.wire = WireLimits(frameBytesMax: 1 << 20, streamsMax: 2)
        let peer = try EmbeddedPeer.openServer(ScriptedService(), limits: limits)
        for stream in UInt32(1)...3 { try peer.request(stream, "hold") }
        let frames = try peer.frames()
        #expect(frames.map(\.header.stream) == [StreamID(3)])
        #expect(frames.first?.end?.status.code == .resourceExhausted)
    }
}

/// SplitMix64, so that a failing run can be repeated.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        self.state = seed
        print("seed \(seed)")
    }

    mutating func next() -> UInt64 {
        self.state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = self.state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
