import FlagStore
import Flags
import FoundationEssentials
import GRDB
import Ledger
import Usage

/// A store and the records of what was applied to it since the last batch.
struct RecordedLog {
    static let production = EnvironmentID(organization: "acme", environment: "production")

    var store: FlagStore
    var pending: [LedgerRecord] = []
    var rows: [HistoryRow] = []
    private var time: Int64 = 1_770_000_000_000

    init(_ store: FlagStore = FlagStore()) { self.store = store }

    @discardableResult
    mutating func apply(
        _ command: Command,
        session: Revision? = nil,
        sequence: UInt64 = 0,
        actor: String = "ana",
        after milliseconds: Int64 = 1
    ) -> Applied {
        self.time += milliseconds
        let stamp = CommandStamp(
            revision: Revision(self.store.applied.rawValue + 1),
            time: Timestamp(milliseconds: self.time),
            actor: actor,
            session: session.map { .init(id: $0, sequence: sequence) }
        )
        let applied = self.store.apply(command, stamp: stamp)
        self.pending.append(LedgerRecord(applied))
        for case .flag(let row) in applied.effects { self.rows.append(row) }
        return applied
    }

    mutating func record(in ledger: Ledger) throws {
        try ledger.record(self.pending, applied: self.store.applied)
        self.pending = []
    }

    mutating func update(_ key: String, _ change: (inout FlagPatch) -> Void) {
        var patch = FlagPatch()
        change(&patch)
        self.apply(.updateFlag(Self.production, FlagKey(key), patch))
    }

    /// A tenant with everything that it can have, two sessions and three flags.
    static func furnished() -> RecordedLog {
        var log = RecordedLog()
        log.apply(.putOrganization(Organization(id: "acme", name: "Acme 'n' Co")))
        log.apply(.putEnvironment(Environment(id: Self.production, name: "Production")))
        log.apply(.putPlan(Plan(organization: "acme", id: "PREMIUM", name: "Premium")))
        let company = Company(
            organization: "acme",
            id: "globex",
            name: "Globex",
            plan: "PREMIUM",
            region: "MX"
        )
        log.apply(.putCompany(company))
        let session = log.apply(.openSession).session?.id
        log.apply(.openSession, actor: "bob")
        log.apply(.createFlag(Self.production, Self.rich), session: session, sequence: 1)
        log.apply(.createFlag(Self.production, Self.rich), session: session, sequence: 2)
        for key in ["plain", "gone"] {
            log.apply(.createFlag(Self.production, FlagDefinition(key: FlagKey(key))))
        }
        log.apply(.archiveFlag(Self.production, FlagKey("gone")))
        return log
    }

    /// A furnished tenant, and rows in every other table too.
    static func complete() -> RecordedLog {
        var log = Self.furnished()
        log.apply(.putOrganization(Organization(id: "acme", name: "A", quotas: Self.quotas)))
        log.apply(.putMember(TeamMember(organization: "acme", name: "bob", role: .developer)))
        log.apply(
            .createToken(
                AccessToken(
                    id: "ci",
                    organization: "acme",
                    role: .viewer,
                    sha256: String(repeating: "a", count: 64)
                )
            )
        )
        log.apply(.putSegment(Self.production, SegmentDefinition(key: "beta", included: ["u1"])))
        log.apply(.putSegment(Self.production, SegmentDefinition(key: "old")))
        log.apply(.removeSegment(Self.production, key: "old"))
        let plan = ReleasePlan(steps: [ReleaseStep(rollout: .all, holdMilliseconds: 60_000)])
        log.apply(.startRelease(Self.production, FlagKey("rich"), plan))
        log.apply(.emergencyRollback(Self.production, FlagKey("plain")))
        var counts = UsageCounts()
        counts.evaluations = 7
        let row = UsageRow(
            environment: Self.production,
            flag: FlagKey("rich"),
            variation: "a",
            dimension: .company,
            value: "globex",
            start: UsageResolution.minute.start(of: log.store.time),
            counts: counts
        )
        var total = row
        (total.dimension, total.value) = (.total, "")
        let denied = DeniedAttempt(actor: "eve", organization: "acme", method: "write", count: 2)
        log.apply(
            .recordUsage(UsageBatch(node: 1, rows: [row, total], denied: [denied], dropped: 3))
        )
        log.apply(.putPlan(Plan(organization: "acme", id: "BASIC", name: "Basic")))
        return log
    }

    private static let quotas = Quotas(writesPerSecond: 100)

    private static let rich = FlagDefinition(
        key: FlagKey("rich"),
        name: "Número uno",
        description: "first\nsecond",
        enabled: true,
        status: .active,
        rollout: RolloutPercentage(thousandths: 12_345) ?? .none,
        audience: Audience(plans: ["PREMIUM"], roles: ["ADMIN"], regions: ["MX", "\"CO\""]),
        start: Timestamp(milliseconds: 1_000),
        end: Timestamp(milliseconds: 2_000_000_000_001),
        variations: [
            Variation(name: "a", value: .object([.init(name: "n", value: .number(-0.0))])),
            Variation(name: "b", value: .array([.null, .string("\u{1}"), .number(1e300)])),
        ]
    )
}

/// A folder of its own for each test, removed when the test is over.
final class TemporaryFolder {
    let path: String

    init(purpose: String = "ledger") throws {
        let name = "bandera-\(purpose)-\(UUID().uuidString)"
        self.path = FileManager.default.temporaryDirectory.appending(path: name).path
        try FileManager.default.createDirectory(
            atPath: self.path,
            withIntermediateDirectories: true
        )
    }

    deinit { try? FileManager.default.removeItem(atPath: self.path) }

    var file: String { self.path + "/ledger.sqlite" }

    /// Changes the file behind the ledger's back.
    func edit(_ sql: String) throws {
        let editor = try DatabaseQueue(path: self.file)
        try editor.write { try $0.execute(sql: sql) }
        try editor.close()
    }

    /// A number in the file, read beside the ledger.
    func count(_ sql: String) throws -> Int {
        let reader = try DatabaseQueue(path: self.file)
        defer { try? reader.close() }
        return try reader.read { try Int.fetchOne($0, sql: sql) ?? 0 }
    }

    func open(
        cluster: String = "test",
        node: UInt64 = 1,
        limits: LedgerLimits = LedgerLimits()
    ) throws -> Ledger {
        let identity = LedgerIdentity(cluster: cluster, node: node)
        return try Ledger.open(path: self.file, identity: identity, limits: limits)
    }
}
