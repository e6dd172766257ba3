import FlagStore
import Flags
import Releases
import Testing

@Suite struct OverrideTests {
    private static let key = FlagKey("checkout")

    private func set(
        _ level: OverrideLevel,
        _ subject: String = "",
        _ variation: String = "on",
        locked: Bool = false
    ) -> Command {
        let override = Override(
            level: level,
            subject: subject,
            variation: variation,
            isLocked: locked
        )
        return .setOverride(Log.production, Self.key, override)
    }

    private func remove(_ level: OverrideLevel, _ subject: String = "") -> Command {
        .removeOverride(Log.production, Self.key, level, subject: subject)
    }

    private func authority(_ role: Role) -> Authority {
        Authority(role: role, organization: "acme")
    }

    @Test func overridesAreSortedAndOneOfEachPlace() {
        var log = Log.prepared()
        log.create("checkout")
        for command in [
            self.set(.user, "u2"), self.set(.platform), self.set(.user, "u1"),
            self.set(.plan, "PRO"), self.set(.user, "u2", "off"),
        ] {
            let applied = log.apply(command)
            #expect(applied.row?.action == .overrideSet, "\(applied.message)")
        }
        let overrides = log.flag("checkout")?.targeting.overrides ?? []
        #expect(overrides.map(\.level) == [.platform, .plan, .user, .user])
        #expect(overrides.map(\.subject) == ["", "PRO", "u1", "u2"])
        #expect(overrides.last?.variation == "off")
        #expect(log.apply(self.set(.user, "u2", "off")).effects.isEmpty)
        #expect(log.apply(self.remove(.user, "u2")).row?.action == .overrideRemove)
        #expect(log.apply(self.remove(.user, "u2")).refusal == .notFound)
    }

    @Test func anOverrideNamesAVariationAndASubject() {
        var log = Log.prepared()
        log.create("checkout")
        #expect(log.apply(self.set(.user, "u", "blue")).refusal == .invalid)
        #expect(log.apply(self.set(.user, "")).refusal == .invalid)
        #expect(log.apply(self.set(.platform, "x")).refusal == .invalid)
    }

    @Test func eachLevelHasItsOwnKeepers() {
        let keepers: [(Command, Role)] = [
            (self.set(.platform), .superAdmin), (self.set(.organization), .organizationAdmin),
            (self.set(.plan, "P", locked: true), .organizationAdmin),
            (self.set(.plan, "P"), .releaseManager), (self.set(.company, "c"), .releaseManager),
            (self.set(.user, "u"), .releaseManager),
        ]
        for (command, least) in keepers {
            for role in Role.allCases {
                var log = Log.prepared()
                log.create("checkout")
                let authority = role == .superAdmin ? .platform : self.authority(role)
                let code = log.apply(command, as: authority).refusal
                #expect(
                    code == (role.rank <= least.rank ? nil : .permissionDenied),
                    "\(role) \(command)"
                )
            }
        }
    }

    @Test func aLockedOverrideIsNotChangedFromBelow() {
        var log = Log.prepared()
        log.create("checkout")
        log.apply(self.set(.plan, "PRO", locked: true))
        let manager = self.authority(.releaseManager)
        #expect(log.apply(self.set(.plan, "PRO", "off"), as: manager).refusal == .permissionDenied)
        #expect(log.apply(self.remove(.plan, "PRO"), as: manager).refusal == .permissionDenied)
        let admin = self.authority(.organizationAdmin)
        #expect(log.apply(self.remove(.plan, "PRO"), as: admin).refusal == nil)
    }

    @Test func aDefinitionCannotSmuggleInWhatItsAuthorMayNotSet() {
        var log = Log.prepared()
        var definition = FlagDefinition(key: Self.key)
        definition.targeting.overrides = [
            Override(level: .platform, variation: "on", isLocked: true)
        ]
        let create = Command.createFlag(Log.production, definition)
        for role in Role.allCases where role != .superAdmin {
            let code = log.apply(create, as: self.authority(role)).refusal
            #expect(code == .permissionDenied, "\(role)")
        }
        #expect(log.apply(create).refusal == nil)
    }
}

@Suite struct RestoreTests {
    private static let key = FlagKey("checkout")

    private func restore(_ flag: Flag) -> Command {
        .restoreFlag(Log.production, Self.key, FlagDefinition(flag), from: flag.revision)
    }

    @Test func aFlagBecomesWhatItWasButStaysItself() throws {
        var log = Log.prepared()
        log.create("checkout") { $0.salt = "pepper" }
        log.update("checkout") {
            $0.rollout = RolloutPercentage(thousandths: 25_000)
            $0.name = "Checkout"
        }
        var good = try #require(log.flag("checkout"))
        log.apply(.emergencyRollback(Log.production, Self.key))
        good.salt = "x"
        good.bucketBy = "company"
        let applied = log.apply(self.restore(good))
        let flag = try #require(log.flag("checkout"))
        #expect(applied.row?.action == .rollback && flag.status == .active && flag.enabled)
        #expect(flag.rollout.thousandths == 25_000 && flag.name == "Checkout")
        #expect(flag.salt == "pepper" && flag.bucketBy == "targetingKey")
        #expect(applied.row?.reason == "restored from revision \(good.revision)")
        #expect(log.apply(self.restore(good)).effects.isEmpty)
    }

    @Test func aCompletedFlagStaysSo() throws {
        var log = Log.prepared()
        log.create("checkout")
        let before = try #require(log.flag("checkout"))
        log.update("checkout") { $0.status = .completed }
        #expect(log.apply(self.restore(before)).refusal == .illegalTransition)
    }

    @Test func whatIsRestoredMustStillFit() throws {
        var log = Log.prepared()
        log.create("other")
        log.create("checkout") {
            $0.targeting.prerequisites = [Prerequisite(flag: FlagKey("other"), variations: ["on"])]
        }
        let before = try #require(log.flag("checkout"))
        log.update("checkout") { $0.prerequisites = [] }
        log.apply(.archiveFlag(Log.production, FlagKey("other")))
        #expect(log.apply(self.restore(before)).refusal == .invalid)
    }

    @Test func overridesOfOthersStayAsTheyAre() throws {
        var log = Log.prepared()
        let user = Override(level: .user, subject: "u", variation: "on")
        let plan = Override(level: .plan, subject: "PRO", variation: "on")
        let lock = Override(level: .platform, variation: "off", isLocked: true)
        log.create("checkout") { $0.targeting.overrides = [plan, user] }
        let before = try #require(log.flag("checkout"))
        log.apply(.removeOverride(Log.production, Self.key, .user, subject: "u"))
        log.apply(.setOverride(Log.production, Self.key, lock))
        let locked = Override(level: .plan, subject: "PRO", variation: "off", isLocked: true)
        log.apply(.setOverride(Log.production, Self.key, locked))
        let manager = Authority(role: .releaseManager, organization: "acme")
        #expect(log.apply(self.restore(before), as: manager).refusal == nil)
        #expect(log.flag("checkout")?.targeting.overrides == [lock, locked, user])
        #expect(log.apply(self.restore(before)).refusal == nil)
        #expect(log.flag("checkout")?.targeting.overrides == [plan, user])
    }

    @Test func nobodyTakesAnOverrideAwayByGoingBack() throws {
        var log = Log.prepared()
        log.create("checkout")
        let before = try #require(log.flag("checkout"))
        log.update("checkout") {
            $0.variations = ["on", "off", "locked"].map {
                Variation(name: $0, value: .bool($0 == "on"))
            }
        }
        let lock = Override(level: .platform, variation: "locked", isLocked: true)
        log.apply(.setOverride(Log.production, Self.key, lock))
        let manager = Authority(role: .releaseManager, organization: "acme")
        let refused = log.apply(self.restore(before), as: manager)
        #expect(refused.refusal == .permissionDenied && refused.message.contains("platform"))
        #expect(log.flag("checkout")?.targeting.overrides == [lock])
        #expect(log.apply(self.restore(before)).refusal == nil)
        #expect(log.flag("checkout")?.targeting.overrides.isEmpty == true)
    }

    @Test func onlyARevisionThatTheFlagHadComesBack() throws {
        var log = Log.prepared()
        log.create("checkout")
        let created = log.store.applied
        let definition = FlagDefinition(try #require(log.flag("checkout")))
        log.update("checkout") { $0.name = "Checkout" }
        func restore(_ revision: UInt64) -> Command {
            .restoreFlag(Log.production, Self.key, definition, from: Revision(revision))
        }
        let early = log.apply(restore(created.rawValue - 1))
        #expect(early.refusal == .invalid && early.message.contains("was created at"))
        let late = log.apply(restore(log.store.applied.rawValue + 1))
        #expect(late.refusal == .invalid && late.message.contains("in the future"))
        #expect(log.apply(restore(created.rawValue)).refusal == nil)
    }

    @Test func aLiveFlagBecomesNoDraftByGoingBack() throws {
        var log = Log.prepared()
        log.create("checkout") { $0.status = .draft }
        let draft = try #require(log.flag("checkout"))
        log.update("checkout") { $0.status = .active }
        let refused = log.apply(self.restore(draft))
        #expect(refused.refusal == .illegalTransition && refused.message.contains("paused"))
        log.apply(.emergencyRollback(Log.production, Self.key))
        #expect(log.apply(self.restore(draft)).refusal == nil)
        #expect(log.flag("checkout")?.status == .draft)
    }

    @Test func goingBackIsPushedFirstAndTold() throws {
        var log = Log.prepared()
        log.create("checkout")
        let before = try #require(log.flag("checkout"))
        let plan = ReleasePlan(steps: [ReleaseStep(rollout: .all, holdMilliseconds: 60_000)])
        log.apply(.startRelease(Log.production, Self.key, plan))
        let applied = log.apply(self.restore(before))
        #expect(applied.change?.isUrgent == true)
        #expect(applied.alerts.map(\.kind) == [.rollback])
        #expect(applied.releases.map(\.state) == [.rolledBack])
        #expect(log.flag("checkout")?.release == nil && log.store.overview().rollbackAlerts == 1)
        let delivery = Alert.Delivery(
            region: "MX",
            node: 1,
            watchers: 2,
            acknowledged: 2,
            milliseconds: 3
        )
        let report = DeliveryReport(alert: log.store.applied, delivery: delivery)
        let told = log.apply(.recordUsage(UsageBatch(node: 1, deliveries: [report])))
        #expect(told.alerts.first?.deliveries == [delivery])
    }
}
