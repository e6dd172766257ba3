import NIOCore
import NIOEmbedded
import Testing
import Transport
import Wire

/// Greetings, deadlines, credit, keep-alive and the end of a server's connection, in virtual time.
@Suite struct ServerLifeTests {
    @Test func refusesANodeOfAnotherCluster() throws {
        let service = ScriptedService()
        let peer = try EmbeddedPeer.server(service)
        try peer.greet(.test(cluster: "south"))
        let frames = try peer.frames()
        #expect(frames.map(\.header.type) == [.settings, .goaway])
        #expect(frames.last?.goaway?.code == .failedPrecondition)
        #expect(frames.last?.goaway?.message.contains("'south'") == true)
        #expect(service.log == ["refused incompatible"])
        #expect(!peer.channel.isActive)
    }

    @Test func refusesAnotherMajorVersionAndTakesAnotherMinor() throws {
        var settings = Settings.test(cluster: "north")
        settings.protocolMinor = 77
        let service = ScriptedService()
        try EmbeddedPeer.server(service).greet(settings)
        #expect(service.log == ["opened"])

        settings.protocolMajor = 2
        let other = ScriptedService()
        try EmbeddedPeer.server(other).greet(settings)
        #expect(other.log == ["refused incompatible"])
    }

    @Test func refusesAnyFrameBeforeSettingsAndSettingsTwice() throws {
        let early = ScriptedService()
        try EmbeddedPeer.server(early).request(1, "echo")
        #expect(early.log == ["refused violation"])

        let twice = ScriptedService()
        try EmbeddedPeer.openServer(twice).greet()
        #expect(twice.log == ["opened", "closed violation"])
    }

    @Test func cutsAClientThatNeverGreets() throws {
        let service = ScriptedService()
        let peer = try EmbeddedPeer.server(service)
        peer.loop.advanceTime(by: .seconds(4))
        #expect(peer.channel.isActive)
        peer.loop.advanceTime(by: .seconds(2))
        #expect(service.log == ["refused handshakeTimeout"])
        #expect(!peer.channel.isActive)
    }

    @Test func endsACallAtItsDeadline() throws {
        let service = ScriptedService()
        let peer = try EmbeddedPeer.openServer(service)
        try peer.request(1, "hold", timeoutMilliseconds: 250)
        #expect(service.calls.first?.timeRemaining == .milliseconds(250))
        peer.loop.advanceTime(by: .milliseconds(249))
        #expect(try peer.frames().isEmpty)
        peer.loop.advanceTime(by: .milliseconds(1))
        #expect(try peer.frames().first?.end?.status.code == .deadlineExceeded)
        #expect(service.log.last == "cancelled hold")
    }

    @Test func endsManyCallsInTheOrderOfTheirDeadlines() throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededGenerator(seed: seed)
        let service = ScriptedService()
        let peer = try EmbeddedPeer.openServer(service)
        var timeouts: [UInt32: UInt32] = [:]
        for stream in UInt32(1)...500 {
            timeouts[stream] = UInt32.random(in: 1...2_000, using: &random)
            try peer.request(stream, "hold", timeoutMilliseconds: timeouts[stream] ?? 0)
        }
        // A third of them end early and must leave no trace.
        let early = service.calls.filter { _ in Int.random(in: 0..<3, using: &random) == 0 }
        for call in early {
            call.end(.ok)
            timeouts[call.stream.rawValue] = nil
        }
        #expect(try peer.frames().count == early.count)
        var ended: [UInt32] = []
        for _ in 0..<2_000 {
            peer.loop.advanceTime(by: .milliseconds(1))
            ended += try peer.frames().filter { $0.end != nil }.map(\.header.stream.rawValue)
        }
        #expect(ended.count == timeouts.count, "seed \(seed)")
        let dues = ended.compactMap { timeouts[$0] }
        #expect(dues == dues.sorted(), "seed \(seed)")
    }

    @Test func tellsTheServiceOfACancelledCall() throws {
        let service = ScriptedService()
        let peer = try EmbeddedPeer.openServer(service)
        try peer.request(1, "hold")
        let call = try #require(service.calls.first)
        try peer.send(frameBytes(.cancel, stream: 1, []))
        #expect(service.log.last == "cancelled hold")
        #expect(!call.isOpen)
        call.end(.ok)
        #expect(!call.send([1]))
        #expect(try peer.frames().isEmpty)
    }

    @Test func neverSendsMoreThanTheClientHasCreditFor() throws {
        let service = ScriptedService()
        let peer = try EmbeddedPeer.openServer(service)
        try peer.request(1, "subscribe", credit: 3)
        let call = try #require(service.calls.first)
        let frame = PreparedFrame(message: [7])
        #expect(
            [call.send([1]), call.sendPreparedFrame(frame), call.send([2])] == [true, true, true]
        )
        #expect(!call.send([3]) && !call.sendPreparedFrame(frame))
        #expect(try peer.frames().map(\.payload) == [[1], [7], [2]])
        try peer.send(Credit(messages: 2).encodeFrame(.credit, stream: StreamID(1)))
        #expect(service.log.last == "credit 2")
        #expect(call.sendPreparedFrame(frame) && call.send([3]) && !call.send([4]))
        #expect(try peer.frames().map(\.header.stream) == [StreamID(1), StreamID(1)])
    }

    @Test func endsACallWhoseClientIgnoresCredit() throws {
        var limits = TransportLimits()
        limits.wire = WireLimits(frameBytesMax: 1 << 20, streamsMax: 8, initialCredit: 1)
        let service = ScriptedService()
        let peer = try EmbeddedPeer.openServer(service, limits: limits)
        try peer.request(1, "hold", endStream: false)
        try peer.data(1, [1])
        service.calls.first?.grantCredit(1)
        #expect(try peer.frames().map(\.header.type) == [.credit])
        try peer.data(1, [1, 2])
        try peer.data(1, [1, 2, 3])
        #expect(try peer.frames().first?.end?.status.code == .resourceExhausted)
        #expect(service.log.suffix(3) == ["message 1", "message 2", "cancelled hold"])
    }

    @Test func announcesCreditOnceHalfOfItIsUsed() throws {
        var limits = TransportLimits()
        limits.wire = WireLimits(frameBytesMax: 1 << 20, streamsMax: 8, initialCredit: 8)
        let service = ScriptedService()
        let peer = try EmbeddedPeer.openServer(service, limits: limits)
        try peer.request(1, "hold", endStream: false)
        for _ in 0..<3 {
            try peer.data(1, [1])
            service.calls.first?.grantCredit(1)
        }
        #expect(try peer.frames().isEmpty)
        // The fourth uses up the half: the three that were granted before it are announced.
        try peer.data(1, [1])
        #expect(try peer.frames().map(\.header.type) == [.credit])
        // All that was announced can be used, and none that was granted is ever lost.
        for _ in 0..<7 { try peer.data(1, [1]) }
        service.calls.first?.grantCredit(1)
        #expect(try peer.frames().map(\.header.type) == [.credit])
        try peer.data(1, [1])
        #expect(service.log.last == "message 1")
    }

    @Test func tellsTheServiceThatTheClientSendsNoMore() throws {
        let service = ScriptedService()
        let peer = try EmbeddedPeer.openServer(service)
        try peer.request(1, "hold", endStream: false)
        try peer.data(1, [1], endStream: true)
        #expect(service.log.suffix(2) == ["message 1", "half-closed"])
        #expect(service.calls.first?.isHalfClosed == true)
    }

    @Test func pingsASilentClientAndCutsADeadOne() throws {
        let service = ScriptedService()
        let peer = try EmbeddedPeer.openServer(service)
        peer.loop.advanceTime(by: .seconds(10))
        let ping = try #require(try peer.frames().first)
        #expect(ping.header.type == .ping)
        try peer.send(frameBytes(.pong, stream: 0, ping.payload))
        peer.loop.advanceTime(by: .seconds(11))
        #expect(try peer.frames().map(\.header.type) == [.ping])
        peer.loop.advanceTime(by: .seconds(6))
        #expect(service.log.last == "closed keepAliveTimeout")
    }

    @Test func answersPingsButNotAFloodOfThem() throws {
        let service = ScriptedService()
        let peer = try EmbeddedPeer.openServer(service)
        let mark: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
        try peer.send(frameBytes(.ping, stream: 0, mark))
        let pong = try peer.frames().first
        #expect(pong?.header.type == .pong)
        #expect(pong?.payload == mark)
        for _ in 0..<WireLimits.pingsMax where peer.channel.isActive {
            try peer.send(frameBytes(.ping, stream: 0, mark))
        }
        #expect(service.log.last == "closed violation")
    }

    @Test func cutsAClientForWhichTooMuchWaits() throws {
        var limits = TransportLimits()
        limits.outboundLowWaterBytes = 1_000
        limits.outboundHighWaterBytes = 2_000
        limits.outboundBytesMax = 10_000
        let service = ScriptedService()
        let peer = try EmbeddedPeer.openServer(service, limits: limits)
        try peer.request(1, "subscribe", credit: 1_000)
        let call = try #require(service.calls.first)
        peer.channel.isWritable = false
        peer.channel.pipeline.fireChannelWritabilityChanged()
        peer.loop.run()
        #expect(service.log.last == "writable false")
        let message = [UInt8](repeating: 0, count: 1_000)
        for _ in 0..<9 { #expect(call.send(message)) }
        _ = call.send(message)
        // The service hears of it only when its own code is not running.
        #expect(service.log.last == "writable false")
        peer.loop.run()
        #expect(service.log.suffix(2) == ["cancelled subscribe", "closed slowReader"])
    }

    @Test func sendsWhatWaitedOnceTheClientReadsAgain() throws {
        let service = ScriptedService()
        let peer = try EmbeddedPeer.openServer(service)
        try peer.request(1, "subscribe", credit: 1_000)
        let call = try #require(service.calls.first)
        peer.channel.isWritable = false
        peer.channel.pipeline.fireChannelWritabilityChanged()
        for number in UInt8(0)..<20 { #expect(call.send([number])) }
        #expect(try peer.frames().isEmpty)
        peer.channel.isWritable = true
        peer.channel.pipeline.fireChannelWritabilityChanged()
        #expect(try peer.frames().map(\.payload) == (0..<20).map { [UInt8($0)] })
        #expect(service.log.suffix(2) == ["writable false", "writable true"])
    }

    @Test func tellsAServiceThatStoppedInTheMiddleOfATurnToGoOn() throws {
        let service = ScriptedService()
        let peer = try EmbeddedPeer.openServer(service)
        try peer.request(1, "flood", credit: 40)
        // Each round of the service stops at the high-water mark, which the flush then lowers.
        #expect(try peer.frames().count == 40)
        #expect(service.log.contains("writable true"))
    }
}
