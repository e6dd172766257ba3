internal import FlagStore
internal import Flags
internal import Ledger

/// Applies commands to a store and records them, as a node does, and keeps the time.
struct RecordMaker {
    static let identity = LedgerIdentity(cluster: "start", node: 1)
    private static let environment = EnvironmentID(
        organization: "acme",
        environment: "production"
    )

    private let ledger: Ledger
    private let batch: Int
    private var store = FlagStore()
    private var pending: [LedgerRecord] = []
    private var rows = 0
    private var applying = Duration.zero
    private var recording = Duration.zero

    init(path: String, batch: Int) throws {
        self.ledger = try Ledger.open(path: path, identity: Self.identity)
        self.batch = batch
    }

    /// Makes everything, and then changes flags in turn until there is enough history.
    mutating func make(flags: Int, companies: Int, history: Int) throws {
        let id = Self.environment
        try self.apply(.putOrganization(Organization(id: id.organization, name: "Acme")))
        try self.apply(.putEnvironment(Environment(id: id, name: "Production")))
        for plan in ["FREE", "PREMIUM", "ENTERPRISE"] {
            try self.apply(.putPlan(Plan(organization: id.organization, id: plan, name: plan)))
        }
        for index in 0..<20 {
            let users = (0..<50).map { "user-\(index)-\($0)" }
            try self.apply(.putSegment(id, SegmentDefinition(key: "s\(index)", included: users)))
        }
        for index in 0..<companies { try self.apply(.putCompany(Self.company(index))) }
        for index in 0..<flags { try self.apply(.createFlag(id, Self.flag(index))) }
        var step = 0
        while self.rows < history {
            var patch = FlagPatch()
            patch.rollout = RolloutPercentage(thousandths: UInt32(step / flags % 100_001))
            patch.reason = "ramp"
            try self.apply(.updateFlag(id, FlagKey("flag-\(step % flags)"), patch))
            step += 1
        }
        try self.record()
    }

    /// Closes the records, and says what they cost.
    func finish() throws -> String {
        try self.ledger.close()
        func each(_ duration: Duration) -> Double {
            duration / .microseconds(1) / Double(max(1, self.rows))
        }
        return "\(self.rows) rows of history: applied in \(each(self.applying)) us each, recorded "
            + "in \(each(self.recording)) us each"
    }

    private mutating func apply(_ command: Command) throws {
        let start = ContinuousClock.now
        let stamp = CommandStamp(
            revision: Revision(self.store.applied.rawValue + 1),
            time: Timestamp(milliseconds: 1_770_000_000_000 + Int64(self.store.applied.rawValue)),
            actor: "ana@example.com"
        )
        let applied = self.store.apply(command, stamp: stamp)
        self.pending.append(LedgerRecord(applied))
        self.applying += ContinuousClock.now - start
        guard case .done = applied.outcome else {
            preconditionFailure("refused: \(applied.outcome)")
        }
        for effect in applied.effects {
            switch effect {
            case .flag, .history: self.rows += 1
            default: break
            }
        }
        if self.pending.count >= self.batch { try self.record() }
    }

    private mutating func record() throws {
        let start = ContinuousClock.now
        try self.ledger.record(self.pending, applied: self.store.applied)
        self.recording += ContinuousClock.now - start
        self.pending.removeAll(keepingCapacity: true)
    }

    private static func company(_ index: Int) -> Company {
        Company(
            organization: Self.environment.organization,
            id: "company-\(index)",
            name: "Company No. \(index)",
            plan: ["FREE", "PREMIUM", "ENTERPRISE"][index % 3],
            region: ["MX", "CO", "AR", "BR"][index % 4],
            attributes: [
                Value.Field(name: "employees", value: .number(Double(index % 5_000))),
                Value.Field(name: "industry", value: .string("retail")),
            ]
        )
    }

    private static func flag(_ index: Int) -> FlagDefinition {
        let on = "on"
        let rules = (0..<3).map { rule in
            Rule(
                id: "rule-\(rule)",
                clauses: [
                    Clause(attribute: "plan", .isIn, [.string("PREMIUM"), .string("ENTERPRISE")]),
                    Clause(attribute: "", .segment, [.string("s\((index + rule) % 20)")]),
                ],
                serve: .variation(on)
            )
        }
        return FlagDefinition(
            key: FlagKey("flag-\(index)"),
            name: "Flag No. \(index)",
            description: "What it is for, in a sentence of the usual length.",
            enabled: true,
            status: .active,
            audience: Audience(plans: ["PREMIUM", "ENTERPRISE"], regions: ["MX"]),
            labels: FlagLabels(tags: ["checkout", "team-\(index % 30)"], owner: "ana@example.com"),
            targeting: Targeting(
                targets: [Target(variation: on, values: (0..<5).map { "user-\(index)-\($0)" })],
                rules: rules
            )
        )
    }
}
