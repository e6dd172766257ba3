import Testing
import Wire

@Suite struct KeepAliveTests {
    private func at(_ nanoseconds: UInt64) -> WireInstant {
        WireInstant(nanoseconds: nanoseconds)
    }

    private func make(interval: UInt64 = 100, timeout: UInt64 = 50) -> KeepAlive {
        KeepAlive(
            intervalNanoseconds: interval,
            timeoutNanoseconds: timeout,
            now: self.at(1000)
        )
    }

    @Test func aSilentConnectionIsPingedThenGivenUp() {
        var keepAlive = self.make()
        #expect(keepAlive.nextDeadline == self.at(1100))
        #expect(keepAlive.tick(self.at(1099)) == .none)
        #expect(keepAlive.tick(self.at(1100)) == .ping(1))
        #expect(keepAlive.nextDeadline == self.at(1150))
        #expect(keepAlive.tick(self.at(1149)) == .none)
        #expect(keepAlive.tick(self.at(1150)) == .giveUp)
        #expect(keepAlive.tick(self.at(9999)) == .none)
        #expect(keepAlive.nextDeadline == .never)
    }

    @Test func aBusyConnectionIsNeverPinged() {
        var keepAlive = self.make()
        for now in stride(from: UInt64(1050), to: 3000, by: 50) {
            keepAlive.received(self.at(now))
            #expect(keepAlive.tick(self.at(now)) == .none)
        }
    }

    @Test func aPongMeasuresTheRoundTrip() {
        var keepAlive = self.make()
        #expect(keepAlive.tick(self.at(1100)) == .ping(1))
        #expect(keepAlive.pong(1, self.at(1130)) == .roundTrip(nanoseconds: 30))
        #expect(keepAlive.nextDeadline == self.at(1230))
        #expect(keepAlive.tick(self.at(1230)) == .ping(2))
    }

    @Test func aStrayPongIsOnlyASignOfLife() {
        var keepAlive = self.make()
        #expect(keepAlive.pong(7, self.at(1050)) == .stray)
        #expect(keepAlive.nextDeadline == self.at(1150))
        #expect(keepAlive.tick(self.at(1150)) == .ping(1))
        #expect(keepAlive.pong(2, self.at(1160)) == .stray)
    }

    @Test func traffickAfterAPingWithoutItsPongKeepsTheConnection() {
        var keepAlive = self.make()
        #expect(keepAlive.tick(self.at(1100)) == .ping(1))
        keepAlive.received(self.at(1140))
        #expect(keepAlive.tick(self.at(1150)) == .none)
        #expect(keepAlive.tick(self.at(1190)) == .ping(2))
        #expect(keepAlive.tick(self.at(1240)) == .giveUp)
    }

    @Test func withoutAnIntervalNothingIsPinged() {
        var keepAlive = self.make(interval: 0, timeout: 0)
        #expect(keepAlive.nextDeadline == .never)
        #expect(keepAlive.tick(self.at(.max - 1)) == .none)
        #expect(keepAlive.probe(self.at(2000)) == .ping(1))
        #expect(keepAlive.pong(1, self.at(2010)) == .roundTrip(nanoseconds: 10))
    }

    @Test func aFloodOfPingsIsCut() {
        var keepAlive = self.make()
        for _ in 0..<WireLimits.pingsMax {
            #expect(keepAlive.ping(self.at(2000)) == .answer)
        }
        #expect(keepAlive.ping(self.at(2001)) == .flood)
        let later = self.at(2000 + WireLimits.pingWindowNanoseconds)
        #expect(keepAlive.ping(later) == .answer)
    }
}
