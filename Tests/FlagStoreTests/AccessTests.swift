import FlagStore
import Flags
import Releases
import Testing

/// A tenant can never read, name or count another's objects: the state machine's part of it.
@Suite struct AccessTests {
    private static let key = FlagKey("checkout")

    /// Every kind of command on an organization's objects.
    static func commands(in organization: String, _ environment: String) -> [Command] {
        let place = EnvironmentID(organization: organization, environment: environment)
        let override = Override(level: .user, subject: "u", variation: "on")
        let plan = ReleasePlan(steps: [ReleaseStep(rollout: .all)])
        let token = AccessToken(
            id: "t",
            organization: organization,
            role: .viewer,
            sha256: String(repeating: "ab", count: 32)
        )
        return [
            .putOrganization(Organization(id: organization, name: "Renamed")),
            .putEnvironment(Environment(id: place, name: "Renamed")),
            .putPlan(Plan(organization: organization, id: "PRO", name: "")),
            .putCompany(
                Company(organization: organization, id: "c", name: "", plan: "", region: "")
            ),
            .putMember(TeamMember(organization: organization, name: "eve", role: .viewer)),
            .removePlan(organization, "PRO"), .removeCompany(organization, "c"),
            .removeMember(organization, "eve"), .createToken(token),
            .revokeToken(organization, "t"),
            .createFlag(place, FlagDefinition(key: FlagKey("new"))),
            .updateFlag(place, Self.key, FlagPatch()), .archiveFlag(place, Self.key),
            .restoreFlag(place, Self.key, FlagDefinition(key: Self.key), from: Revision(3)),
            .setOverride(place, Self.key, override),
            .removeOverride(place, Self.key, .user, subject: "u"),
            .putSegment(place, SegmentDefinition(key: "beta")),
            .removeSegment(place, key: "beta"), .emergencyRollback(place, Self.key),
            .startRelease(place, Self.key, plan),
            .controlRelease(place, Self.key, .pause, step: 0),
            .acknowledgeAlert(organization, Revision(7)),
            .recordSchedule(place, Self.key, .start, date: Timestamp(milliseconds: 0)),
            .advanceRelease(place, Self.key, release: Revision(9), step: 0),
            .recordUsage(UsageBatch(node: 1)),
        ]
    }

    /// A store with everything that the commands name, still there.
    static func filled() -> Log {
        var log = Log.prepared()
        let start = Timestamp(milliseconds: log.time + 1)
        log.create("checkout") { $0.start = start }
        log.apply(.emergencyRollback(Log.production, Self.key))
        for command in Self.commands(in: "acme", "production") {
            switch command {
            case .archiveFlag, .restoreFlag, .removeSegment, .removeMember, .revokeToken,
                .removePlan, .removeCompany:
                continue
            default: log.apply(command)
            }
        }
        return log
    }

    @Test func aForeignerIsToldTheSameWhetherAnythingIsThereOrNot() {
        let places = [("acme", "production"), ("acme", "nowhere"), ("nobody", "nowhere")]
        for role in Role.allCases {
            for home in ["globex", "globex-2"] {
                let authority = Authority(role: role, organization: home)
                var answers: [[Outcome]] = []
                for (organization, environment) in places {
                    var log = Self.filled()
                    let before = log.store.contents()
                    answers.append(
                        Self.commands(in: organization, environment).map { command in
                            let applied = log.apply(command, as: authority)
                            #expect(applied.refusal == .permissionDenied, "\(role) \(command)")
                            #expect(applied.effects.isEmpty)
                            #expect(!applied.message.contains("acme"))
                            return applied.outcome
                        }
                    )
                    var after = log.store.contents()
                    (after.applied, after.time) = (before.applied, before.time)
                    #expect(after == before)
                }
                #expect(answers[0] == answers[1] && answers[0] == answers[2], "\(role)")
            }
        }
    }

    @Test func anAuthorityOfOneEnvironmentReachesNoOther() {
        let authority = Authority(
            role: .organizationAdmin,
            organization: "acme",
            environment: "staging"
        )
        var log = Self.filled()
        for command in Self.commands(in: "acme", "production") {
            #expect(log.apply(command, as: authority).refusal == .permissionDenied, "\(command)")
        }
    }

    @Test func everyRoleMayDoWhatItIsForAndNoMore() {
        // In the order of the commands.
        let counts: [(Int, Role)] = [
            (10, .organizationAdmin), (2, .developer), (4, .releaseManager), (2, .developer),
            (4, .releaseManager), (3, .superAdmin),
        ]
        let least = counts.flatMap { Array(repeating: $0.1, count: $0.0) }
        let commands = Self.commands(in: "acme", "production")
        #expect(commands.count == least.count)
        for (index, role) in least.enumerated() {
            for candidate in Role.allCases {
                var log = Self.filled()
                let authority =
                    candidate == .superAdmin
                    ? .platform : Authority(role: candidate, organization: "acme")
                let isDenied =
                    log.apply(commands[index], as: authority).refusal == .permissionDenied
                #expect(isDenied == (candidate.rank > role.rank), "\(candidate) \(commands[index])")
            }
        }
    }

    @Test func aDeveloperChangesDraftsAndOfOtherFlagsWhatNobodyGets() {
        let developer = Authority(role: .developer, organization: "acme")
        var log = Log.prepared()
        func update(_ key: String, _ change: (inout FlagPatch) -> Void) -> Refusal.Code? {
            var patch = FlagPatch()
            change(&patch)
            return log.apply(.updateFlag(Log.production, FlagKey(key), patch), as: developer)
                .refusal
        }
        let draft = FlagDefinition(key: FlagKey("draft"))
        #expect(log.apply(.createFlag(Log.production, draft), as: developer).refusal == nil)
        #expect(update("draft") { $0.rollout = .all } == nil)
        #expect(update("draft") { $0.status = .active } == .permissionDenied)
        log.create("live")
        #expect(update("live") { $0.rollout = .all } == .permissionDenied)
        #expect(update("live") { $0.enabled = false } == .permissionDenied)
        #expect(
            update("live") {
                $0.name = "x"
                $0.tags = ["a"]
                $0.owner = "team"
            } == nil
        )
        let active = FlagDefinition(key: FlagKey("active"), status: .active)
        let created = log.apply(.createFlag(Log.production, active), as: developer)
        #expect(created.refusal == .permissionDenied)
        let archive = { Command.archiveFlag(Log.production, FlagKey($0)) }
        #expect(log.apply(archive("live"), as: developer).refusal == .permissionDenied)
        #expect(log.apply(archive("draft"), as: developer).refusal == nil)
    }

    @Test func onlyThePlatformMakesOrganizationsAndSetsQuotas() {
        let admin = Authority(role: .organizationAdmin, organization: "acme")
        var log = Log.prepared()
        var organization = Organization(id: "acme", name: "New name")
        #expect(log.apply(.putOrganization(organization), as: admin).refusal == nil)
        organization.quotas.flags = 5
        let applied = log.apply(.putOrganization(organization), as: admin)
        #expect(applied.refusal == .permissionDenied)
        #expect(log.apply(.putOrganization(organization)).refusal == nil)
    }

    @Test func whoMayNotWriteOpensNoSession() {
        var log = Log.prepared()
        for role in Role.allCases {
            let authority = Authority(role: role, organization: "acme")
            let applied = log.apply(.openSession, as: authority)
            #expect((applied.session != nil) == (role.rank <= Role.developer.rank), "\(role)")
        }
    }
}
