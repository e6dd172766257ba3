import FoundationEssentials
import LocalCluster

/// What happens to the cluster in the rounds of a crash test: the same seed plans the same faults.
struct CrashPlan {
    /// One round's fault.
    enum Fault: String, CaseIterable {
        case killLeader
        case killFollower
        case killMajority
        case killAll
        case killLeaderTwice
        case pauseLeader
        case cutLeader
        case replaceMember
    }

    /// How many rounds there are: `BANDERA_CRASH_ROUNDS`.
    static let rounds = Self.number("BANDERA_CRASH_ROUNDS").map { Int(clamping: $0) } ?? 12
    /// What chance is derived from: `BANDERA_CRASH_SEED`, to plan the same again.
    static let seed = Self.number("BANDERA_CRASH_SEED") ?? UInt64.random(in: 1...999_999)
    /// Ample for the rounds, so that a test that hangs ends.
    static let minutesMax = 3 + Self.rounds / 6

    /// Half of all seeds read with leases; every log is compacted often, so that a node which was
    /// down, or is new, may need a snapshot.
    static var tuning: LocalClusterConfiguration.Tuning {
        var tuning = LocalClusterConfiguration.Tuning()
        tuning.reads = ["lease_ms": Self.seed % 2 == 0 ? 0 : 100]
        tuning.compaction = ["tail_entries": 50, "step_entries": 50]
        return tuning
    }

    private var random: CrashRandom
    private var waiting: [Fault] = []

    init(seed: UInt64) { self.random = CrashRandom(seed: seed) }

    /// The next fault: each kind once before any comes again, in a random order.
    mutating func next() -> Fault {
        if self.waiting.isEmpty { self.waiting = Fault.allCases.shuffled(using: &self.random) }
        return self.waiting.removeLast()
    }

    /// A number below `limit`.
    mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &self.random) }

    private static func number(_ variable: String) -> UInt64? {
        ProcessInfo.processInfo.environment[variable].flatMap { UInt64($0) }
    }
}

/// Chance from a seed (SplitMix64).
struct CrashRandom: RandomNumberGenerator {
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
