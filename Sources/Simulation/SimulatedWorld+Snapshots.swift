internal import Checksum
internal import FlagStore
internal import Flags
internal import PeerProtocol
internal import Raft
internal import RaftStorage
internal import Replica

/// The shell's part of snapshots and compaction: files, markers, and their order.
extension SimulatedWorld {
    /// Plans what a turn asks for.
    func performSnapshotWork(_ turn: Turn, _ node: SimulatedNode) {
        let index = node.id.position
        let life = node.life
        if turn.snapshotReleased {
            self.note("node \(node.id) needs its copy no more")
            node.copy = nil
        }
        if turn.snapshotWanted {
            self.plan(.snapshotCopied(node: index, life: life), after: self.draw(500...50_000))
        }
        for read in turn.snapshotReads {
            self.plan(
                .snapshotRead(node: index, life: life, read),
                after: self.draw(20...5_000)
            )
        }
        for step in turn.snapshotSteps {
            node.filesBusyUntil = max(node.filesBusyUntil, self.now) + self.draw(20...5_000)
            self.queue.plan(
                .snapshotStep(node: index, life: life, step),
                at: node.filesBusyUntil
            )
        }
        if turn.wantsDurableLedger {
            self.plan(.recordsAreDurable(node: index, life: life), after: self.draw(100...20_000))
        }
        if let compaction = turn.compact {
            node.compacting = compaction
            self.plan(
                .compact(node: index, life: life, compaction),
                after: self.draw(self.parameters.disks.fsync)
            )
        }
        if let snapshot = turn.install {
            node.installing = snapshot
            self.plan(
                .installMarker(node: index, life: life, snapshot),
                after: self.draw(self.parameters.disks.fsync)
            )
        }
    }

    func handleSnapshots(_ event: SimulatedEvent) {
        switch event {
        case .snapshotCopied(let index, let life):
            guard self.takes(event, index, life) else { return }
            self.copied(index)
        case .snapshotRead(let index, let life, let read):
            guard self.takes(event, index, life) else { return }
            self.read(index, read)
        case .snapshotStep(let index, let life, let step):
            guard self.takes(event, index, life) else { return }
            self.perform(step, index)
        case .installMarker(let index, let life, let snapshot):
            guard self.takes(event, index, life) else { return }
            self.mark(index, snapshot)
        case .installSwap(let index, let life, let snapshot):
            guard self.takes(event, index, life) else { return }
            self.swap(index, snapshot)
        case .recordsAreDurable(let index, let life):
            guard self.takes(event, index, life) else { return }
            let node = self.nodes[index]
            node.recordedSince = [node.recorded]
            let revision = node.recorded.store.applied
            self.input(index) { $0.ledgerDurable(through: revision) }
        case .compact(let index, let life, let compaction):
            guard self.takes(event, index, life) else { return }
            self.compact(index, compaction)
        default:
            preconditionFailure("\(event) is handled elsewhere")
        }
    }

    // MARK: Sending

    /// A copy stands for its state: bytes that nothing but that state has.
    private func copied(_ index: Int) {
        let node = self.nodes[index]
        let tick = node.tick(at: self.now)
        let store = node.recorded.store
        guard store.applied > .zero, !self.happens(permille: self.isHealed ? 0 : 50) else {
            self.input(index) { $0.snapshotCopied(nil, now: tick) }
            return
        }
        var pattern = SplitMix64(seed: store.stateHash() ^ store.applied.rawValue)
        let size = Int(self.draw(self.parameters.snapshots.bytes))
        let bytes = (0..<size).map { _ in UInt8(truncatingIfNeeded: pattern.next()) }
        let checksum = XXH64.hash(bytes.span)
        node.copy = bytes
        self.snapshotStates[checksum] = RecordedState(
            store: FlagStore(restoring: store.contents())
        )
        let copy = SnapshotCopy(
            revision: store.applied,
            size: UInt64(size),
            checksum: checksum
        )
        self.note("node \(node.id) copies revision \(store.applied), \(size) bytes")
        self.input(index) { $0.snapshotCopied(copy, now: tick) }
    }

    private func read(_ index: Int, _ read: SnapshotRead) {
        let node = self.nodes[index]
        var bytes: [UInt8]?
        let start = Int(read.offset)
        if let copy = node.copy, start + read.count <= copy.count {
            bytes = Array(copy[start..<start + read.count])
        }
        if !self.isHealed, self.happens(permille: 5) { bytes = nil }
        let tick = node.tick(at: self.now)
        self.input(index) { $0.snapshotRead(read, bytes: bytes, now: tick) }
    }

    // MARK: Receiving

    private func perform(_ step: SnapshotStep, _ index: Int) {
        let node = self.nodes[index]
        self.note("node \(node.id) \(step.name)")
        let tick = node.tick(at: self.now)
        let fails = !self.isHealed && self.happens(permille: 10)
        switch step {
        case .begin(let descriptor):
            node.incoming = (descriptor, [])
        case .write(let name, let offset, let bytes):
            let through = offset + UInt64(bytes.count)
            let isExpected =
                node.incoming?.descriptor.name == name
                && Int(offset) <= node.incoming?.bytes.count ?? -1
            if isExpected, !fails {
                node.incoming?.bytes.removeSubrange(Int(offset)...)
                node.incoming?.bytes.append(contentsOf: bytes)
            }
            self.input(index) {
                $0.snapshotWritten(
                    name,
                    through: through,
                    succeeded: isExpected && !fails,
                    now: tick
                )
            }
        case .finish(let descriptor):
            let bytes = node.incoming?.bytes ?? []
            let isSound = XXH64.hash(bytes.span) == descriptor.name.checksum
            if isSound, !fails {
                node.installFile = descriptor
                node.incoming = nil
            }
            self.input(index) {
                $0.snapshotFinished(descriptor.name, succeeded: isSound && !fails, now: tick)
            }
        case .discard(let name):
            if node.incoming?.descriptor.name == name { node.incoming = nil }
            if node.installFile?.name == name { node.installFile = nil }
        }
    }

    /// The log's marker comes first: a crash after it is finished at the next start.
    private func mark(_ index: Int, _ snapshot: SnapshotPosition) {
        let node = self.nodes[index]
        // The log thread does one thing after the other.
        guard let storage = node.storage, !node.isWriting, node.compacting == nil else {
            self.plan(.installMarker(node: index, life: node.life, snapshot), after: 500)
            return
        }
        self.note("node \(node.id) installs \(snapshot.position)")
        do throws(StorageError) {
            try storage.install(snapshot)
        } catch {
            guard error.code == .diskFull else {
                self.cannotWrite(index, error)
                return
            }
            self.plan(.installMarker(node: index, life: node.life, snapshot), after: 20_000)
            return
        }
        node.installing = nil
        self.invariants.installs(snapshot, on: node)
        self.plan(
            .installSwap(node: index, life: node.life, snapshot),
            after: self.draw(100...20_000)
        )
    }

    private func swap(_ index: Int, _ snapshot: SnapshotPosition) {
        let node = self.nodes[index]
        guard let file = node.installFile, file.name.position == snapshot.position,
            let state = self.snapshotStates[file.name.checksum]
        else {
            self.invariants.fail("\(node.id) installs \(snapshot.position) without a file")
            return
        }
        node.installFile = nil
        node.recorded = state
        node.recordedSince = [state]
        node.recordable = []
        self.counts.snapshots += 1
        let tick = node.tick(at: self.now)
        self.input(index) { $0.installed(snapshot, store: state.store, now: tick) }
    }

    // MARK: Compaction

    private func compact(_ index: Int, _ compaction: Compaction) {
        let node = self.nodes[index]
        guard let storage = node.storage, !node.isWriting else {
            self.plan(.compact(node: index, life: node.life, compaction), after: 500)
            return
        }
        let durable = node.recordedSince.first?.store.applied.rawValue ?? 0
        self.invariants.require(
            compaction.base.index.rawValue <= durable,
            "\(node.id) compacts to \(compaction.base), only \(durable) is durably recorded"
        )
        do throws(StorageError) {
            try storage.compact(compaction)
        } catch {
            guard error.code == .diskFull else {
                self.cannotWrite(index, error)
                return
            }
        }
        node.compacting = nil
        self.note("node \(node.id) compacts to \(storage.base)")
        let base = storage.base
        self.input(index) { $0.compacted(to: base) }
    }
}

extension SnapshotStep {
    /// What the event log calls it.
    fileprivate var name: String {
        switch self {
        case .begin(let descriptor): "begins to receive \(descriptor.name.position)"
        case .write(_, let offset, let bytes): "writes \(bytes.count) bytes at \(offset)"
        case .finish(let descriptor): "finishes \(descriptor.name.position)"
        case .discard(let name): "discards \(name.position)"
        }
    }
}
