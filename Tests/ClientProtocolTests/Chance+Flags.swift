import ClientProtocol
import Flags
import WireTestKit

extension Chance {
    mutating func flip() -> Bool { Bool.random(using: &self) }

    mutating func revision() -> Revision { Revision(UInt64(self.number())) }

    mutating func time() -> Timestamp {
        Timestamp(milliseconds: Int64.random(in: .min ... .max, using: &self))
    }

    mutating func environment() -> EnvironmentID {
        EnvironmentID(organization: self.string(), environment: self.string())
    }

    mutating func strings() -> [String] {
        (0..<Int.random(in: 0...4, using: &self)).map { _ in self.string() }
    }

    mutating func list<Element>(_ make: (inout Chance) -> Element) -> [Element] {
        (0..<Int.random(in: 0...3, using: &self)).map { _ in make(&self) }
    }

    mutating func any<Choice: CaseIterable>(_ type: Choice.Type) -> Choice {
        let all = Array(type.allCases)
        return all[Int.random(in: all.indices, using: &self)]
    }

    mutating func value(depth: Int = 3) -> Value {
        switch Int.random(in: 0..<(depth > 0 ? 6 : 4), using: &self) {
        case 0: .null
        case 1: .bool(self.flip())
        case 2:
            .number(
                [0, 1, -1.5, .greatestFiniteMagnitude, 1e-300].randomElement(using: &self) ?? 0
            )
        case 3: .string(self.string())
        case 4:
            .array(
                (0..<Int.random(in: 0...3, using: &self)).map { _ in self.value(depth: depth - 1) }
            )
        default: .object(self.fields(depth: depth - 1))
        }
    }

    mutating func fields(depth: Int) -> [Value.Field] {
        (0..<Int.random(in: 0...3, using: &self)).map { index in
            Value.Field(name: "\(index)" + self.string(), value: self.value(depth: depth))
        }
        .sorted { $0.name < $1.name }
    }

    mutating func variations() -> [Variation] {
        self.list { Variation(name: $0.string(), value: $0.value()) }
    }

    mutating func rollout() -> RolloutPercentage {
        RolloutPercentage(thousandths: UInt32.random(in: 0...100_000, using: &self)) ?? .all
    }

    mutating func audience() -> Audience {
        Audience(
            plans: self.strings(),
            roles: self.strings(),
            companies: self.strings(),
            regions: self.strings()
        )
    }

    mutating func status() -> FlagStatus {
        self.any(FlagStatus.self)
    }

    mutating func flag() -> Flag {
        Flag(
            key: FlagKey(self.string()),
            name: self.string(),
            description: self.string(),
            enabled: self.flip(),
            status: self.status(),
            isArchived: self.flip(),
            rollout: self.rollout(),
            audience: self.audience(),
            start: self.flip() ? self.time() : nil,
            end: self.flip() ? Timestamp(milliseconds: 0) : nil,
            variations: self.variations(),
            onVariation: self.string(),
            offVariation: self.string(),
            salt: self.string(),
            bucketBy: self.string(),
            createdAt: self.time(),
            createdBy: self.string(),
            updatedAt: self.time(),
            updatedBy: self.string(),
            revision: self.revision(),
            createdRevision: self.revision(),
            labels: self.labels(),
            targeting: self.targeting(),
            recordedStart: self.flip() ? self.time() : nil,
            recordedEnd: self.flip() ? self.time() : nil,
            release: self.flip() ? Revision(7) : nil
        )
    }

    mutating func definition() -> FlagDefinition {
        FlagDefinition(
            key: FlagKey(self.string()),
            name: self.string(),
            description: self.string(),
            enabled: self.flip(),
            status: self.status(),
            rollout: self.rollout(),
            audience: self.audience(),
            start: self.flip() ? Timestamp(milliseconds: 0) : nil,
            end: self.flip() ? self.time() : nil,
            variations: self.variations(),
            onVariation: self.string(),
            offVariation: self.string(),
            salt: self.string(),
            bucketBy: self.string(),
            labels: self.labels(),
            targeting: self.targeting()
        )
    }

    /// A patch in which every field is absent, empty or set, by chance.
    mutating func patch() -> FlagPatch {
        var patch = FlagPatch()
        patch.name = self.flip() ? self.string() : nil
        patch.description = self.flip() ? "" : nil
        patch.enabled = self.flip() ? self.flip() : nil
        patch.status = self.flip() ? self.status() : nil
        patch.rollout = self.flip() ? (self.flip() ? RolloutPercentage.none : .all) : nil
        patch.plans = self.flip() ? self.strings() : nil
        patch.roles = self.flip() ? [] : nil
        patch.companies = self.flip() ? [""] : nil
        patch.regions = self.flip() ? self.strings() : nil
        patch.start = self.flip() ? FlagPatch.Bound.none : nil
        patch.end = self.flip() ? .at(self.time()) : nil
        patch.variations = self.flip() ? self.variations() : nil
        patch.onVariation = self.flip() ? self.string() : nil
        patch.offVariation = self.flip() ? "" : nil
        patch.reason = self.string()
        patch.tags = self.flip() ? self.strings() : nil
        patch.owner = self.flip() ? self.string() : nil
        patch.schema = self.flip() ? self.value() : nil
        patch.prerequisites = self.flip() ? self.list { $0.prerequisite() } : nil
        patch.targets = self.flip() ? self.list { $0.target() } : nil
        patch.rules = self.flip() ? self.list { $0.rule() } : nil
        patch.weights = self.flip() ? self.list { $0.weight() } : nil
        return patch
    }

    mutating func context() -> EvaluationContext {
        EvaluationContext(
            targetingKey: self.string(),
            company: self.string(),
            plan: self.string(),
            role: self.string(),
            region: self.string(),
            attributes: self.fields(depth: 2)
        )
    }

    mutating func historyRow() -> HistoryRow {
        HistoryRow(
            environment: self.environment(),
            revision: self.revision(),
            time: self.time(),
            actor: self.string(),
            action: self.any(HistoryAction.self),
            reason: self.string(),
            before: self.flip() ? self.flag() : nil,
            after: self.flag()
        )
    }
}
