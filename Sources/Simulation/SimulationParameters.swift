internal import Raft
package import Replica

/// What one simulated run is made of: drawn entirely from its seed, so that the seed replays it.
package struct SimulationParameters: Hashable, Sendable {
    package let seed: UInt64
    package let profile: SimulationProfile
    /// The voters that the cluster starts with.
    package var nodes: Int
    package var clients: Int
    /// Flags that all clients write to, beside one of each client's own.
    package var sharedFlags: Int
    package var watchers: Int
    /// How long a client waits between two operations, in microseconds.
    package var thinkTime: ClosedRange<UInt64>
    package var network = Network()
    package var disks = Disks()
    package var core = Core()
    package var snapshots = Snapshots()
    /// Whether an operator changes the membership without need.
    package var changesMembers = false
    /// Chance per thousand that an operation is a read.
    package var readPermille: UInt64 = 300
    /// The kinds of fault that are on.
    package var faults: [FaultKind] = []
    /// The mean time between two faults, in milliseconds.
    package var faultInterval: UInt64
    /// How long what was broken stays so, in microseconds.
    package var faultDuration: ClosedRange<UInt64>
    /// How long a node stays down, in microseconds.
    package var downTime: ClosedRange<UInt64>
    /// Chance per thousand that a fault hits the leader rather than anybody.
    package var leaderBiasPermille: UInt64
    /// Chance per thousand of each ambush whenever its moment has come, by its raw value.
    package var ambushPermille: [UInt64]
    /// How long faults go on, in milliseconds; then a quorum is healed and must serve.
    package var faultsUntil: UInt64
    /// After healing only a quorum goes on, the others are gone for good.
    package var healsQuorumOnly: Bool
    /// Chance per thousand that the peers of a crashed process see its connections close.
    package var crashIsSeenPermille: UInt64
    /// How long a loop gathers inputs before it decides, in microseconds.
    package var turnDelay: ClosedRange<UInt64>
    /// How far the monotonic clocks may drift, either way.
    package var driftPermilleMax: UInt64

    /// How long those who release wait between two commands, in microseconds.
    package var releaseInterval: ClosedRange<UInt64> = 40_000...400_000

    /// What happens between two processes.
    package struct Network: Hashable, Sendable {
        /// One-way delay of a batch, in microseconds.
        package var delay: ClosedRange<UInt64> = 50...1_000
        /// Whether a link keeps the order of what it carries, as one connection does.
        package var isOrdered = false
        /// Chances per thousand batches.
        package var lossPermille: UInt64 = 0
        package var duplicatePermille: UInt64 = 0
        /// Chance per thousand that a batch is held back for long, so that later ones overtake it.
        package var stragglerPermille: UInt64 = 0
        package var stragglerDelay: ClosedRange<UInt64> = 10_000...500_000
        /// Chance per thousand that nodes notice a cut link as a closed connection.
        package var cutIsSeenPermille: UInt64 = 0
    }

    /// What happens between a process and its disk.
    package struct Disks: Hashable, Sendable {
        /// How long a synchronisation of the log takes, in microseconds.
        package var fsync: ClosedRange<UInt64> = 100...2_000
        package var segmentBytes = 16 << 10
        /// How long the record store trails, in microseconds.
        package var recordDelay: ClosedRange<UInt64> = 100...100_000
        /// Chance per thousand that the record store is synchronised with a commit of its own.
        package var recordIsDurablePermille: UInt64 = 300
    }

    /// What the consensus core is configured with.
    package struct Core: Hashable, Sendable {
        package var heartbeatInterval: UInt64 = 30
        package var electionTimeoutMin: UInt64 = 150
        package var electionTimeoutMax: UInt64 = 300
        package var inflightMessagesMax = 256
        package var inflightBytesMax = 16 << 20
        package var appendBytesMax = 1 << 20
        package var cachedBytesMax = 64 << 20
        package var leaseDuration: UInt64 = 0
        package var catchUpEntriesMax: UInt64 = 30
        /// Counted in the longest election timeouts.
        package var storageStallTimeouts: UInt64 = 2
    }

    /// How logs are compacted, and what a snapshot looks like.
    package struct Snapshots: Hashable, Sendable {
        package var compaction = CompactionPolicy()
        package var bytes: ClosedRange<UInt64> = 1...1_000
        package var bytesPerSecond: UInt64 = 128 << 20
    }
}

extension SimulationParameters {
    /// Draws the parameters of a seed.
    package init(seed: UInt64) {
        var random = SplitMix64(seed: seed ^ 0x5EED_0F_BA2D)
        func draw(_ range: ClosedRange<UInt64>) -> UInt64 { random.next(in: range) }
        func pick<Element>(_ elements: [Element]) -> Element {
            elements[Int(draw(0...UInt64(elements.count - 1)))]
        }
        let profile = SimulationProfile(seed: seed)
        self.seed = seed
        self.profile = profile
        self.nodes = pick([3, 3, 3, 3, 5, 5, 1])
        self.clients = Int(draw(1...5))
        self.sharedFlags = Int(draw(1...3))
        self.watchers = Int(draw(1...3))
        let quickestThought = draw(500...20_000)
        self.thinkTime = quickestThought...(quickestThought + draw(1_000...300_000))
        self.faultInterval = pick([60, 150, 400, 1_000])
        let shortest = draw(5_000...100_000)
        self.faultDuration = shortest...(shortest + draw(50_000...2_000_000))
        self.downTime = 1_000...draw(20_000...2_000_000)
        self.leaderBiasPermille = pick([0, 300, 700])
        self.ambushPermille = Ambush.allCases.map { _ in 0 }
        self.faultsUntil = draw(3_000...10_000)
        self.healsQuorumOnly = draw(0...2) == 0
        self.crashIsSeenPermille = pick([0, 500, 1_000])
        self.turnDelay = pick([0...0, 0...0, 0...200, 50...2_000])
        self.driftPermilleMax = pick([0, 0, 24])
        let fastest = draw(50...1_000)
        self.network.delay = fastest...(fastest + pick([100, 1_000, 10_000, 30_000]))
        self.network.isOrdered = draw(0...2) == 0
        self.network.lossPermille = draw(0...2) == 0 ? draw(1...150) : 0
        self.network.duplicatePermille = draw(0...1) == 0 ? draw(1...100) : 0
        self.network.stragglerPermille = draw(0...1) == 0 ? draw(1...80) : 0
        self.network.stragglerDelay = 10_000...draw(50_000...3_000_000)
        self.network.cutIsSeenPermille = pick([0, 300, 1_000])
        let quickest = draw(50...500)
        self.disks.fsync = quickest...(quickest + pick([100, 2_000, 20_000]))
        self.disks.segmentBytes = pick([4 << 10, 16 << 10, 64 << 10])
        self.disks.recordDelay = 100...pick([1_000, 50_000, 500_000])
        self.disks.recordIsDurablePermille = pick([50, 300, 1_000])
        self.core.heartbeatInterval = pick([30, 30, 50, 100])
        self.core.electionTimeoutMin = self.core.heartbeatInterval * 5
        self.core.electionTimeoutMax = self.core.electionTimeoutMin * 2
        // Not both small: one entry a round trip is less than the clients write.
        let windows = [(1, 1 << 20), (2, 2_000), (256, 1), (256, 500), (256, 1 << 20)]
        let window = windows[Int(draw(0...4))]
        self.core.inflightMessagesMax = window.0
        self.core.appendBytesMax = window.1
        self.core.cachedBytesMax = pick([1, 2_000, 64 << 20])
        self.core.leaseDuration = pick([0, 0, 0, self.core.electionTimeoutMin])
        if draw(0...2) > 0 {
            self.snapshots.compaction = CompactionPolicy(
                tailEntries: pick([0, 1, 10, 50]),
                stepEntries: pick([1, 5, 30])
            )
        }
        self.snapshots.bytes = 1...pick([100, 20_000, 100_000])
        self.snapshots.bytesPerSecond = pick([200_000, 5_000_000, 128 << 20])
        self.changesMembers = draw(0...2) == 0
        self.readPermille = pick([100, 300, 600])
        self.faults = FaultKind.allCases.filter { _ in draw(0...1) == 0 }
        let isAmbushed = Ambush.allCases.map { _ in draw(0...3) == 0 }
        for ambush in Ambush.allCases where isAmbushed[ambush.rawValue] {
            self.ambushPermille[ambush.rawValue] = ambush.permille
        }
        self.focus()
    }

    /// Turns on what the profile is about, and off what would keep it from happening.
    private mutating func focus() {
        switch self.profile {
        case .everything:
            break
        case .elections:
            self.nodes = max(self.nodes, 3)
            self.set([.duringVotePersist, .afterVote, .newLeader, .isolatedLeader])
            self.downTime = 1_000...200_000
            self.turnOn([.crash, .kill, .isolate, .dropConnection])
            self.leaderBiasPermille = 700
        case .figure8:
            self.nodes = 5
            self.set([.newLeader, .duringAppend])
            self.downTime = 1_000...400_000
            self.faultInterval = 300
            self.turnOn([.crash, .isolate, .split])
        case .storage:
            self.set([.duringVotePersist, .duringAppend, .afterAcknowledgement])
            self.turnOn([.crash, .kill, .slowDisk, .fullDisk, .writeFailure])
        case .membership:
            self.changesMembers = true
            self.turnOn([.isolate, .split, .crash, .wipe])
        case .snapshots:
            self.turnOn([.isolate, .crash, .kill])
            self.core.cachedBytesMax = 1
            self.snapshots.compaction = CompactionPolicy(tailEntries: 1, stepEntries: 3)
        case .reads:
            self.nodes = max(self.nodes, 3)
            self.set([.isolatedLeader, .pausedLeader])
            self.turnOn([.pause, .isolate, .halfDeaf])
            if self.core.leaseDuration == 0, self.snapshots.bytes.upperBound > 100 {
                // A lease that is dated wrongly lasts as much longer as an answer takes.
                self.core.leaseDuration = self.core.electionTimeoutMin
                self.driftPermilleMax = 24
                self.network.stragglerPermille = 80
                self.network.stragglerDelay = 50_000...1_000_000
            }
            self.thinkTime = 500...20_000
            self.readPermille = 600
        case .watches:
            self.watchers = 6
            self.turnOn([.kill, .crash])
        }
    }

    private mutating func set(_ ambushes: [Ambush]) {
        for ambush in ambushes { self.ambushPermille[ambush.rawValue] = ambush.permille }
    }

    private mutating func turnOn(_ kinds: [FaultKind]) {
        for kind in kinds where !self.faults.contains(kind) { self.faults.append(kind) }
    }
}

extension Ambush {
    /// How often it strikes where it is on: often enough to meet, seldom enough to get anywhere.
    fileprivate var permille: UInt64 {
        switch self {
        case .duringVotePersist: 150
        case .afterVote: 200
        case .duringAppend: 10
        case .afterAcknowledgement: 10
        case .newLeader: 500
        case .isolatedLeader: 400
        case .pausedLeader: 300
        }
    }
}
