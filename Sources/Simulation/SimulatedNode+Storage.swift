internal import FlagStore
internal import Flags
internal import PeerProtocol
internal import Raft
internal import RaftStorage
internal import Replica

/// What a start is made of beside what the disk holds.
struct StartPlan {
    /// The first members of the cluster.
    let founders: [Member]
    let parameters: SimulationParameters
    let states: [UInt64: RecordedState]
    let core: SimulationParameters.Core
    let segmentBytes: Int
    let seed: UInt64
    /// The record store goes through its contents, as the real one does.
    let restoresContents: Bool
    let now: Tick
}

extension SimulatedNode {
    /// Starts a life from what the disk holds.
    ///
    /// Returns what is wrong with what was found, if anything is.
    func start(_ plan: StartPlan) throws(StorageError) -> String? {
        let storage = try LogStorage.open(
            directory: "log",
            identity: LogIdentity(cluster: "simulated", node: self.id),
            files: self.disk,
            limits: RaftStorageLimits(segmentBytes: plan.segmentBytes)
        )
        self.finishInstall(storage.base, states: plan.states)
        var store = self.recorded.store
        if plan.restoresContents { store = FlagStore(restoring: store.contents()) }
        guard storage.base.index.rawValue <= store.applied.rawValue else {
            return "\(self.id) has a log from \(storage.base) on, its record store ends at "
                + "\(store.applied)"
        }
        let entries = try Self.entries(of: storage)
        let found = ShadowLog(base: storage.base, entries: entries.map { Fingerprint($0) })
        if let mistake = self.adoptRecovered(found, storage.hardState) { return mistake }
        guard store.applied.rawValue <= storage.last.index.rawValue else {
            return "\(self.id) has a record store at \(store.applied), its log ends at "
                + "\(storage.last)"
        }
        let raft = RaftNode(
            configuration: plan.core.configuration(
                self.id,
                voters: self.joins == nil ? plan.founders.map(\.id) : [],
                seed: plan.seed
            ),
            restored: RestoredLog(
                hardState: storage.hardState,
                base: storage.base,
                memberships: storage.memberships.map { Membership(stored: $0) },
                last: storage.last,
                tail: entries.filter { $0.index.rawValue >= store.applied.rawValue },
                applied: LogIndex(store.applied.rawValue)
            ),
            now: plan.now
        )
        self.replica = Replica(
            configuration: self.configuration(plan),
            raft: raft,
            store: store,
            now: plan.now
        )
        self.incarnation = plan.seed
        self.hub = WatchHub(store: store)
        self.storage = storage
        return nil
    }

    private func configuration(_ plan: StartPlan) -> ReplicaConfiguration {
        var configuration: ReplicaConfiguration
        if let joins = self.joins {
            configuration = ReplicaConfiguration(
                joining: self.member,
                peers: joins,
                incarnation: plan.seed
            )
        } else {
            configuration = ReplicaConfiguration(
                members: plan.founders,
                local: self.id,
                incarnation: plan.seed,
                diskID: self.member.diskID
            )
        }
        configuration.compaction = plan.parameters.snapshots.compaction
        configuration.snapshotBytesPerSecond = plan.parameters.snapshots.bytesPerSecond
        configuration.partialSnapshot = self.incoming.map {
            PartialSnapshot(descriptor: $0.descriptor, received: UInt64($0.bytes.count))
        }
        return configuration
    }

    /// Finishes or forgets an installation that the end of the last life interrupted.
    private func finishInstall(_ marker: LogPosition, states: [UInt64: RecordedState]) {
        guard let file = self.installFile else { return }
        self.installFile = nil
        guard file.name.position == marker,
            self.recorded.store.applied.rawValue < marker.index.rawValue,
            let state = states[file.name.checksum]
        else { return }
        self.recorded = state
        self.recordedSince = [state]
    }

    private static func entries(
        of storage: LogStorage<SimulatedFileSystem>
    ) throws(StorageError) -> [Entry] {
        var all: [Entry] = []
        var next = storage.first
        while next <= storage.last.index {
            let entries = try storage.read(
                from: next,
                through: storage.last.index,
                bytesMax: 1 << 20
            )
            guard let last = entries.last else { break }
            all.append(contentsOf: entries)
            next = last.index.next
        }
        return all
    }

    /// Takes over what a start found, after comparing it with what must be there: everything that
    /// was reported durable, and of what was on its way some whole batches.
    private func adoptRecovered(_ found: ShadowLog, _ hardState: HardState) -> String? {
        var expected = self.durable
        var expectedState = self.durableHardState
        var batches = self.writing[...]
        self.writing = []
        var installing = self.installing
        self.installing = nil
        self.compacting = nil
        while !Self.equal(expected, found) || !Self.equal(expectedState, hardState) {
            guard let batch = batches.popFirst() else {
                if let snapshot = installing, found.base == snapshot.position {
                    installing = nil
                    expected.install(snapshot.position)
                    continue
                }
                return "\(self.id) found \(hardState) and entries through \(found.lastTerm)/"
                    + "\(found.end) on its disk, not \(self.durableHardState) and "
                    + "\(self.durable.lastTerm)/\(self.durable.end)"
            }
            Self.apply(batch, to: &expected, &expectedState)
        }
        self.durable = expected
        self.durableHardState = hardState
        self.log = expected
        self.matched = 0
        self.configurations.removeAll { $0 > expected.end }
        return nil
    }

    private static func equal(_ expected: ShadowLog, _ found: ShadowLog) -> Bool {
        guard expected.end == found.end else { return false }
        // A snapshot may have replaced as many entries of another term.
        let base = max(expected.baseIndex, found.baseIndex)
        guard base <= found.end, expected.term(at: base) == found.term(at: base) else {
            return false
        }
        let first = base + 1
        guard first <= found.end else { return true }
        return (first...found.end).allSatisfy { expected[$0] == found[$0] }
    }

    private static func equal(_ expected: HardState, _ found: HardState) -> Bool {
        expected.term == found.term && expected.vote == found.vote
    }

    private static func apply(
        _ batch: PersistBatch,
        to log: inout ShadowLog,
        _ hardState: inout HardState
    ) {
        if let changed = batch.hardState { hardState = changed }
        guard let first = batch.entries.first else { return }
        log.adopt(batch.entries.map { Fingerprint($0) }, first: Int(first.index.rawValue))
    }

    /// What the log thread does: gives the disk what has gathered.
    ///
    /// Returns what is durable now, and the error that kept the rest from it.
    func synchronize() -> (tokens: [PersistToken], error: StorageError?) {
        guard let storage = self.storage else { return ([], nil) }
        var tokens: [PersistToken] = []
        while let batch = self.writing.first {
            do throws(StorageError) {
                try storage.append(hardState: batch.hardState, entries: batch.entries)
            } catch {
                return (tokens, error)
            }
            Self.apply(batch, to: &self.durable, &self.durableHardState)
            tokens.append(batch.token)
            self.writing.removeFirst()
        }
        try? storage.prepareNextSegment()
        return (tokens, nil)
    }

    /// Does what the log thread was doing until the disk answers no more.
    private func interrupt(
        _ storage: LogStorage<SimulatedFileSystem>
    ) throws(StorageError) {
        for batch in self.writing {
            try storage.append(hardState: batch.hardState, entries: batch.entries)
        }
        if let compaction = self.compacting { try storage.compact(compaction) }
        if let snapshot = self.installing { try storage.install(snapshot) }
    }

    /// Ends the life as a power failure does, or as kill -9 does, maybe in the middle of a write.
    ///
    /// - Parameter operations: how many more calls reach the disk; `nil` means none.
    func end(losesPower: Bool, operations: Int?, keepsRecords: (Int) -> Int) {
        if let storage = self.storage, let operations {
            self.disk.stopAtOperation = self.disk.operations + operations
            try? self.interrupt(storage)
        }
        self.endLife()
        guard losesPower else {
            self.disk.restartProcess()
            return
        }
        self.disk.crash()
        // What was received and not yet finished was never synchronised.
        if let incoming = self.incoming {
            let kept = keepsRecords(incoming.bytes.count + 2)
            self.incoming?.bytes.removeSubrange(min(kept, incoming.bytes.count)...)
            if kept > incoming.bytes.count { self.incoming = nil }
        }
        let kept = keepsRecords(self.recordedSince.count)
        self.recorded = self.recordedSince[kept]
        self.recordedSince = [self.recorded]
    }
}

extension LogStorage {
    func compact(_ compaction: Compaction) throws(StorageError) {
        try self.compact(
            to: compaction.base,
            membership: compaction.membership.encode(),
            membershipIndex: compaction.membership.index
        )
    }

    func install(_ snapshot: SnapshotPosition) throws(StorageError) {
        try self.install(
            base: snapshot.position,
            membership: snapshot.membership.encode(),
            membershipIndex: snapshot.membership.index
        )
    }
}

extension SimulationParameters.Core {
    var storageStallMax: UInt64 { self.electionTimeoutMax * self.storageStallTimeouts }

    func configuration(_ id: NodeID, voters: [NodeID], seed: UInt64) -> RaftConfiguration {
        var configuration = RaftConfiguration(id: id, voters: voters, seed: seed)
        configuration.heartbeatInterval = self.heartbeatInterval
        configuration.electionTimeoutMin = self.electionTimeoutMin
        configuration.electionTimeoutMax = self.electionTimeoutMax
        configuration.inflightMessagesMax = self.inflightMessagesMax
        configuration.inflightBytesMax = self.inflightBytesMax
        configuration.appendBytesMax = self.appendBytesMax
        configuration.cachedBytesMax = self.cachedBytesMax
        configuration.leaseDuration = self.leaseDuration
        configuration.catchUpEntriesMax = self.catchUpEntriesMax
        configuration.storageStallMax = self.storageStallMax
        return configuration
    }
}
