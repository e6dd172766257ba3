import FlagStore
import Flags
import Releases
import Testing

@Suite struct EmergencyTests {
    private static let key = FlagKey("checkout")
    private let rollback = Command.emergencyRollback(Log.production, Self.key)

    @Test func anEmergencyRollbackTakesAFlagAwayFromEveryState() throws {
        let paths: [[FlagStatus]] = [
            [], [.active], [.active, .paused], [.active, .completed], [.rolledBack],
        ]
        for path in paths {
            var log = Log.prepared()
            log.create("checkout") { $0.status = .draft }
            for status in path { log.update("checkout") { $0.status = status } }
            let applied = log.apply(self.rollback, actor: "ops", reason: "errors")
            let flag = try #require(log.flag("checkout"), "\(path)")
            #expect(!flag.enabled && flag.rollout == .none && flag.status == .rolledBack)
            #expect(applied.row?.action == .emergencyRollback && applied.row?.reason == "errors")
            #expect(applied.row?.before?.status == (path.last ?? .draft))
            #expect(applied.change?.isUrgent == true)
            let alert = try #require(applied.alerts.first)
            #expect(alert.kind == .emergencyRollback && alert.raisedBy == "ops")
            #expect(alert.message == "ops rolled back flag checkout in acme/production: errors")
            #expect(alert.id == log.store.applied && alert.raisedAt.milliseconds == log.time)
            #expect(applied.rows.map(\.kind) == [.alert])
        }
    }

    @Test func nothingIsRolledBackThatIsNotThereOrArchived() {
        var log = Log.prepared()
        #expect(log.apply(self.rollback).refusal == .notFound)
        log.create("checkout")
        log.apply(.archiveFlag(Log.production, Self.key))
        #expect(log.apply(self.rollback).refusal == .illegalTransition)
    }

    @Test func anEmergencyDoesNotWaitForAnybodyElsesChange() {
        var log = Log.prepared()
        log.create("checkout")
        #expect(log.apply(self.rollback, basedOn: Revision(1)).refusal == nil)
    }

    @Test func anEmergencyEndsTheReleaseWithoutASecondAlert() throws {
        var log = Log.prepared()
        log.create("checkout")
        let plan = ReleasePlan(steps: [ReleaseStep(rollout: .all, approvals: 1)])
        log.apply(.startRelease(Log.production, Self.key, plan))
        let applied = log.apply(self.rollback)
        #expect(applied.releases.map(\.state) == [.rolledBack])
        #expect(applied.alerts.map(\.kind) == [.emergencyRollback])
        #expect(applied.rows.map(\.kind) == [.release, .alert])
        #expect(log.flag("checkout")?.release == nil)
    }

    @Test func deliveriesComeIntoTheAlertSortedAndOnceForEachNode() throws {
        var log = Log.prepared()
        log.create("checkout")
        let id = log.apply(self.rollback).alerts.first?.id ?? .zero
        func delivery(_ region: String, _ node: UInt64, _ milliseconds: UInt32) -> DeliveryReport {
            let delivery = Alert.Delivery(
                region: region,
                node: node,
                watchers: 5,
                acknowledged: 5,
                milliseconds: milliseconds
            )
            return DeliveryReport(alert: id, delivery: delivery)
        }
        for report in [delivery("mx", 2, 9), delivery("es", 3, 7), delivery("mx", 1, 8)] {
            let applied = log.apply(.recordUsage(UsageBatch(node: 1, deliveries: [report])))
            #expect(applied.alerts.count == 1)
        }
        log.apply(.recordUsage(UsageBatch(node: 1, deliveries: [delivery("mx", 2, 4)])))
        let deliveries = try #require(log.store.alerts(of: "acme").first).deliveries
        #expect(
            deliveries.map(\.node) == [3, 1, 2] && deliveries.map(\.milliseconds) == [7, 8, 4]
        )
        let stranger = DeliveryReport(alert: Revision(1), delivery: deliveries[0])
        let applied = log.apply(.recordUsage(UsageBatch(node: 1, deliveries: [stranger])))
        #expect(applied.refusal == nil && applied.effects.isEmpty)
    }

    @Test func anAlertIsAcknowledgedOnce() throws {
        var log = Log.prepared()
        log.create("checkout")
        log.apply(self.rollback)
        let id = log.store.applied
        #expect(log.store.overview().rollbackAlerts == 1)
        let applied = log.apply(.acknowledgeAlert("acme", id), actor: "ben")
        #expect(applied.alerts.first?.acknowledgedBy == "ben")
        #expect(applied.rows.map(\.action) == [.acknowledge])
        let again = log.apply(.acknowledgeAlert("acme", id), actor: "cem")
        #expect(again.refusal == nil && again.effects.isEmpty)
        #expect(log.store.alerts(of: "acme").first?.acknowledgedBy == "ben")
        #expect(log.store.overview().rollbackAlerts == 0)
        #expect(log.store.alerts(includeAcknowledged: false).isEmpty)
        #expect(log.apply(.acknowledgeAlert("acme", Revision(1))).refusal == .notFound)
    }

    @Test func alertsAreKeptUpToANumber() {
        var limits = FlagStoreLimits()
        limits.alertsMax = 2
        var log = Log.prepared(limits: limits)
        log.create("checkout")
        let ids = (0..<3).map { _ in log.apply(self.rollback).alerts.first?.id ?? .zero }
        #expect(log.store.alerts().map(\.id) == [ids[2], ids[1]])
        let last = log.apply(self.rollback)
        #expect(last.effects.contains(.alertForgotten(ids[1])))
        let restored = FlagStore(restoring: log.store.contents(), limits: limits)
        #expect(restored.contents() == log.store.contents())
    }
}
