import FlagStore
import Flags
import Ledger
import Releases
import Usage

/// Commands of every kind, from a seed: many change something, and some are refused.
struct Wanderer {
    static let staging = EnvironmentID(organization: "acme", environment: "staging")
    static let other = EnvironmentID(organization: "other", environment: "production")
    static let environments = [RecordedLog.production, Self.staging, Self.other]

    var log: RecordedLog
    private var state: UInt64

    init(seed: UInt64) {
        self.state = seed
        var limits = FlagStoreLimits()
        limits.alertsMax = 4
        limits.endedReleasesMax = 3
        self.log = RecordedLog(FlagStore(limits: limits))
        for id in ["acme", "other"] {
            var organization = Organization(id: id, name: "The \"\(id)\"")
            if id == "acme" { organization.quotas.writesPerSecond = 1_000 }
            self.log.apply(.putOrganization(organization))
        }
        for id in Self.environments {
            self.log.apply(.putEnvironment(Environment(id: id, name: id.description)))
        }
        for name in ["a", "b", "c"] {
            for environment in Self.environments {
                self.log.apply(.createFlag(environment, self.definition(name)))
            }
        }
    }

    mutating func pick(_ count: Int) -> Int {
        self.state = self.state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((self.state >> 33) % UInt64(count))
    }

    /// Applies the next command; now and then a long time later.
    mutating func step() {
        let wait: Int64 =
            switch self.pick(20) {
            case 0: 86_400_000 * Int64(self.pick(60))
            case 1, 2: 3_600_000 * Int64(self.pick(30))
            default: Int64(self.pick(90_000))
            }
        let environment = Self.environments[self.pick(3)]
        let key = FlagKey(["a", "b", "c", "d"][self.pick(4)])
        let actor = ["ana", "bob", "eve"][self.pick(3)]
        let command =
            self.pick(3) > 0 ? self.flagCommand(environment, key) : self.other(environment)
        self.log.apply(command, actor: actor, after: 1 + wait)
    }

    private mutating func flagCommand(_ environment: EnvironmentID, _ key: FlagKey) -> Command {
        let flag = self.log.store.flag(environment, key)?.flag
        let release = flag?.release.flatMap { id in
            self.log.store.releases(in: environment, includeFinished: true)?.first { $0.id == id }
        }
        switch self.pick(14) {
        case 0: return .createFlag(environment, self.definition(key.rawValue))
        case 1: return .archiveFlag(environment, FlagKey("d"))
        case 2: return .emergencyRollback(environment, key)
        case 3: return .startRelease(environment, key, self.plan())
        case 4, 5:
            let action = ReleaseAction.allCases[self.pick(5)]
            return .controlRelease(environment, key, action, step: release?.step ?? 0)
        case 6:
            return .advanceRelease(
                environment,
                key,
                release: release?.id ?? .zero,
                step: release?.step ?? 0
            )
        case 7: return .setOverride(environment, key, self.override())
        case 8:
            let level = OverrideLevel.allCases[self.pick(5)]
            return .removeOverride(environment, key, level, subject: level == .user ? "u1" : "")
        case 9:
            let edge = ScheduleEdge.allCases[self.pick(2)]
            let date = edge == .start ? flag?.start : flag?.end
            return .recordSchedule(environment, key, edge, date: date ?? self.log.store.time)
        default: return .updateFlag(environment, key, self.patch())
        }
    }

    private mutating func other(_ environment: EnvironmentID) -> Command {
        let organization = environment.organization
        let name = "n\(self.pick(4))"
        switch self.pick(14) {
        case 12: return .removePlan(organization, name)
        case 13: return .removeCompany(organization, name)
        case 0: return .openSession
        case 1: return .putPlan(Plan(organization: organization, id: name, name: "é\(name)"))
        case 2:
            let attributes = [Value.Field(name: "size", value: .number(Double(self.pick(9))))]
            return .putCompany(
                Company(
                    organization: organization,
                    id: name,
                    name: "Company \(self.pick(3))",
                    plan: "",
                    region: "MX",
                    attributes: attributes
                )
            )
        case 3:
            let role = [Role.viewer, .developer, .releaseManager][self.pick(3)]
            return .putMember(TeamMember(organization: organization, name: name, role: role))
        case 4: return .removeMember(organization, name)
        case 5:
            let digits = String(repeating: "0", count: 60) + String(1_000 + self.pick(8_000))
            return .createToken(
                AccessToken(id: name, organization: organization, role: .viewer, sha256: digits)
            )
        case 6: return .revokeToken(organization, name)
        case 7: return .removeSegment(environment, key: name)
        case 8:
            let alerts = self.log.store.contents().alerts
            guard !alerts.isEmpty else { return .openSession }
            let alert = alerts[self.pick(alerts.count)]
            return .acknowledgeAlert(alert.environment.organization, alert.id)
        case 9: return .putSegment(environment, self.segment(name))
        default: return .recordUsage(self.usage())
        }
    }

    private func definition(_ key: String) -> FlagDefinition {
        FlagDefinition(
            key: FlagKey(key),
            enabled: true,
            status: .active,
            labels: FlagLabels(tags: ["t"], owner: "ana")
        )
    }

    private mutating func patch() -> FlagPatch {
        var patch = FlagPatch()
        patch.reason = ["", "because"][self.pick(2)]
        switch self.pick(9) {
        case 0: patch.name = "name \(self.pick(9))"
        case 1: patch.rollout = RolloutPercentage(thousandths: UInt32(self.pick(100_001)))
        case 2: patch.status = FlagStatus.allCases[self.pick(FlagStatus.allCases.count)]
        case 3: patch.enabled = self.pick(2) == 0
        case 4:
            let later = self.log.store.time.milliseconds + Int64(self.pick(7_200_000))
            patch.end = self.pick(3) == 0 ? FlagPatch.Bound.none : .at(.init(milliseconds: later))
        case 5: patch.tags = (0..<self.pick(3)).map { "t\($0)" }
        case 6:
            let clause = Clause(attribute: "plan", .isIn, [.string("p\(self.pick(5))")])
            patch.rules = [Rule(id: "r", clauses: [clause], serve: .variation("on"))]
        case 7: patch.targets = [Target(variation: "on", values: ["u\(self.pick(5))"])]
        default: patch.regions = (0..<self.pick(3)).map { "R\($0)" }
        }
        return patch
    }

    private mutating func plan() -> ReleasePlan {
        ReleasePlan(
            steps: (1...(1 + self.pick(3))).map { step in
                ReleaseStep(
                    rollout: RolloutPercentage(thousandths: UInt32(step * 20_000)),
                    holdMilliseconds: Int64(self.pick(3) * 60_000),
                    approvals: UInt32(self.pick(2))
                )
            }
        )
    }

    private mutating func override() -> Override {
        let level = OverrideLevel.allCases[self.pick(5)]
        let subject = level == .user ? "u1" : level >= .plan ? "n1" : ""
        return Override(level: level, subject: subject, variation: "on", isLocked: false)
    }

    private mutating func segment(_ key: String) -> SegmentDefinition {
        SegmentDefinition(
            key: key,
            name: "Segment \(self.pick(4))",
            included: ["u\(self.pick(9))"],
            rules: [[Clause(attribute: "region", .isIn, [.string("MX")])]]
        )
    }

    private mutating func usage() -> UsageBatch {
        var users = HyperLogLog()
        _ = users.insert("user \(self.pick(1_000))")
        var batch = UsageBatch(node: UInt64(1 + self.pick(3)))
        for _ in 0..<self.pick(12) {
            var counts = UsageCounts()
            counts.evaluations = UInt64(1 + self.pick(1_000))
            counts.errors = UInt64(self.pick(3))
            let dimension = UsageDimension.allCases[self.pick(5)]
            let ago = [0, 1, 59, 3_000, 200_000][self.pick(5)] * 60_000
            let time = Timestamp(milliseconds: self.log.store.time.milliseconds - Int64(ago))
            batch.rows.append(
                UsageRow(
                    environment: Self.environments[self.pick(3)],
                    flag: FlagKey(["a", "b", "c"][self.pick(3)]),
                    variation: ["on", "off"][self.pick(2)],
                    dimension: dimension,
                    value: dimension == .total ? "" : "v\(self.pick(3))",
                    start: UsageResolution.minute.start(of: time),
                    counts: counts
                )
            )
        }
        batch.sketches = [
            UsageSketch(
                environment: RecordedLog.production,
                flag: FlagKey("a"),
                variation: "on",
                registers: [1 << 6 | 3]
            )
        ]
        batch.denied = [
            DeniedAttempt(
                actor: "eve",
                organization: "acme",
                method: ["write", "watch"][self.pick(2)],
                count: UInt64(1 + self.pick(4))
            )
        ]
        batch.dropped = UInt64(self.pick(3))
        return batch
    }
}
