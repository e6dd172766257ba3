internal import ClientProtocol
internal import FlagStore
internal import Flags
internal import PeerProtocol
internal import Raft
internal import RaftStorage
internal import Replica

/// A state of the record store: what a restart finds there.
struct SnapshotOfStore {
    let store: FlagStore

    static let empty = SnapshotOfStore(store: FlagStore())
}

/// One node's process and disk.
///
/// The process has lives; the disk outlasts them.
final class SimulatedNode {
    let id: NodeID
    let disk: SimulatedFileSystem
    /// Counts the process's lives: events planned for an earlier one are void.
    var life = 0
    var replica: Replica?
    var storage: LogStorage<SimulatedFileSystem>?
    var hub: WatchHub?
    /// Handed to the log and not yet synchronised.
    var persisting: [PersistBatch] = []
    var isSynchronizing = false
    /// States that the record store may come to hold, in order of revision.
    var recordable: [SnapshotOfStore] = []
    var recorded = SnapshotOfStore.empty
    /// The log as the replica has handed it over, and as far as it is durable.
    var log: [Invariants.Fingerprint] = []
    var durable: [Invariants.Fingerprint] = []
    var checkedApplied = 0
    var wakeAt = SimulatedTime.max

    init(id: NodeID, seed: UInt64) {
        self.id = id
        self.disk = SimulatedFileSystem(seed: seed)
    }

    var isUp: Bool { self.replica != nil }

    /// Changes the replica in place, without copying what it holds.
    func withReplica(_ body: (inout Replica) -> Void) {
        guard var replica = self.replica else { return }
        self.replica = nil
        body(&replica)
        self.replica = replica
    }

    private static let limits = RaftStorageLimits(segmentBytes: 64 << 10)

    /// Starts a life from what the disk holds.
    func start(voters: [NodeID], members: [Member], seed: UInt64, now: Tick) {
        do throws(StorageError) {
            let storage = try LogStorage.open(
                directory: "log",
                identity: LogIdentity(cluster: "simulated", node: self.id),
                files: self.disk,
                limits: Self.limits
            )
            let store = self.recorded.store
            var tail: [Entry] = []
            var next = LogIndex(1)
            while next <= storage.last.index {
                let entries = try storage.read(
                    from: next,
                    through: storage.last.index,
                    bytesMax: 1 << 20
                )
                guard let last = entries.last else { break }
                tail.append(contentsOf: entries)
                next = last.index.next
            }
            self.log = tail.map { Invariants.Fingerprint($0) }
            self.durable = self.log
            let raft = RaftNode(
                configuration: RaftConfiguration(id: self.id, voters: voters, seed: seed),
                restored: RestoredLog(
                    hardState: storage.hardState,
                    first: LogIndex(1),
                    last: storage.last,
                    tail: tail,
                    applied: LogIndex(store.applied.rawValue)
                ),
                now: now
            )
            self.replica = Replica(
                configuration: ReplicaConfiguration(
                    members: members,
                    local: self.id,
                    incarnation: seed
                ),
                raft: raft,
                store: store,
                now: now
            )
            self.hub = WatchHub(store: store)
            self.storage = storage
            self.checkedApplied = Int(store.applied.rawValue)
        } catch {
            preconditionFailure("node \(self.id) cannot start: \(error)")
        }
    }

    /// Ends the life as a power failure does: maybe in the middle of a write.
    func crash(interruptingWriteAfter operations: Int) {
        if let storage = self.storage, !self.persisting.isEmpty {
            self.disk.stopAtOperation = self.disk.operations + operations
            try? self.write(self.persisting, to: storage)
        }
        self.endLife()
        self.disk.crash()
    }

    /// Ends the life as kill -9 does: what was written stays.
    func kill() {
        self.endLife()
        self.disk.restartProcess()
    }

    private func endLife() {
        self.life += 1
        self.replica = nil
        self.storage = nil
        self.hub = nil
        self.persisting = []
        self.isSynchronizing = false
        self.recordable = []
        self.wakeAt = .max
    }

    /// What the log thread does: one append for all that has gathered.
    func synchronize() throws(StorageError) {
        guard let storage = self.storage else { return }
        try self.write(self.persisting, to: storage)
        for batch in self.persisting {
            guard let first = batch.entries.first else { continue }
            self.durable.removeSubrange(Int(first.index.previous.rawValue)...)
            self.durable.append(contentsOf: batch.entries.map { Invariants.Fingerprint($0) })
        }
    }

    private func write(
        _ batches: [PersistBatch],
        to storage: LogStorage<SimulatedFileSystem>
    ) throws(StorageError) {
        for batch in batches {
            try storage.append(hardState: batch.hardState, entries: batch.entries)
        }
    }

    /// Remembers what the replica has handed to its log.
    func handedOver(_ batch: PersistBatch, _ invariants: inout Invariants) {
        guard let first = batch.entries.first else { return }
        self.log.removeSubrange(min(Int(first.index.previous.rawValue), self.log.count)...)
        invariants.appends(batch.entries, after: self.log)
        self.log.append(contentsOf: batch.entries.map { Invariants.Fingerprint($0) })
    }
}
