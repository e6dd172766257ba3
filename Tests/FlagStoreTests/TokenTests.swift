import FlagStore
import Flags
import Testing

@Suite struct TokenTests {
    private func token(
        _ id: String,
        role: Role = .developer,
        organization: String = "acme",
        environment: String = "",
        member: String = "",
        expiresAt: Timestamp? = nil
    ) -> AccessToken {
        // A secret of its own for each id: any 64 digits will do.
        let digits = id.utf8.map { String($0 % 16, radix: 16) }.joined()
        let hash = String(repeating: "0", count: 64 - digits.count) + digits
        return AccessToken(
            id: id,
            organization: organization,
            environment: environment,
            role: role,
            member: member,
            sha256: hash,
            expiresAt: expiresAt
        )
    }

    @Test func aTokenIsFoundByItsHashAndItsHashIsNotInTheHistory() throws {
        var log = Log.prepared()
        let applied = log.apply(.createToken(self.token("ci")), actor: "ana")
        let stored = try #require(log.store.token(sha256: self.token("ci").sha256))
        #expect(stored.id == "ci" && stored.createdBy == "ana")
        #expect(stored.createdAt.milliseconds == log.time && stored.revision == log.store.applied)
        #expect(applied.effects.first == .token(stored))
        #expect(applied.rows.first?.after == stored.publicDocument)
        #expect(!"\(applied.rows)".contains(stored.sha256))
        #expect(log.store.token(sha256: "x") == nil)
        let authority = log.store.authority(of: stored, now: stored.createdAt)
        #expect(authority == Authority(role: .developer, organization: "acme"))
    }

    @Test func neitherNameNorSecretIsUsedTwice() {
        var log = Log.prepared()
        log.apply(.putOrganization(Organization(id: "globex", name: "")))
        log.apply(.createToken(self.token("ci")))
        #expect(log.apply(.createToken(self.token("ci"))).refusal == .alreadyExists)
        let stolen = self.token("ci", organization: "globex")
        #expect(log.apply(.createToken(stolen)).refusal == .invalid)
        #expect(log.store.tokens(of: "globex").isEmpty)
    }

    @Test func aRevokedOrExpiredTokenIsWorthNothing() throws {
        var log = Log.prepared()
        let end = Timestamp(milliseconds: log.time + 10_000)
        log.apply(.createToken(self.token("ci", expiresAt: end)))
        var stored = try #require(log.store.tokens().first)
        let early = Timestamp(milliseconds: end.milliseconds - 1)
        #expect(log.store.authority(of: stored, now: early) != nil)
        #expect(log.store.authority(of: stored, now: end) == nil)
        let applied = log.apply(.revokeToken("acme", "ci"))
        stored = try #require(log.store.tokens().first)
        #expect(applied.rows.map(\.action) == [.revoke] && stored.revokedAt != nil)
        #expect(log.store.authority(of: stored, now: early) == nil)
        #expect(log.apply(.revokeToken("acme", "ci")).effects.isEmpty)
        #expect(log.apply(.revokeToken("acme", "x")).refusal == .notFound)
        #expect(log.store.token(sha256: stored.sha256) == stored)
    }

    @Test("a node that lags lets a revoked token in; the log does not")
    func aTokenMustBeGoodWhenItsCommandIsJudged() {
        var log = Log.prepared()
        log.apply(.createToken(self.token("late", role: .organizationAdmin)))
        let admin = Authority(role: .organizationAdmin, organization: "acme")
        func plan(_ id: String) -> Command {
            .putPlan(Plan(organization: "acme", id: id, name: "P"))
        }
        #expect(log.apply(plan("one"), as: admin, token: "late").refusal == nil)
        log.apply(.revokeToken("acme", "late"))
        #expect(log.apply(plan("two"), as: admin, token: "late").refusal == .permissionDenied)
        #expect(log.apply(.openSession, as: admin, token: "late").refusal == .permissionDenied)
        #expect(log.apply(plan("two"), as: admin, token: "nobody").refusal == .permissionDenied)
        #expect(log.apply(plan("two"), as: admin).refusal == nil)
    }

    @Test func aMembersTokenIsWorthWhatItsMemberIs() throws {
        var log = Log.prepared()
        func member(_ role: Role) -> Command {
            .putMember(TeamMember(organization: "acme", name: "eve", role: role))
        }
        let token = self.token("eve-1", role: .releaseManager, member: "eve")
        #expect(log.apply(.createToken(token)).refusal == .notFound)
        log.apply(member(.developer))
        #expect(log.apply(.createToken(token)).refusal == .invalid)
        #expect(log.apply(member(.releaseManager)).rows.map(\.action) == [.update])
        #expect(log.apply(.createToken(token)).refusal == nil)
        let stored = try #require(log.store.tokens(of: "acme").first)
        let now = Timestamp(milliseconds: log.time)
        #expect(log.store.authority(of: stored, now: now)?.role == .releaseManager)
        log.apply(member(.viewer))
        #expect(log.store.authority(of: stored, now: now)?.role == .viewer)
        #expect(log.apply(.removeMember("acme", "eve")).rows.map(\.action) == [.remove])
        #expect(log.store.authority(of: stored, now: now) == nil)
        #expect(log.store.members(of: "acme").isEmpty)
        #expect(log.apply(.removeMember("acme", "eve")).refusal == .notFound)
    }

    @Test func nobodyMakesAnybodyMoreThanTheyAre() {
        var log = Log.prepared()
        let admin = Authority(role: .organizationAdmin, organization: "acme")
        for role in Role.allCases {
            let environment = role.isHuman ? "" : "production"
            let token = self.token("t-\(role.rank)", role: role, environment: environment)
            let code = log.apply(.createToken(token), as: admin).refusal
            #expect(code == (role == .superAdmin ? .permissionDenied : nil), "\(role)")
        }
        let platform = self.token("root", role: .superAdmin, organization: "")
        #expect(log.apply(.createToken(platform), as: admin).refusal == .permissionDenied)
        #expect(log.apply(.createToken(platform)).refusal == nil)
        #expect(log.store.tokens(of: "").map(\.id) == ["root"])
        #expect(log.apply(.revokeToken("", "root"), as: admin).refusal == .permissionDenied)
        let limited = Authority(role: .superAdmin, organization: "acme")
        #expect(log.apply(.revokeToken("", "root"), as: limited).refusal == .permissionDenied)
    }

    @Test func aTokenBelongsSomewhere() {
        var log = Log.prepared()
        #expect(log.apply(.createToken(self.token("a", organization: "x"))).refusal == .notFound)
        let nowhere = self.token("a", role: .serverSDK, environment: "x")
        #expect(log.apply(.createToken(nowhere)).refusal == .notFound)
        #expect(log.apply(.createToken(self.token("a", role: .serverSDK))).refusal == .invalid)
    }

    @Test func tokensOfAMemberWhoWentDoNotComeBackWithTheName() throws {
        var log = Log.prepared()
        let put = Command.putMember(TeamMember(organization: "acme", name: "eve", role: .developer))
        log.apply(put)
        // More than there can be rows of history of one revision.
        for index in 0..<12 { log.apply(.createToken(self.token("eve-\(index)", member: "eve"))) }
        log.apply(.createToken(self.token("ci")))
        log.apply(.revokeToken("acme", "eve-0"))
        let removed = log.apply(.removeMember("acme", "eve"))
        let revoked = removed.effects.compactMap { effect in
            if case .token(let token) = effect { token.id } else { nil }
        }
        #expect(revoked == (1..<12).map { "eve-\($0)" }.sorted() && removed.rows.count == 1)
        log.apply(put)
        let now = Timestamp(milliseconds: log.time)
        let valid = log.store.tokens(of: "acme").filter {
            log.store.authority(of: $0, now: now) != nil
        }
        #expect(valid.map(\.id) == ["ci"])
    }

    @Test func aTokenThatHasExpiredAlreadyIsRefused() {
        var log = Log.prepared()
        let past = Timestamp(milliseconds: log.time - 1)
        #expect(log.apply(.createToken(self.token("old", expiresAt: past))).refusal == .invalid)
        #expect(log.store.tokens().isEmpty)
    }

    @Test func theOldestThatIsWorthNothingMakesRoom() {
        var limits = FlagStoreLimits()
        limits.tokensPerOrganizationMax = 3
        var log = Log.prepared(limits: limits)
        let end = Timestamp(milliseconds: log.time + 5)
        log.apply(.createToken(self.token("a")))
        log.apply(.createToken(self.token("b", expiresAt: end)))
        log.apply(.createToken(self.token("c")))
        #expect(log.apply(.createToken(self.token("d")), after: 0).refusal == .limitExceeded)
        log.apply(.revokeToken("acme", "a"), after: 10)
        // The one that expired was last changed before the other was revoked.
        let first = log.apply(.createToken(self.token("d")))
        #expect(first.effects.first == .tokenForgotten("acme", "b"))
        #expect(log.store.token(sha256: self.token("b").sha256) == nil)
        let second = log.apply(.createToken(self.token("e")))
        #expect(second.effects.first == .tokenForgotten("acme", "a"))
        #expect(log.store.tokens().map(\.id) == ["c", "d", "e"])
        #expect(log.apply(.createToken(self.token("f"))).refusal == .limitExceeded)
        let restored = FlagStore(restoring: log.store.contents(), limits: limits)
        #expect(restored.stateHash() == log.store.stateHash())
    }
}
