import Testing
import Wire
import WireTestKit

@Suite struct ServerStreamsTests {
    private let limits = WireLimits(frameBytesMax: 1000, streamsMax: 2, initialCredit: 2)

    private func refusal(_ action: ServerStreams.RequestAction) -> StatusCode? {
        guard case .refuse(let status) = action else { return nil }
        return status.code
    }

    private func streamFailure(_ action: DataAction) -> StatusCode? {
        guard case .failStream(let status) = action else { return nil }
        return status.code
    }

    @Test func aUnaryCallIsOpenedAndEnded() {
        var streams = ServerStreams(limits: self.limits)
        #expect(streams.request(StreamID(1), endStream: true, credit: 0) == .open)
        #expect(streams.count == 1)
        #expect(streams.end(StreamID(1)) == .send)
        #expect(streams.count == 0)
        #expect(streams.end(StreamID(1)) == .closed)
    }

    @Test func aReusedOrEarlierIDEndsTheConnection() {
        var streams = ServerStreams(limits: self.limits)
        #expect(streams.request(StreamID(5), endStream: true, credit: 0) == .open)
        let violation = WireError(code: .violation, message: "")
        for id in [UInt32(5), 4, 1] {
            #expect(
                streams.request(StreamID(id), endStream: true, credit: 0)
                    == .failConnection(violation)
            )
        }
        #expect(streams.end(StreamID(5)) == .send)
        #expect(
            streams.request(StreamID(5), endStream: true, credit: 0) == .failConnection(violation)
        )
    }

    @Test func anIDThatWasNeverOpenedEndsTheConnection() {
        var streams = ServerStreams(limits: self.limits)
        let violation = WireError(code: .violation, message: "")
        #expect(streams.data(StreamID(1), endStream: false) == .failConnection(violation))
        #expect(streams.credit(StreamID(1), messages: 1) == .failConnection(violation))
        #expect(streams.cancel(StreamID(1)) == .failConnection(violation))
    }

    @Test func framesThatCrossedTheEndAreIgnored() {
        var streams = ServerStreams(limits: self.limits)
        _ = streams.request(StreamID(1), endStream: false, credit: 0)
        _ = streams.end(StreamID(1))
        #expect(streams.data(StreamID(1), endStream: false) == .ignore)
        #expect(streams.credit(StreamID(1), messages: 1) == .ignore)
        #expect(streams.credit(StreamID(1), messages: 0) == .ignore)
        #expect(streams.cancel(StreamID(1)) == .ignore)
    }

    @Test func messagesFlowWithinCreditOnly() {
        var streams = ServerStreams(limits: self.limits)
        let stream = StreamID(1)
        _ = streams.request(stream, endStream: false, credit: 1)
        #expect(streams.sendCredit(stream) == 1)
        #expect(streams.send(stream) == .send)
        #expect(streams.send(stream) == .blocked)
        #expect(streams.credit(stream, messages: 2) == .resume)
        #expect(streams.credit(stream, messages: 1) == .none)
        #expect(streams.sendCredit(stream) == 3)

        #expect(streams.data(stream, endStream: false) == .deliver(isLast: false))
        #expect(streams.grant(stream, messages: 1) == 1)
        #expect(streams.data(stream, endStream: false) == .deliver(isLast: false))
        #expect(streams.data(stream, endStream: false) == .deliver(isLast: false))
        #expect(self.streamFailure(streams.data(stream, endStream: false)) == .resourceExhausted)
        #expect(streams.count == 0)
        #expect(streams.send(stream) == .closed)
    }

    @Test func creditSaturatesAtItsLimit() {
        var streams = ServerStreams(limits: self.limits)
        let stream = StreamID(1)
        _ = streams.request(stream, endStream: false, credit: .max)
        #expect(streams.sendCredit(stream) == WireLimits.creditMax)
        #expect(streams.credit(stream, messages: .max) == .none)
        #expect(streams.sendCredit(stream) == WireLimits.creditMax)
        #expect(streams.grant(stream, messages: .max) == WireLimits.creditMax - 2)
        #expect(streams.grant(stream, messages: 1) == 0)
    }

    @Test func creditOfZeroEndsTheCall() {
        var streams = ServerStreams(limits: self.limits)
        _ = streams.request(StreamID(1), endStream: false, credit: 1)
        guard case .failStream(let status) = streams.credit(StreamID(1), messages: 0) else {
            Issue.record("the call went on")
            return
        }
        #expect(status.code == .invalidArgument)
        #expect(streams.count == 0)
    }

    @Test func nothingFollowsTheLastMessage() {
        var streams = ServerStreams(limits: self.limits)
        _ = streams.request(StreamID(1), endStream: false, credit: 5)
        #expect(streams.data(StreamID(1), endStream: true) == .deliver(isLast: true))
        #expect(streams.grant(StreamID(1), messages: 1) == 0)
        #expect(streams.send(StreamID(1)) == .send)
        #expect(self.streamFailure(streams.data(StreamID(1), endStream: false)) == .invalidArgument)
    }

    @Test func aCallTooManyIsRefusedAlone() {
        var streams = ServerStreams(limits: self.limits)
        #expect(streams.request(StreamID(1), endStream: true, credit: 0) == .open)
        #expect(streams.request(StreamID(2), endStream: true, credit: 0) == .open)
        let third = streams.request(StreamID(3), endStream: false, credit: 0)
        #expect(self.refusal(third) == .resourceExhausted)
        #expect(streams.data(StreamID(3), endStream: false) == .ignore)
        _ = streams.end(StreamID(1))
        #expect(streams.request(StreamID(4), endStream: true, credit: 0) == .open)
        #expect(streams.open == [StreamID(2), StreamID(4)])
    }

    @Test func cancelClosesACallOnce() {
        var streams = ServerStreams(limits: self.limits)
        _ = streams.request(StreamID(1), endStream: false, credit: 0)
        #expect(streams.cancel(StreamID(1)) == .cancel)
        #expect(streams.cancel(StreamID(1)) == .ignore)
        #expect(streams.end(StreamID(1)) == .closed)
    }

    @Test func drainingServesWhatIsOpenAndRefusesTheRest() {
        var streams = ServerStreams(limits: self.limits)
        _ = streams.request(StreamID(4), endStream: true, credit: 0)
        #expect(streams.drain() == StreamID(4))
        let late = streams.request(StreamID(5), endStream: true, credit: 0)
        #expect(self.refusal(late) == .unavailable)
        #expect(streams.end(StreamID(4)) == .send)
    }
}
