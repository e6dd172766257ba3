internal import FlagStore
internal import Flags
internal import PeerProtocol
internal import Raft
internal import RaftStorage
internal import Replica

/// A state of the record store: what a restart finds there.
struct RecordedState {
    let store: FlagStore
}

/// What the checks need of a core: taken after every turn.
struct Glance {
    var role = Role.follower
    var term = Term.zero
    var commit = LogIndex.zero
    var applied = LogIndex.zero
    var last = LogIndex.zero
    var membershipIndex = LogIndex.zero
    var transferTarget: NodeID?
}

/// One node's process and disk.
///
/// The process has lives; the disk outlasts them.
final class SimulatedNode {
    let id: NodeID
    let disk: SimulatedFileSystem
    /// Counts the process's lives: events planned for an earlier one are void.
    var life = 0
    /// What the replica of this life is told from those of others by.
    var incarnation: UInt64 = 0
    var replica: Replica?
    var storage: LogStorage<SimulatedFileSystem>?
    var hub: WatchHub?
    /// The identity of its disk, and how the others reach it.
    let member: Member
    /// Whom it knows while it waits to be added; `nil` for one of the first members.
    let joins: [Member]?
    /// Speaks as a later version would, with fields that nobody knows.
    var isNewer = false
    /// Field 1000 of a message, a varint.
    static let unknownField: [UInt8] = [0xC0, 0x3E, 0x2A]
    /// Never starts again: its disk is lost or damaged, or it was removed.
    var isLost = false
    /// A byte of its disk was changed: it may refuse what it finds.
    var isDamaged = false
    /// Stopped as by SIGSTOP, with what waits for it.
    var isPaused = false
    var backlog: [SimulatedEvent] = []
    /// Several inputs are given before the replica decides.
    var isHolding = false
    var isTurnPlanned = false

    // The log thread.
    /// Handed over and not yet given to the disk.
    var waiting: [PersistBatch] = []
    /// On their way to the disk.
    var writing: [PersistBatch] = []
    var isWriting = false

    // The record store: what a killed process leaves, and what survives a power failure.
    /// States that the record store may come to hold, in order of revision.
    var recordable: [RecordedState] = []
    var recorded = RecordedState(store: FlagStore())
    /// What was recorded since the last synchronisation; the first survives in any case.
    var recordedSince: [RecordedState] = [RecordedState(store: FlagStore())]

    // Snapshots.
    /// The copy of the record store that is being sent.
    var copy: [UInt8]?
    /// What was received so far of a snapshot, in a file.
    var incoming: (descriptor: SnapshotDescriptor, bytes: [UInt8])?
    /// A complete snapshot under the name `ledger.install`, durable.
    var installFile: SnapshotDescriptor?
    /// What the log thread is to do beside appending.
    var installing: SnapshotPosition?
    var compacting: Compaction?
    /// The thread that handles snapshot files does one thing after the other.
    var filesBusyUntil = SimulatedTime.zero

    // The clocks.
    /// What the monotonic clock says at time zero, in microseconds, and how fast it is.
    var clockOffset: UInt64 = 0
    var driftPermille: Int64 = 0
    /// How far the wall clock is off, in milliseconds.
    var wallOffset: Int64 = 0

    // Faults that last.
    var isSlowUntil = SimulatedTime.zero
    var isFullUntil = SimulatedTime.zero

    // What the checks know.
    /// The log as the replica has handed it over, and as far as it is durable.
    var log = ShadowLog()
    var durable = ShadowLog()
    var durableHardState = HardState()
    /// How far `log` is known to equal what is committed.
    var matched = 0
    /// The indexes of configuration entries in `log`, ascending.
    var configurations: [Int] = []
    var seen = Glance()
    var seenBefore = Glance()
    var configuration: Configuration?
    /// The highest term that a message of any life has promised something in.
    var promisedTerm = Term.zero
    /// When each batch was handed over that is not durable yet, oldest first.
    var handedOverAt: [Tick] = []
    /// When it was first seen to hand leadership over.
    var transferSince: Tick?
    var wakeAt = SimulatedTime.max

    init(_ member: Member, joins: [Member]?, seed: UInt64) {
        self.id = member.id
        self.member = member
        self.joins = joins
        self.disk = SimulatedFileSystem(seed: seed)
    }

    var isUp: Bool { self.replica != nil }

    /// What the monotonic clock says, in milliseconds.
    func tick(at now: SimulatedTime) -> Tick { Tick(self.localMicroseconds(at: now) / 1_000) }

    private func localMicroseconds(at now: SimulatedTime) -> UInt64 {
        self.clockOffset + UInt64(Int64(now) + Int64(now) * self.driftPermille / 1_000)
    }

    /// The first moment at which the monotonic clock says `tick`.
    func time(of tick: Tick) -> SimulatedTime {
        let local = tick.rawValue.multipliedReportingOverflow(by: 1_000)
        guard !local.overflow, local.partialValue < 1 << 60 else { return .max }
        guard local.partialValue > self.clockOffset else { return 0 }
        let elapsed = Int64(local.partialValue - self.clockOffset)
        var time = UInt64(elapsed * 1_000 / (1_000 + self.driftPermille))
        while self.tick(at: time) < tick { time += 1 }
        return time
    }

    /// What the wall clock says.
    func wallTime(at now: SimulatedTime) -> Timestamp {
        Timestamp(milliseconds: 1_700_000_000_000 + Int64(now / 1_000) + self.wallOffset)
    }

    /// The last index up to `limit` at which the log that was handed over is the one in memory.
    ///
    /// What a full hand-over queue holds back may already have replaced what was handed over.
    func handedOver(upTo limit: Int) -> Int {
        var index = min(limit, self.log.end)
        while index > self.log.baseIndex,
            let term = self.replica?.termInPlace(at: LogIndex(UInt64(index))),
            term != self.log.term(at: index)
        { index -= 1 }
        return index
    }

    /// Ends the life of the process: what was in memory is gone.
    func endLife() {
        self.life += 1
        self.replica = nil
        self.storage = nil
        self.hub = nil
        self.isPaused = false
        self.backlog = []
        self.isHolding = false
        self.isTurnPlanned = false
        self.waiting = []
        self.isWriting = false
        self.handedOverAt = []
        self.transferSince = nil
        self.recordable = []
        self.copy = nil
        self.filesBusyUntil = 0
        self.seen = Glance()
        self.seenBefore = Glance()
        self.wakeAt = .max
    }
}

extension Replica {
    /// Changes the replica where it is, without copying what it holds.
    mutating func change(_ body: (inout Replica) -> Void) { body(&self) }

    // Queries that change nothing and yet are `mutating`: only so are they asked in place. A getter
    // through an optional in a class copies all of the replica first, a quarter of a run's time.

    mutating func deadlineInPlace() -> Tick { self.nextDeadline }

    mutating func glanceInPlace() -> Glance { Glance(self.raft) }

    mutating func configurationInPlace() -> Configuration { self.raft.membership.configuration }

    mutating func progressInPlace(of node: NodeID) -> Progress? { self.raft.progress(of: node) }

    mutating func leaseEndInPlace() -> Tick? { self.raft.leaseEnd }

    mutating func termInPlace(at index: LogIndex) -> Term? { self.raft.term(at: index) }

    mutating func storeInPlace() -> FlagStore { self.store }
}
