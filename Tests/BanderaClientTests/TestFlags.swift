import BanderaClient
import Flags

let acme = EnvironmentID(organization: "acme", environment: "production")

/// A Boolean flag that is on for everybody, as it is after `revision`.
func makeFlag(
    _ key: String,
    revision: UInt64,
    created: UInt64? = nil,
    isArchived: Bool = false
) -> Flag {
    Flag(
        key: FlagKey(key),
        name: key,
        description: "",
        enabled: true,
        status: .active,
        isArchived: isArchived,
        rollout: .all,
        audience: Audience(),
        start: nil,
        end: nil,
        variations: [
            Variation(name: "on", value: .bool(true)), Variation(name: "off", value: .bool(false)),
        ],
        onVariation: "on",
        offVariation: "off",
        salt: key,
        bucketBy: "targetingKey",
        createdAt: Timestamp(milliseconds: 0),
        createdBy: "test",
        updatedAt: Timestamp(milliseconds: 0),
        updatedBy: "test",
        revision: Revision(revision),
        createdRevision: Revision(created ?? revision)
    )
}

/// The change that made `makeFlag` of the same arguments.
func makeChange(
    _ key: String,
    revision: UInt64,
    created: UInt64? = nil,
    environment: EnvironmentID = acme
) -> Change {
    Change(
        revision: Revision(revision),
        environment: environment,
        flag: makeFlag(key, revision: revision, created: created)
    )
}

/// A generator that a test can repeat from its seed (Steele, Lea, Flood: SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { self.state = seed }

    mutating func next() -> UInt64 {
        self.state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = self.state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

/// A segment of one user, as it is after `revision`.
func makeSegment(_ key: String, revision: UInt64, users: [String] = ["ana"]) -> Segment {
    Segment(
        definition: SegmentDefinition(key: key, included: users),
        createdAt: Timestamp(milliseconds: 0),
        createdBy: "test",
        updatedAt: Timestamp(milliseconds: 0),
        updatedBy: "test",
        revision: Revision(revision)
    )
}

extension FlagSource {
    var ruleset: Ruleset? {
        if case .rules(let ruleset) = self { ruleset } else { nil }
    }

    var values: EvaluatedValues? {
        if case .values(let values) = self { values } else { nil }
    }
}
