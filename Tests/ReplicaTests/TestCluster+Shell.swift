import Checksum
import FlagStore
import Flags
import PeerProtocol
import Raft
import Replica
import Testing
import Wire

// MARK: - The shell

extension TestCluster {
    func takeTurns(_ id: NodeID) {
        while self.nodes[id]?.replica != nil {
            guard let turn = self.nodes[id]?.replica?.turn(self.now) else { return }
            guard self.perform(turn, id) else { return }
        }
    }

    /// Performs a turn; returns whether that gave the replica something new.
    private func perform(_ turn: Turn, _ id: NodeID) -> Bool {
        var isNews = false
        for batch in turn.persists {
            self.nodes[id]?.disk.append(batch)
            self.nodes[id]?.replica?.persisted(batch.token, now: self.now)
            isNews = true
        }
        for send in turn.sends {
            if self.keepsSent { self.sent.append((id, send.to, send.batch)) }
            guard self.nodes[send.to]?.replica != nil else { continue }
            self.wire.append((id, send.to, send.batch.encode()))
        }
        if let publication = turn.publication { self.nodes[id]?.publications.append(publication) }
        for reply in turn.replies { self.nodes[id]?.replies[reply.call] = reply.result }
        if let topology = turn.topology { self.nodes[id]?.topology = topology }
        if let halt = turn.halt { self.nodes[id]?.halt = halt }
        if let stop = turn.stop { self.nodes[id]?.stop = stop }
        if let through = turn.recordedThrough, self.nodes[id]?.isLedgerFull == false {
            if let store = self.nodes[id]?.replica?.store { self.nodes[id]?.disk.ledger = store }
            self.nodes[id]?.replica?.recorded(through: through)
            isNews = true
        }
        for fetch in turn.fetches {
            let entries = (self.nodes[id]?.disk.entries ?? []).filter {
                $0.index >= fetch.from && $0.index <= fetch.through
            }
            self.nodes[id]?.replica?.fetched(fetch, entries: entries, now: self.now)
            isNews = true
        }
        let copied = self.performCompaction(turn, id)
        let received = self.performSnapshot(turn, id)
        return isNews || copied || received
    }

    private func performCompaction(_ turn: Turn, _ id: NodeID) -> Bool {
        if turn.wantsDurableLedger, let ledger = self.nodes[id]?.disk.ledger {
            self.nodes[id]?.replica?.ledgerDurable(through: ledger.applied)
            return true
        }
        if let compact = turn.compact {
            let applied = self.nodes[id]?.disk.ledger.applied.rawValue ?? 0
            #expect(compact.base.index.rawValue <= applied, "item 36: nothing durable covers it")
            self.nodes[id]?.disk.compact(to: compact.base, compact.membership)
            self.nodes[id]?.compactions += 1
            self.nodes[id]?.replica?.compacted(to: compact.base)
            return true
        }
        return false
    }

    private func performSnapshot(_ turn: Turn, _ id: NodeID) -> Bool {
        var isNews = false
        if turn.snapshotReleased { self.nodes[id]?.copy = nil }
        if turn.snapshotWanted, let store = self.nodes[id]?.disk.ledger {
            let copy = self[id.rawValue].copiesToFail > 0 ? nil : self.makeCopy(of: store, id)
            self.nodes[id]?.copiesToFail -= copy == nil ? 1 : 0
            self.nodes[id]?.replica?.snapshotCopied(copy, now: self.now)
            isNews = true
        }
        for read in turn.snapshotReads {
            let bytes = self.nodes[id]?.copy.map { copy in
                Array(copy.bytes[Int(read.offset)..<Int(read.offset) + read.count])
            }
            self.nodes[id]?.replica?.snapshotRead(read, bytes: bytes, now: self.now)
            isNews = true
        }
        for step in turn.snapshotSteps where self.nodes[id]?.isStepWithheld == false {
            self.perform(step, id)
            isNews = true
        }
        if let install = turn.install {
            self.install(install, id)
            isNews = true
        }
        return isNews
    }

    private func makeCopy(of store: FlagStore, _ id: NodeID) -> SnapshotCopy {
        // Any bytes will do, as long as every part differs.
        var bytes = [UInt8](repeating: UInt8(id.rawValue), count: self.snapshotBytes)
        for offset in stride(from: 0, to: bytes.count, by: 4_096) {
            let mark = UInt64(offset) &* 31 &+ store.applied.rawValue &* 977
            bytes[offset] = UInt8(truncatingIfNeeded: mark >> 8)
            bytes[offset + 1] = UInt8(truncatingIfNeeded: mark)
        }
        let checksum = XXH64.hash(bytes.span)
        self.contents[checksum] = store
        self.nodes[id]?.copy = (store, bytes)
        self.nodes[id]?.copies += 1
        return SnapshotCopy(
            revision: store.applied,
            size: UInt64(bytes.count),
            checksum: checksum
        )
    }

    private func perform(_ step: SnapshotStep, _ id: NodeID) {
        switch step {
        case .begin(let descriptor):
            self.nodes[id]?.receiving = descriptor
            self.nodes[id]?.received = []
        case .write(let name, let offset, let bytes):
            let held = self.nodes[id]?.received.count ?? 0
            #expect(Int(offset) <= held, "a part at \(offset) leaves a hole after \(held)")
            self.nodes[id]?.received.replaceSubrange(Int(offset)..., with: bytes)
            self.nodes[id]?.replica?.snapshotWritten(
                name,
                through: offset + UInt64(bytes.count),
                now: self.now
            )
        case .finish(let descriptor):
            let bytes = self.nodes[id]?.received ?? []
            let isRight = XXH64.hash(bytes.span) == descriptor.name.checksum
            self.nodes[id]?.replica?.snapshotFinished(
                descriptor.name,
                succeeded: isRight,
                now: self.now
            )
        case .discard:
            self.nodes[id]?.receiving = nil
            self.nodes[id]?.received = []
        }
    }

    private func install(_ snapshot: SnapshotPosition, _ id: NodeID) {
        let bytes = self.nodes[id]?.received ?? []
        guard let store = self.contents[XXH64.hash(bytes.span)] else {
            Issue.record("node \(id) installs what nobody sent")
            return
        }
        self.nodes[id]?.disk.install(snapshot, store)
        self.nodes[id]?.installs += 1
        self.nodes[id]?.received = []
        self.nodes[id]?.receiving = nil
        self.nodes[id]?.replica?.installed(snapshot, store: store, now: self.now)
    }
}
