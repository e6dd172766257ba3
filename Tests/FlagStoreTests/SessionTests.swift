import FlagStore
import Flags
import Testing

/// Dissertation §6.3: a retry is applied once.
@Suite struct SessionTests {
    private let rollout = { (percent: UInt32) -> Command in
        var patch = FlagPatch()
        patch.rollout = RolloutPercentage(thousandths: percent * 1_000)
        return .updateFlag(Log.production, FlagKey("checkout"), patch)
    }

    private func opened(limits: FlagStoreLimits = FlagStoreLimits()) -> (Log, Revision) {
        var log = Log.prepared(limits: limits)
        log.create("checkout")
        let applied = log.apply(.openSession)
        #expect(applied.session?.id == log.store.applied)
        return (log, log.store.applied)
    }

    @Test func aRepeatedSequenceGivesTheRememberedOutcomeAndChangesNothing() {
        var (log, session) = self.opened()
        let first = log.apply(self.rollout(10), session: session, sequence: 1)
        log.update("checkout") { $0.rollout = .all }
        let retry = log.apply(self.rollout(10), session: session, sequence: 1)
        #expect(!first.isDuplicate && retry.isDuplicate)
        #expect(retry.outcome == first.outcome && retry.effects.isEmpty)
        #expect(log.flag("checkout")?.rollout == .all)
        #expect(retry.session?.lastUsed == log.store.applied)
    }

    @Test func aRefusalIsRememberedToo() {
        var (log, session) = self.opened()
        let missing = Command.archiveFlag(Log.production, FlagKey("later"))
        let first = log.apply(missing, session: session, sequence: 1)
        log.create("later")
        let retry = log.apply(missing, session: session, sequence: 1)
        #expect(first.refusal == .notFound && retry.refusal == .notFound && retry.isDuplicate)
        #expect(log.flag("later")?.isArchived == false)
    }

    @Test func anOlderSequenceIsTooOld() {
        var (log, session) = self.opened()
        log.apply(self.rollout(10), session: session, sequence: 5)
        let old = log.apply(self.rollout(20), session: session, sequence: 4)
        #expect(old.refusal == .sequenceTooOld)
        #expect(
            log.apply(self.rollout(20), session: session, sequence: 0).refusal == .sequenceTooOld
        )
        #expect(log.apply(self.rollout(30), session: session, sequence: 9).refusal == nil)
    }

    @Test func anUnknownSessionOrAnothersIsRefused() {
        var (log, session) = self.opened()
        let unknown = log.apply(self.rollout(10), session: Revision(999), sequence: 1)
        #expect(unknown.refusal == .sessionExpired && unknown.session == nil)
        let stolen = log.apply(self.rollout(10), actor: "eve", session: session, sequence: 1)
        #expect(stolen.refusal == .sessionExpired)
        #expect(log.apply(self.rollout(10), session: session, sequence: 1).refusal == nil)
    }

    @Test func anIdleSessionExpiresByTheTimesOfCommands() {
        var (log, session) = self.opened()
        log.apply(self.rollout(1), session: session, sequence: 1, after: 3_599_999)
        #expect(log.store.session(session) != nil)
        let later = log.apply(.openSession, after: 3_600_000)
        #expect(later.expiredSessions == [session])
        let refused = log.apply(self.rollout(2), session: session, sequence: 2)
        #expect(refused.refusal == .sessionExpired)
    }

    @Test func aSessionDoesNotOutliveItsOwnIdleTime() {
        var (log, session) = self.opened()
        let refused = log.apply(
            self.rollout(2),
            session: session,
            sequence: 1,
            after: 3_600_000
        )
        #expect(refused.refusal == .sessionExpired && refused.expiredSessions == [session])
    }

    @Test func aClockThatGoesBackExpiresNothing() {
        var (log, session) = self.opened()
        log.apply(self.rollout(1), session: session, sequence: 1, after: -1_000_000)
        #expect(log.store.session(session) != nil)
        let time = log.store.time
        log.apply(self.rollout(2), after: -1_000_000)
        #expect(log.store.time == time)
    }

    @Test func theLeastRecentlyUsedSessionMakesRoom() {
        var limits = FlagStoreLimits()
        limits.sessionsMax = 3
        var log = Log.prepared(limits: limits)
        log.create("checkout")
        let sessions = (0..<3).map { _ in log.apply(.openSession).session?.id ?? .zero }
        log.apply(self.rollout(1), session: sessions[0], sequence: 1)
        let opened = log.apply(.openSession)
        #expect(opened.expiredSessions == [sessions[1]])
        #expect(log.store.sessionCount == 3)
        #expect(log.store.session(sessions[0]) != nil)
    }

    @Test func oneCommandEndsABoundedNumberOfSessions() {
        var limits = FlagStoreLimits()
        limits.sessionsExpiredPerCommandMax = 2
        var log = Log.prepared(limits: limits)
        log.create("checkout")
        let sessions = (0..<5).map { _ in log.apply(.openSession).session?.id ?? .zero }
        let first = log.apply(self.rollout(1), after: 4_000_000)
        #expect(first.expiredSessions == Array(sessions[0...1]))
        let late = log.apply(self.rollout(2), session: sessions[4], sequence: 1)
        #expect(late.refusal == .sessionExpired)
        #expect(late.expiredSessions == [sessions[2], sessions[3], sessions[4]])
        #expect(log.store.sessionCount == 0)
    }

    @Test func whoOpensManyEndsTheirOwn() {
        var limits = FlagStoreLimits()
        limits.sessionsPerActorMax = 2
        var log = Log.prepared(limits: limits)
        log.create("checkout")
        let others = log.apply(.openSession, actor: "ben").session?.id ?? .zero
        let own = (0..<2).map { _ in log.apply(.openSession).session?.id ?? .zero }
        log.apply(self.rollout(1), session: own[0], sequence: 1)
        // After a restart as before it: the order is that of the sessions themselves.
        var restored = log
        restored.store = FlagStore(restoring: log.store.contents(), limits: limits)
        for log in [log, restored] {
            var log = log
            #expect(log.apply(.openSession).expiredSessions == [own[1]])
            #expect(log.apply(.openSession).expiredSessions == [own[0]])
            #expect(log.store.session(others) != nil && log.store.sessionCount == 3)
            #expect(log.apply(.openSession, actor: "ben").expiredSessions == [])
            #expect(log.apply(.openSession, actor: "ben").expiredSessions == [others])
        }
    }
}
