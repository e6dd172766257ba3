import NIOCore
import NIOEmbedded
import Testing
import Transport
import Wire

/// A client on an embedded channel; the test plays the server.
private final class EmbeddedClient {
    let peer: EmbeddedPeer
    let connection: TransportConnection

    init(limits: TransportLimits = TransportLimits()) throws {
        self.peer = try EmbeddedPeer()
        let opening = try PlainTransport.connect(
            self.peer.channel,
            limits: limits,
            settings: .test(cluster: "north")
        )
        try self.peer.greet(.test(cluster: "north", nodeID: 1))
        self.connection = try opening.wait()
        #expect(try self.peer.frames().map(\.header.type) == [.settings])
    }

    func end(_ stream: UInt32, _ status: Status = .ok, body: [UInt8] = []) throws {
        let end = End(status: status, body: body)
        try self.peer.send(end.encodeFrame(.end, stream: StreamID(stream)))
    }

    func goaway(_ lastStream: UInt32) throws {
        let goaway = Goaway(
            lastStream: StreamID(lastStream),
            code: .unavailable,
            message: "the server stops",
            retryAfterMilliseconds: 700
        )
        try self.peer.send(goaway.encodeFrame(.goaway, stream: .connection))
    }
}

/// Collects what a call reports.
private final class Outcome {
    var results: [Result<[UInt8], Status>] = []
    var messages: [[UInt8]] = []
    var credits = 0
    var ended: [StatusCode] = []

    var codes: [StatusCode] {
        self.results.map { result in
            switch result {
            case .success: .ok
            case .failure(let status): status.code
            }
        }
    }

    var events: ClientCallEvents {
        ClientCallEvents(
            message: { self.messages.append(Array($1.readableBytesView)) },
            creditAvailable: { _ in self.credits += 1 },
            ended: { _, status, _ in self.ended.append(status.code) }
        )
    }
}

/// What a client makes of a server's frames, without sockets, in virtual time.
@Suite struct ClientFrameTests {
    @Test func makesUnaryCallsAndMatchesTheirAnswers() throws {
        let client = try EmbeddedClient()
        let first = Outcome()
        let second = Outcome()
        client.connection.unary("a", body: [1]) { first.results.append($0) }
        client.connection.unary("b", body: [2], timeout: .seconds(1)) { second.results.append($0) }
        let requests = try client.peer.frames()
        #expect(requests.map(\.header.flags) == [.endStream, .endStream])
        #expect(try Request.decode(requests[1].payload).timeoutMilliseconds == 1_000)
        try client.end(2, body: [22])
        try client.end(1, Status(code: .notFound))
        #expect(second.results == [.success([22])])
        #expect(first.codes == [.notFound])
    }

    @Test func givesACallUpAtItsDeadline() throws {
        let client = try EmbeddedClient()
        let outcome = Outcome()
        client.connection.unary("a", body: [], timeout: .milliseconds(50)) {
            outcome.results.append($0)
        }
        _ = try client.peer.frames()
        client.peer.loop.advanceTime(by: .milliseconds(50))
        #expect(outcome.codes == [.deadlineExceeded])
        let cancel = try client.peer.frames()
        #expect(cancel.map(\.header.type) == [.cancel])
        #expect(try Cancel.decode(cancel[0].payload).code == .deadlineExceeded)
        // The answer that was on its way is dropped.
        try client.end(1, body: [1])
        #expect(outcome.results.count == 1)
        #expect(client.connection.isOpen)
    }

    @Test func tellsTheServerOfACancelledCallAndTheCallerInALaterTurn() throws {
        let client = try EmbeddedClient()
        let outcome = Outcome()
        let call = client.connection.openStream("a", body: [], credit: 1, events: outcome.events)
        call.cancel()
        #expect(outcome.ended.isEmpty)
        #expect(try client.peer.frames().map(\.header.type) == [.request, .cancel])
        #expect(outcome.ended == [.cancelled])
        #expect(!call.send([1]))
    }

    @Test func streamsBothWaysWithinCredit() throws {
        let client = try EmbeddedClient()
        let outcome = Outcome()
        let call = client.connection.openStream("a", body: [], credit: 2, events: outcome.events)
        let granted = Int(call.credit)
        for _ in 0..<granted { #expect(call.send([1])) }
        #expect(!call.send([2]))
        try client.peer.send(Credit(messages: 1).encodeFrame(.credit, stream: call.stream))
        #expect(outcome.credits == 1)
        #expect(call.send([3], endStream: true))
        #expect(!call.send([4]))
        #expect(try client.peer.frames().count == granted + 2)

        try client.peer.data(1, [10])
        call.grantCredit(1)
        try client.peer.data(1, [11])
        try client.peer.data(1, [12])
        #expect(outcome.messages == [[10], [11], [12]])
        // One more than was granted.
        try client.peer.data(1, [13])
        #expect(outcome.ended == [.resourceExhausted])
        #expect(try client.peer.frames().map(\.header.type) == [.credit, .cancel])
    }

    @Test func finishesEveryCallWhenTheConnectionIsLost() throws {
        let client = try EmbeddedClient()
        let outcome = Outcome()
        for _ in 0..<3 { client.connection.unary("a", body: []) { outcome.results.append($0) } }
        try client.peer.channel.close().wait()
        client.peer.loop.run()
        #expect(outcome.codes == [.unavailable, .unavailable, .unavailable])
        #expect(try client.connection.closeFuture.wait().code == .closedByPeer)
        #expect(throws: TransportError.self) { try client.connection.goawayFuture.wait() }
        client.connection.unary("a", body: []) { outcome.results.append($0) }
        client.peer.loop.run()
        #expect(outcome.codes.count == 4)
    }

    @Test func leavesAServerThatStopsOnceItsCallsAreAnswered() throws {
        let client = try EmbeddedClient()
        let taken = Outcome()
        let late = Outcome()
        client.connection.unary("a", body: []) { taken.results.append($0) }
        client.connection.unary("b", body: []) { late.results.append($0) }
        try client.goaway(1)
        // The server never saw the second call: it is free to be made elsewhere.
        guard case .failure(let status) = late.results.first else {
            Issue.record("the second call did not fail")
            return
        }
        #expect(status.code == .unavailable)
        #expect(status.detail?.retryAfterMilliseconds == 700)
        #expect(!client.connection.isOpen)
        #expect(taken.results.isEmpty && client.peer.channel.isActive)
        try client.end(1, body: [5])
        #expect(taken.results == [.success([5])])
        #expect(try client.connection.goawayFuture.wait().retryAfterMilliseconds == 700)
        #expect(try client.connection.closeFuture.wait().code == .goaway)
        #expect(!client.peer.channel.isActive)
    }

    @Test func refusesARequestThatTheServerWouldNotTake() throws {
        let client = try EmbeddedClient()
        let outcome = Outcome()
        let body = [UInt8](repeating: 0, count: (1 << 20) + 1)
        client.connection.unary("a", body: body) { outcome.results.append($0) }
        client.peer.loop.run()
        #expect(outcome.codes == [.resourceExhausted])
        #expect(try client.peer.frames().isEmpty)
    }

    @Test func refusesAServerOfAnotherCluster() throws {
        let peer = try EmbeddedPeer()
        let opening = try PlainTransport.connect(
            peer.channel,
            limits: TransportLimits(),
            settings: .test(cluster: "north")
        )
        try peer.greet(.test(cluster: "south", nodeID: 1))
        let error = #expect(throws: TransportError.self) { try opening.wait() }
        #expect(error?.code == .incompatible)
        #expect(error?.message.contains("'south'") == true)
    }

    @Test func closesOnAnAnswerToACallThatWasNeverMade() throws {
        let client = try EmbeddedClient()
        try client.end(9)
        #expect(try client.connection.closeFuture.wait().code == .violation)
    }

    @Test func measuresTheRoundTrip() throws {
        let client = try EmbeddedClient()
        client.connection.probe()
        let ping = try #require(try client.peer.frames().first)
        client.peer.loop.advanceTime(by: .milliseconds(3))
        try client.peer.send(frameBytes(.pong, stream: 0, ping.payload))
        #expect(client.connection.roundTrip == .milliseconds(3))
    }
}
