import BanderaClient
import Flags
import Testing

@Suite struct WriteSessionsTests {
    private var sessions = WriteSessions()

    @Test mutating func opensASessionWhenNoneIsAtRest() {
        #expect(self.sessions.lease() == nil)
        let lease = self.sessions.opened(Revision(7))
        #expect(lease == WriteSessions.Lease(session: Revision(7), sequence: 1))
    }

    @Test mutating func theNextWriteOfASessionHasTheNextSequence() {
        let lease = self.sessions.opened(Revision(7))
        self.sessions.finished(lease)
        #expect(self.sessions.lease() == .init(session: Revision(7), sequence: 2))
    }

    @Test mutating func concurrentWritesHaveDifferentSessions() {
        let lease = self.sessions.opened(Revision(7))
        #expect(self.sessions.lease() == nil, "session 7 has a write in flight")
        let other = self.sessions.opened(Revision(8))
        self.sessions.finished(lease)
        self.sessions.finished(other)
        let next = [self.sessions.lease(), self.sessions.lease()]
        #expect(next[0]?.session != next[1]?.session)
        #expect(self.sessions.lease() == nil)
    }

    @Test mutating func keepsABoundedNumberAtRest() {
        for id in 0...UInt64(ClientLimits.sessionsRestingMax) + 10 {
            self.sessions.finished(self.sessions.opened(Revision(id)))
        }
        #expect(self.sessions.restingCount == ClientLimits.sessionsRestingMax)
    }
}
