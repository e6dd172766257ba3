import FlagStore
import Flags
import PeerProtocol
import Raft
import Replica

/// What one node's disk holds: it outlasts the process.
struct TestDisk {
    var diskID: UInt64
    var hardState = HardState()
    var base = LogPosition.zero
    /// After `base`, contiguous.
    var entries: [Entry] = []
    /// Those at or before the base that still count, and those in the entries.
    var memberships: [Membership] = []
    var ledger = FlagStore()

    var last: LogPosition {
        self.entries.last.map { LogPosition(term: $0.term, index: $0.index) } ?? self.base
    }

    mutating func append(_ batch: PersistBatch) {
        if let hardState = batch.hardState { self.hardState = hardState }
        guard let first = batch.entries.first else { return }
        self.entries.removeAll { $0.index >= first.index }
        self.memberships.removeAll { $0.index >= first.index }
        for entry in batch.entries {
            precondition(entry.index == self.last.index.next, "\(entry.index) after \(self.last)")
            self.entries.append(entry)
            if entry.kind == .configuration,
                let membership = Membership(decoding: entry.payload, index: entry.index)
            {
                self.memberships.append(membership)
            }
        }
    }

    mutating func compact(to base: LogPosition, _ membership: Membership) {
        self.entries.removeAll { $0.index <= base.index }
        self.memberships.removeAll { $0.index <= base.index }
        self.memberships.insert(membership, at: 0)
        self.base = base
    }

    mutating func install(_ snapshot: SnapshotPosition, _ store: FlagStore) {
        self.entries = []
        self.memberships = [snapshot.membership]
        self.base = snapshot.position
        self.ledger = store
    }
}

/// One node: a process that may be gone, and its disk.
struct TestNode {
    let id: NodeID
    var disk: TestDisk
    var replica: Replica?
    var replies: [CallID: Reply.Result] = [:]
    var halt: HaltReason?
    var stop: StopOutcome?
    var topology: Topology?
    var publications: [Publication] = []
    var life: UInt64 = 0
    /// Whether the record store takes nothing.
    var isLedgerFull = false
    /// The copy that it made, and the file that it receives.
    var copy: (store: FlagStore, bytes: [UInt8])?
    var hasCopy: Bool { self.copy != nil }
    var copies = 0
    var copiesToFail = 0
    var received: [UInt8] = []
    var receiving: SnapshotDescriptor?
    var isStepWithheld = false
    var compactions = 0
    var installs = 0
}
