import Testing
import Wire
import WireTestKit

@Suite struct ClientStreamsTests {
    private func makeStreams(streamsMax: Int = 4) -> ClientStreams {
        let limits = WireLimits(frameBytesMax: 1000, streamsMax: streamsMax, initialCredit: 2)
        return ClientStreams(limits: limits, server: Settings(limits: limits, cluster: ""))
    }

    private func refusal(_ action: ClientStreams.OpenAction) -> StatusCode? {
        guard case .refuse(let status) = action else { return nil }
        return status.code
    }

    @Test func idsGrowFromOne() {
        var streams = self.makeStreams()
        #expect(streams.open(endStream: true, credit: 0) == .send(StreamID(1)))
        #expect(streams.end(StreamID(1)) == .finish)
        #expect(streams.open(endStream: true, credit: 0) == .send(StreamID(2)))
    }

    @Test func callsBeyondWhatTheServerAllowsAreRefusedHere() {
        let limits = WireLimits(frameBytesMax: 1000, streamsMax: 100)
        let server = Settings(
            limits: WireLimits(frameBytesMax: 1000, streamsMax: 1),
            cluster: ""
        )
        var streams = ClientStreams(limits: limits, server: server)
        #expect(streams.open(endStream: true, credit: 0) == .send(StreamID(1)))
        #expect(self.refusal(streams.open(endStream: true, credit: 0)) == .resourceExhausted)
        #expect(streams.end(StreamID(1)) == .finish)
        #expect(streams.open(endStream: true, credit: 0) == .send(StreamID(2)))
    }

    @Test func aServerThatInventsAStreamEndsTheConnection() {
        var streams = self.makeStreams()
        let violation = WireError(code: .violation, message: "")
        #expect(streams.end(StreamID(1)) == .failConnection(violation))
        #expect(streams.data(StreamID(1), endStream: false) == .failConnection(violation))
        #expect(streams.credit(StreamID(1), messages: 1) == .failConnection(violation))
    }

    @Test func framesThatCrossedACancelAreIgnored() {
        var streams = self.makeStreams()
        _ = streams.open(endStream: true, credit: 5)
        #expect(streams.cancel(StreamID(1)) == .send)
        #expect(streams.cancel(StreamID(1)) == .closed)
        #expect(streams.data(StreamID(1), endStream: false) == .ignore)
        #expect(streams.credit(StreamID(1), messages: 3) == .ignore)
        #expect(streams.end(StreamID(1)) == .ignore)
    }

    @Test func messagesFlowWithinCreditOnly() {
        var streams = self.makeStreams()
        let stream = StreamID(1)
        _ = streams.open(endStream: false, credit: 1)
        #expect(streams.send(stream) == .send)
        #expect(streams.send(stream) == .send)
        #expect(streams.send(stream) == .blocked)
        #expect(streams.credit(stream, messages: 1) == .resume)
        #expect(streams.send(stream, endStream: true) == .send)
        #expect(streams.send(stream) == .closed)

        #expect(streams.data(stream, endStream: false) == .deliver(isLast: false))
        #expect(streams.grant(stream, messages: 1) == 1)
        #expect(streams.data(stream, endStream: false) == .deliver(isLast: false))
        guard case .failStream(let status) = streams.data(stream, endStream: false) else {
            Issue.record("a message without credit was taken")
            return
        }
        #expect(status.code == .resourceExhausted)
        #expect(streams.count == 0)
    }

    @Test func aUnaryCallSendsNoMoreMessages() {
        var streams = self.makeStreams()
        _ = streams.open(endStream: true, credit: 0)
        #expect(streams.sendCredit(StreamID(1)) == 0)
        #expect(streams.send(StreamID(1)) == .closed)
    }

    @Test func goawayFailsOnlyWhatTheServerNeverSaw() {
        var streams = self.makeStreams()
        for _ in 0..<4 {
            _ = streams.open(endStream: true, credit: 0)
        }
        _ = streams.end(StreamID(3))
        #expect(streams.goaway(lastStream: StreamID(2)) == [StreamID(4)])
        #expect(streams.open == [StreamID(1), StreamID(2)])
        #expect(self.refusal(streams.open(endStream: true, credit: 0)) == .unavailable)
        #expect(streams.end(StreamID(1)) == .finish)
        #expect(streams.end(StreamID(4)) == .ignore)
    }

    @Test func bothSidesAgreeWhateverHappens() {
        let seed = Chance.printedSeed()
        var chance = Chance(seed: seed)
        let limits = WireLimits(frameBytesMax: 1000, streamsMax: 4, initialCredit: 3)
        var client = ClientStreams(limits: limits, server: Settings(limits: limits, cluster: ""))
        var server = ServerStreams(limits: limits)
        for _ in 0..<5000 {
            let stream = StreamID(
                UInt32.random(in: 1...(client.open.last?.rawValue ?? 1), using: &chance)
            )
            switch Int.random(in: 0..<6, using: &chance) {
            case 0:
                if case .send(let id) = client.open(endStream: false, credit: 2) {
                    #expect(server.request(id, endStream: false, credit: 2) == .open, "\(seed)")
                }
            case 1 where client.send(stream) == .send:
                #expect(server.data(stream, endStream: false) == .deliver(isLast: false), "\(seed)")
            case 2 where server.send(stream) == .send:
                #expect(client.data(stream, endStream: false) == .deliver(isLast: false), "\(seed)")
            case 3 where server.end(stream) == .send:
                #expect(client.end(stream) == .finish, "\(seed)")
            case 4 where client.grant(stream, messages: 2) == 2:
                _ = server.credit(stream, messages: 2)
            case 5 where server.grant(stream, messages: 2) == 2:
                _ = client.credit(stream, messages: 2)
            default:
                break
            }
            #expect(client.open == server.open, "seed \(seed)")
        }
    }
}
