internal import Flags
internal import PeerProtocol
internal import Raft

/// Brings a copy of the record store to the peers that need one: one copy at a time, to all.
///
/// Only a leader sends. Performs no I/O: the shell makes the copy and reads from it.
struct SnapshotSender: Sendable {
    private enum Copy: Sendable {
        case none
        /// Asked for when the record store had at least this revision.
        case wanted(since: Revision)
        /// It could not be made, and is asked for again later.
        case failed(since: Revision, retryAt: Tick)
        case ready(SnapshotDescriptor)
    }

    private var copy = Copy.none
    /// Peers that wait for the copy, ascending.
    private var waiting: [NodeID] = []
    /// Peers that are being sent the copy, ascending.
    private var targets: [SnapshotTarget] = []
    private var bucket: TokenBucket

    // What the next turn takes along.
    private var isCopyWanted = false
    /// Copies that were asked for and not answered: only the last one counts.
    private var copiesUnderWay = 0
    private var isReleased = false
    private var reads: [SnapshotRead] = []
    private var chunks: [(NodeID, SnapshotChunk)] = []

    init(bytesPerSecond: UInt64, now: Tick) {
        self.bucket = TokenBucket(
            bytesPerSecond: bytesPerSecond,
            burst: UInt64(ReplicaLimits.chunkBytesMax),
            now: now
        )
    }

    /// What the log must keep so that those who get the copy can go on from there (item 40).
    var held: LogIndex? {
        switch self.copy {
        case .none: nil
        case .wanted(let since), .failed(let since, _): LogIndex(since.rawValue)
        case .ready(let descriptor): descriptor.name.position.index
        }
    }

    func nextDeadline(after now: Tick) -> Tick {
        if case .failed(_, let retryAt) = self.copy { return max(retryAt, now) }
        guard case .ready(let descriptor) = self.copy else { return .never }
        var due = Tick.never
        for target in self.targets {
            due = min(due, max(target.nextDeadline, now))
            if let part = target.nextPart(size: descriptor.size) {
                due = min(due, max(self.bucket.ready(for: part.count), now))
            }
        }
        return due
    }

    // MARK: What happened

    /// A peer needs a snapshot.
    mutating func want(_ peer: NodeID, base: LogPosition, ledger: Revision, now: Tick) {
        guard !self.waiting.contains(peer), !self.targets.contains(where: { $0.peer == peer })
        else { return }
        switch self.copy {
        case .ready(let descriptor) where descriptor.name.position.index >= base.index:
            self.insert(peer, now: now)
        case .none, .ready:
            // The log has gone past the copy that there is: whoever is being sent it waits, too.
            for target in self.targets { self.wait(target.peer) }
            self.targets = []
            self.wait(peer)
            self.askForCopy(since: ledger)
        case .wanted, .failed:
            self.wait(peer)
        }
    }

    private mutating func askForCopy(since ledger: Revision) {
        self.copy = .wanted(since: ledger)
        self.isCopyWanted = true
        self.copiesUnderWay += 1
        self.isReleased = false
    }

    private mutating func wait(_ peer: NodeID) {
        if !self.waiting.contains(peer) { self.waiting.append(peer) }
        self.waiting.sort()
    }

    private mutating func insert(_ peer: NodeID, now: Tick) {
        self.targets.append(SnapshotTarget(peer: peer, now: now))
        self.targets.sort { $0.peer < $1.peer }
    }

    /// The copy is there, or (`nil`) could not be made, and is asked for again a little later.
    mutating func copied(_ descriptor: SnapshotDescriptor?, now: Tick) {
        self.copiesUnderWay = max(0, self.copiesUnderWay - 1)
        // A later one was asked for, and takes this one's place.
        guard self.copiesUnderWay == 0 else { return }
        guard case .wanted(let since) = self.copy else {
            // Nobody wants it any more.
            self.isReleased = true
            return
        }
        guard let descriptor else {
            let retryAt = now + ReplicaLimits.snapshotRepeatMilliseconds
            self.copy = .failed(since: since, retryAt: retryAt)
            self.isReleased = true
            return
        }
        self.copy = .ready(descriptor)
        for peer in self.waiting { self.insert(peer, now: now) }
        self.waiting = []
    }

    /// Bytes of the copy were read; `false` when they could not be, and the copy is no good.
    mutating func read(_ read: SnapshotRead, bytes: [UInt8]?, now: Tick) -> Bool {
        guard case .ready(let descriptor) = self.copy, descriptor.name == read.name,
            let index = self.targets.firstIndex(where: { $0.peer == read.peer })
        else { return true }
        guard let bytes, bytes.count == read.count else { return false }
        guard self.targets[index].read(offset: read.offset, count: read.count, now: now) else {
            return true
        }
        let chunk = SnapshotChunk(
            name: read.name,
            offset: read.offset,
            checksum: SnapshotChunk.seal(bytes, at: read.offset),
            bytes: bytes
        )
        self.chunks.append((read.peer, chunk))
        return true
    }

    /// A peer said where it stands; returns whether it is of no more concern.
    mutating func status(_ status: SnapshotStatus, from peer: NodeID, now: Tick) -> Bool {
        guard case .ready(let descriptor) = self.copy, descriptor.name == status.name,
            let index = self.targets.firstIndex(where: { $0.peer == peer })
        else { return false }
        switch status.state {
        case .receiving:
            guard status.offset <= descriptor.size else { return false }
            self.targets[index].received(through: status.offset, now: now)
            return false
        case .complete, .refused:
            self.remove(peer)
            return true
        }
    }

    mutating func disconnected(_ peer: NodeID) {
        guard let index = self.targets.firstIndex(where: { $0.peer == peer }) else { return }
        self.targets[index].disconnected()
    }

    /// This node does not lead any more, or the copy is no good; returns whom that concerns.
    mutating func stop() -> [NodeID] {
        let peers = (self.waiting + self.targets.map(\.peer)).sorted()
        self.waiting = []
        self.targets = []
        self.release()
        return peers
    }

    /// Forgets a peer.
    mutating func remove(_ peer: NodeID) {
        self.waiting.removeAll { $0 == peer }
        self.targets.removeAll { $0.peer == peer }
        if self.waiting.isEmpty, self.targets.isEmpty { self.release() }
    }

    private mutating func release() {
        guard case .none = self.copy else {
            self.copy = .none
            if self.isCopyWanted { self.copiesUnderWay -= 1 }
            self.isCopyWanted = false
            self.isReleased = true
            self.reads = []
            self.chunks = []
            return
        }
    }

    // MARK: What is done about it

    /// The peers that have taken nothing for too long.
    func stalled(_ now: Tick) -> [NodeID] {
        guard case .ready(let descriptor) = self.copy else { return [] }
        return self.targets.filter { $0.isStalled(size: descriptor.size, now: now) }.map(\.peer)
    }

    /// Everybody who waits for the copy or is being sent it.
    var peers: [NodeID] { (self.waiting + self.targets.map(\.peer)).sorted() }

    /// Offers the copy to those who have not heard of it, and asks for the parts that may be sent.
    mutating func drive(
        term: Term,
        now: Tick,
        isUp: (NodeID) -> Bool
    ) -> [(NodeID, SnapshotOffer)] {
        if case .failed(let since, let retryAt) = self.copy, retryAt <= now {
            self.askForCopy(since: since)
        }
        guard case .ready(let descriptor) = self.copy else { return [] }
        var offers: [(NodeID, SnapshotOffer)] = []
        for index in self.targets.indices where isUp(self.targets[index].peer) {
            let peer = self.targets[index].peer
            if self.targets[index].isOfferDue(now) {
                self.targets[index].offered(now)
                offers.append((peer, SnapshotOffer(descriptor: descriptor, term: term)))
            }
            guard let part = self.targets[index].nextPart(size: descriptor.size),
                self.bucket.take(part.count, now: now)
            else { continue }
            self.targets[index].reading()
            self.reads.append(
                SnapshotRead(
                    name: descriptor.name,
                    peer: peer,
                    offset: part.offset,
                    count: part.count
                )
            )
        }
        return offers
    }

    /// Hands over what the shell has to do, and the parts to send.
    mutating func drain(into turn: inout Turn) -> [(NodeID, SnapshotChunk)] {
        turn.snapshotWanted = self.isCopyWanted
        turn.snapshotReleased = self.isReleased
        turn.snapshotReads = self.reads
        self.isCopyWanted = false
        self.isReleased = false
        self.reads = []
        defer { self.chunks = [] }
        return self.chunks
    }
}
