import FlagStore
import Flags
import Releases

/// Commands as a crowd of clients would send them: mostly right, sometimes wrong, often repeated.
struct RandomCommands {
    var log: Log
    private var generator: SeededGenerator
    private var sessions: [Revision] = []
    private var sequences: [UInt64: UInt64] = [:]

    init(seed: UInt64) {
        var limits = FlagStoreLimits()
        limits.sessionsMax = 20
        limits.sessionIdleMilliseconds = 60_000
        limits.endedReleasesMax = 12
        limits.alertsMax = 12
        self.log = Log.prepared(limits: limits)
        self.generator = SeededGenerator(seed: seed)
    }

    mutating func step() -> Applied {
        let elapsed = Int64(self.generator.next() % 4_000) - 500
        if self.sessions.isEmpty || self.roll(20) {
            let actor = ["ana", "ben", "cem"][self.pick(3)]
            let applied = self.log.apply(.openSession, actor: actor, after: elapsed)
            if let session = applied.session { self.sessions.append(session.id) }
            // Of sessions that have expired only a few are tried again.
            if self.sessions.count > 12 { self.sessions.removeFirst() }
            return applied
        }
        let session = self.sessions[self.pick(self.sessions.count)]
        let last = self.sequences[session.rawValue] ?? 0
        let sequence = self.roll(10) ? last : self.roll(40) ? last &- 1 : last + 1
        self.sequences[session.rawValue] = max(last, sequence == .max ? 0 : sequence)
        return self.log.apply(
            self.command(),
            actor: self.log.store.session(session)?.actor ?? "ana",
            as: self.roll(8) ? Authority(role: .developer, organization: "acme") : .platform,
            reason: self.roll(9) ? "why not" : "",
            basedOn: self.roll(9) ? Revision(UInt64(self.pick(2_000))) : nil,
            session: session,
            sequence: sequence,
            after: elapsed
        )
    }

    private mutating func command() -> Command {
        let now = Timestamp(milliseconds: self.log.time)
        if self.roll(6), let due = self.log.store.due(now: now, limit: 1).first { return due }
        switch self.pick(10) {
        case 0: return self.tenancyCommand()
        case 1: return self.peopleCommand()
        case 2: return self.segmentCommand()
        case 3: return self.usageCommand()
        case 4, 5: return self.releaseCommand()
        default: return self.flagCommand()
        }
    }

    private mutating func key() -> FlagKey { FlagKey("flag-\(self.pick(30))") }

    private mutating func tenancyCommand() -> Command {
        switch self.pick(6) {
        case 4: return .removePlan("acme", "P\(self.pick(5))")
        case 5: return .removeCompany(self.roll(2) ? "acme" : "globex", "c\(self.pick(9))")
        case 0: return .putPlan(Plan(organization: "acme", id: "P\(self.pick(5))", name: ""))
        case 1:
            let quotas = Quotas(writesPerSecond: UInt32(self.pick(9)))
            return .putOrganization(Organization(id: "globex", name: "", quotas: quotas))
        case 2:
            let id = EnvironmentID(organization: "globex", environment: "e\(self.pick(3))")
            return .putEnvironment(Environment(id: id, name: ""))
        default:
            let plan = "P\(self.pick(6))"
            let id = "c\(self.pick(9))"
            return .putCompany(
                Company(
                    organization: self.roll(2) ? "acme" : "globex",
                    id: id,
                    name: id,
                    plan: self.roll(2) ? plan : "",
                    region: "MX"
                )
            )
        }
    }

    private mutating func peopleCommand() -> Command {
        let name = "m\(self.pick(4))"
        let role = [Role.viewer, .developer, .releaseManager][self.pick(3)]
        switch self.pick(5) {
        case 0: return .removeMember("acme", name)
        case 1, 2: return .putMember(TeamMember(organization: "acme", name: name, role: role))
        case 3: return .revokeToken("acme", "t\(self.pick(20))")
        default:
            let id = self.pick(20)
            let digits = String(id + 16, radix: 16)
            return .createToken(
                AccessToken(
                    id: "t\(id)",
                    organization: "acme",
                    role: role,
                    member: self.roll(2) ? name : "",
                    sha256: String(repeating: "0", count: 62) + digits
                )
            )
        }
    }

    private mutating func segmentCommand() -> Command {
        let key = "s\(self.pick(6))"
        if self.roll(3) { return .removeSegment(Log.production, key: key) }
        let clause = Clause(attribute: "", .segment, [.string("s\(self.pick(6))")])
        let definition = SegmentDefinition(
            key: key,
            included: ["u\(self.pick(9))"],
            rules: self.roll(3) ? [[clause]] : []
        )
        return .putSegment(Log.production, definition)
    }

    private mutating func usageCommand() -> Command {
        var counts = UsageCounts()
        counts.evaluations = UInt64(self.pick(50))
        let key = self.key()
        let row = UsageRow(
            environment: Log.production,
            flag: key,
            variation: ["on", "off"][self.pick(2)],
            dimension: .total,
            value: "",
            start: Timestamp(milliseconds: 0),
            counts: counts
        )
        let sketch = UsageSketch(
            environment: Log.production,
            flag: key,
            variation: "on",
            registers: [UInt16(self.pick(1_024)) << 6 | UInt16(1 + self.pick(55))]
        )
        let alerts = self.log.store.alerts()
        let deliveries =
            alerts.isEmpty
            ? []
            : [
                DeliveryReport(
                    alert: alerts[self.pick(alerts.count)].id,
                    delivery: Alert.Delivery(
                        region: "r\(self.pick(3))",
                        node: UInt64(self.pick(3)),
                        watchers: 1,
                        acknowledged: 1,
                        milliseconds: UInt32(self.pick(99))
                    )
                )
            ]
        return .recordUsage(
            UsageBatch(
                node: 1,
                rows: [row],
                sketches: [sketch],
                deliveries: deliveries,
                dropped: UInt64(self.pick(3))
            )
        )
    }

    private mutating func releaseCommand() -> Command {
        let running = self.log.store.releases(in: Log.production, includeFinished: false) ?? []
        if running.isEmpty || self.roll(4) {
            let steps = (0...self.pick(4)).map { _ in
                ReleaseStep(
                    rollout: RolloutPercentage(thousandths: UInt32(self.pick(100_001))),
                    regions: self.roll(3) ? ["r\(self.pick(9))"] : [],
                    holdMilliseconds: Int64(self.pick(3) * 20_000),
                    approvals: UInt32(self.pick(2)),
                    evaluationsMin: UInt64(self.pick(2) * self.pick(30))
                )
            }
            return .startRelease(Log.production, self.key(), ReleasePlan(steps: steps))
        }
        let release = running[self.pick(running.count)]
        let step = self.roll(9) ? release.step + 1 : release.step
        if self.roll(5) {
            return .advanceRelease(Log.production, release.flag, release: release.id, step: step)
        }
        let choices: [ReleaseAction] = [.approve, .approve, .pause, .resume, .skip, .abort]
        return .controlRelease(Log.production, release.flag, choices[self.pick(6)], step: step)
    }

    private mutating func flagCommand() -> Command {
        let key = self.key()
        switch self.pick(20) {
        case 0: return self.roll(9) ? .archiveFlag(Log.production, key) : self.alertCommand()
        case 1: return .emergencyRollback(Log.production, key)
        case 2:
            var definition = FlagDefinition(key: key, rollout: .all)
            definition.status = FlagStatus.allCases[self.pick(5)]
            return .restoreFlag(Log.production, key, definition, from: Revision(1))
        case 3, 4:
            let override = Override(
                level: OverrideLevel.allCases[1 + self.pick(4)],
                subject: self.roll(4) ? "" : "u\(self.pick(2))",
                variation: "on",
                isLocked: self.roll(3)
            )
            return self.roll(2)
                ? .setOverride(Log.production, key, override)
                : .removeOverride(Log.production, key, override.level, subject: override.subject)
        case 5...9:
            let status = FlagStatus.allCases[self.pick(3)]
            let definition = FlagDefinition(key: key, enabled: true, status: status)
            return .createFlag(Log.production, definition)
        default: return .updateFlag(Log.production, key, self.patch())
        }
    }

    private mutating func alertCommand() -> Command {
        let alerts = self.log.store.alerts()
        let id = alerts.isEmpty ? .zero : alerts[self.pick(alerts.count)].id
        return .acknowledgeAlert("acme", id)
    }

    private mutating func patch() -> FlagPatch {
        var patch = FlagPatch()
        if self.roll(3) { patch.enabled = self.roll(2) }
        if self.roll(3) { patch.status = FlagStatus.allCases[self.pick(5)] }
        if self.roll(3) {
            patch.rollout = RolloutPercentage(thousandths: UInt32(self.pick(100_001)))
        }
        if self.roll(4) { patch.plans = (0..<self.pick(12)).map { "P\($0)" } }
        let soon = Timestamp(milliseconds: self.log.time + Int64(self.pick(60_000)))
        if self.roll(9) { patch.start = .at(soon) }
        if self.roll(9) { patch.end = .at(soon.advanced(by: Int64(self.pick(60_000)))) }
        if self.roll(30) {
            patch.prerequisites = [Prerequisite(flag: self.key(), variations: ["on"])]
        }
        if self.roll(30) {
            let clause = Clause(attribute: "", .segment, [.string("s\(self.pick(6))")])
            patch.rules = [Rule(id: "r", clauses: [clause], serve: .variation("on"))]
        }
        if self.roll(9) { patch.onVariation = ["on", "off", "nothing"][self.pick(3)] }
        return patch
    }

    private mutating func roll(_ sides: Int) -> Bool { self.pick(sides) == 0 }

    private mutating func pick(_ count: Int) -> Int {
        Int(self.generator.next() % UInt64(count))
    }
}
