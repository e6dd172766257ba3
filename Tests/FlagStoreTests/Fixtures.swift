import FlagStore
import Flags
import Releases

/// A store with a log: stamps each command with the next revision, as the replica does.
struct Log {
    static let production = EnvironmentID(organization: "acme", environment: "production")

    var store: FlagStore
    var time: Int64 = 1_770_000_000_000

    init(_ store: FlagStore = FlagStore()) { self.store = store }

    /// A log with an organization and its production environment.
    static func prepared(limits: FlagStoreLimits = FlagStoreLimits()) -> Log {
        var log = Log(FlagStore(limits: limits))
        log.apply(.putOrganization(Organization(id: "acme", name: "Acme")))
        log.apply(.putEnvironment(Environment(id: Self.production, name: "Production")))
        return log
    }

    /// Applies the next command, a millisecond later.
    @discardableResult
    mutating func apply(
        _ command: Command,
        actor: String = "ana",
        as authority: Authority = .platform,
        token: String? = nil,
        reason: String = "",
        basedOn: Revision? = nil,
        session: Revision? = nil,
        sequence: UInt64 = 0,
        after milliseconds: Int64 = 1
    ) -> Applied {
        self.time += milliseconds
        let stamp = CommandStamp(
            revision: Revision(self.store.applied.rawValue + 1),
            time: Timestamp(milliseconds: self.time),
            actor: actor,
            authority: authority,
            token: token,
            reason: reason,
            basedOn: basedOn,
            session: session.map { .init(id: $0, sequence: sequence) }
        )
        return self.store.apply(command, stamp: stamp)
    }

    @discardableResult
    mutating func create(
        _ key: String,
        _ change: (inout FlagDefinition) -> Void = { _ in }
    ) -> Applied {
        var definition = FlagDefinition(key: FlagKey(key), enabled: true, status: .active)
        change(&definition)
        return self.apply(.createFlag(Self.production, definition))
    }

    @discardableResult
    mutating func update(_ key: String, _ change: (inout FlagPatch) -> Void) -> Applied {
        var patch = FlagPatch()
        change(&patch)
        return self.apply(.updateFlag(Self.production, FlagKey(key), patch))
    }

    /// Reports evaluations of a flag's on variation.
    @discardableResult
    mutating func report(_ key: String, evaluations: UInt64, users: [UInt16] = []) -> Applied {
        var counts = UsageCounts()
        counts.evaluations = evaluations
        let row = UsageRow(
            environment: Self.production,
            flag: FlagKey(key),
            variation: "on",
            dimension: .total,
            value: "",
            start: Timestamp(milliseconds: 0),
            counts: counts
        )
        let sketch = UsageSketch(
            environment: Self.production,
            flag: FlagKey(key),
            variation: "on",
            registers: users
        )
        return self.apply(
            .recordUsage(UsageBatch(node: 1, rows: [row], sketches: users.isEmpty ? [] : [sketch]))
        )
    }

    func flag(_ key: String) -> Flag? { self.store.flag(Self.production, FlagKey(key))?.flag }
}

extension Applied {
    /// The kind of refusal; `nil` when the command was done.
    var refusal: Refusal.Code? {
        guard case .refused(let refusal) = self.outcome else { return nil }
        return refusal.code
    }

    /// The message of the refusal, or nothing.
    var message: String {
        guard case .refused(let refusal) = self.outcome else { return "" }
        return refusal.message
    }

    /// The history row of the flag that changed; `nil` when none did.
    var row: HistoryRow? {
        guard case .flag(let row)? = self.effects.first else { return nil }
        return row
    }

    /// The history rows of what is not a flag.
    var rows: [ObjectHistoryRow] {
        self.effects.compactMap { if case .history(let row) = $0 { row } else { nil } }
    }

    /// The alerts as they are after the command.
    var alerts: [Alert] {
        self.effects.compactMap { if case .alert(let alert) = $0 { alert } else { nil } }
    }

    /// The releases as they are after the command.
    var releases: [Release] {
        self.effects.compactMap { if case .release(let release) = $0 { release } else { nil } }
    }
}

/// A seeded generator (SplitMix64), so that a failure can be replayed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { self.state = seed }

    mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = self.state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
