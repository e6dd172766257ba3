import Raft
import Testing

/// Seeded randomness for tests.
struct TestRandom {
    private var state: UInt64

    init(seed: UInt64) { self.state = seed &+ 0x1234_5678 }

    mutating func below(_ limit: Int) -> Int {
        self.state = self.state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((self.state >> 33) % UInt64(limit))
    }

    mutating func chance(_ percent: Int) -> Bool { self.below(100) < percent }
}

/// Several nodes, their disks and the network between them, in one thread and virtual time.
///
/// Checks after every step what must never be broken: one leader per term, one order of committed
/// entries, and that every committed entry is durable on a majority.
final class TestNetwork {
    /// A node with its disk.
    struct Member {
        var configuration: RaftConfiguration
        var node: RaftNode?
        /// What it decided last: taken again and again, which must carry nothing over.
        var ready = Ready()
        var hardState = HardState()
        /// The entries after `base`.
        var disk: [Entry] = []
        /// What was compacted, or came with a snapshot, and the membership there.
        var base = LogPosition.zero
        var baseMembership: Membership?
        /// A snapshot that is being installed, and when that is durable.
        var install: (due: UInt64, snapshot: TestSnapshot)?
        /// The snapshots that arrived, by where they end.
        var arrived: [LogIndex: TestSnapshot] = [:]
        /// By how many thousandths the clock runs fast, and how far it is ahead.
        var drift = 0
        var ahead: UInt64 = 0
        var writes: [(due: UInt64, batch: PersistBatch)] = []
        var applied: [Entry] = []
        /// Set to hold back what was handed to storage.
        var isDiskStalled = false
    }

    var members: [Member] = []
    var now: UInt64 = 0
    var flying: [(due: UInt64, message: Message)] = []
    var cut: Set<[NodeID]> = []
    var random: TestRandom
    var committed: [Entry] = []
    var leaders: [Term: NodeID] = [:]
    var sent: [Message] = []
    /// Snapshots under way.
    var parcels: [TestParcel] = []
    var snapshotsSent = 0
    var snapshotDelay: UInt64 = 5
    var nextRead: UInt64 = 1
    /// Reads that were not answered: what they must not miss.
    var openReads: [ReadID: Int] = [:]
    var readOutcomes: [ReadID: ReadResult.Outcome] = [:]
    // Chances in percent, and the greatest delay in milliseconds.
    var loss = 0
    var duplication = 0
    var jitter = 0
    var diskDelay: UInt64 = 0
    var tellsDisconnects = true

    init(
        _ count: Int,
        learners: Int = 0,
        seed: UInt64 = 1,
        configure: (inout RaftConfiguration) -> Void = { _ in }
    ) {
        self.random = TestRandom(seed: seed)
        let voters = (1...UInt64(count)).map { NodeID($0) }
        let others = (0..<learners).map { NodeID(UInt64(count + $0 + 1)) }
        for id in voters + others {
            var configuration = RaftConfiguration(
                id: id,
                voters: voters,
                learners: others,
                seed: seed &* 31 &+ id.rawValue
            )
            configure(&configuration)
            var member = Member(configuration: configuration)
            member.node = RaftNode(configuration: configuration, restored: .empty, now: Tick(0))
            self.members.append(member)
        }
    }

    subscript(_ id: UInt64) -> Member {
        get { self.members[Int(id) - 1] }
        _modify { yield &self.members[Int(id) - 1] }
    }

    func node(_ id: UInt64) -> RaftNode {
        guard let node = self[id].node else { preconditionFailure("n\(id) is down") }
        return node
    }

    /// The leader of the highest term that any running node leads.
    var leader: UInt64? {
        self.members.compactMap(\.node).filter { $0.role == .leader }
            .max { $0.term < $1.term }?.id.rawValue
    }

    var everyone: [UInt64] { self.members.map { $0.configuration.id.rawValue } }

    // MARK: Faults

    func crash(_ id: UInt64) {
        self[id].node = nil
        self[id].writes = []
        self[id].install = nil
        self[id].arrived = [:]
        guard self.tellsDisconnects else { return }
        // A connection closes behind what it carried, never before it.
        self.flying.removeAll { $0.message.from == NodeID(id) }
        for other in self.everyone where other != id { self.disconnect(other, from: id) }
    }

    func restart(_ id: UInt64) {
        let member = self[id]
        let keptInMemory = member.applied.count
        let restored = RestoredLog(
            hardState: member.hardState,
            base: member.base,
            memberships: self.memberships(onDiskOf: id),
            last: member.disk.last.map { LogPosition(term: $0.term, index: $0.index) }
                ?? member.base,
            tail: member.disk.filter { $0.index.rawValue > UInt64(keptInMemory) },
            applied: LogIndex(UInt64(keptInMemory))
        )
        self[id].node = RaftNode(
            configuration: member.configuration,
            restored: restored,
            now: self.time(id)
        )
    }

    func disconnect(_ id: UInt64, from peer: UInt64) {
        self.on(id) { $0.peerDisconnected(NodeID(peer), now: $1) }
    }

    func cutLink(_ one: UInt64, _ other: UInt64) {
        self.cut.insert([NodeID(one), NodeID(other)])
        self.cut.insert([NodeID(other), NodeID(one)])
    }

    func isolate(_ ids: UInt64...) {
        for id in ids {
            for other in self.everyone where !ids.contains(other) { self.cutLink(id, other) }
        }
    }

    func heal() { self.cut = [] }

    // MARK: Running

    @discardableResult
    func propose(_ id: UInt64, _ bytes: [UInt8]...) -> ProposalResult {
        self.on(id) { $0.propose(bytes, now: $1) } ?? .notLeader(nil)
    }

    /// Lets milliseconds pass.
    func run(_ milliseconds: Int) {
        for _ in 0..<milliseconds { self.step() }
    }

    /// Runs until the condition holds; records an issue if it does not within the time.
    @discardableResult
    func run(
        atMost milliseconds: Int,
        until condition: (TestNetwork) -> Bool,
        sourceLocation: SourceLocation = #_sourceLocation
    ) -> Bool {
        for _ in 0..<milliseconds {
            if condition(self) { return true }
            self.step()
        }
        let holds = condition(self)
        #expect(holds, "not within \(milliseconds) ms", sourceLocation: sourceLocation)
        return holds
    }

    /// Runs until there is a leader that has committed in its own term.
    @discardableResult
    func elect(sourceLocation: SourceLocation = #_sourceLocation) -> UInt64 {
        self.run(
            atMost: 10_000,
            until: { network in
                guard let leader = network.leader else { return false }
                return network.committed.last?.term == network.node(leader).term
            },
            sourceLocation: sourceLocation
        )
        return self.leader ?? 0
    }

    private func step() {
        self.drain()
        self.now += 1
        if self.now % 500 == 0 { self.repeatSnapshots() }
        for id in self.everyone {
            guard let node = self[id].node, node.nextDeadline <= self.time(id) else { continue }
            self.on(id) { $0.tick($1) }
        }
        self.drain()
    }

    /// Delivers and performs everything due, until nothing is.
    func drain() {
        var isBusy = true
        while isBusy {
            isBusy = false
            for id in self.everyone where self.perform(id) { isBusy = true }
            let due = self.flying.filter { $0.due <= self.now }
            self.flying.removeAll { $0.due <= self.now }
            for item in due {
                isBusy = true
                let id = item.message.to.rawValue
                self.on(id) { $0.step(item.message, now: $1) }
            }
            if self.deliverSnapshots() { isBusy = true }
        }
    }

    /// Performs one node's decisions; returns whether there were any.
    func perform(_ id: UInt64) -> Bool {
        guard self[id].node != nil else { return false }
        var isBusy = false
        while !self[id].isDiskStalled, let write = self[id].writes.first, write.due <= self.now {
            isBusy = true
            self[id].writes.removeFirst()
            self.store(write.batch, on: id)
            self.on(id) { $0.persisted(write.batch.token, now: $1) }
        }
        if self.finishInstall(id) { isBusy = true }
        guard self[id].node?.hasReady == true else { return isBusy }
        var ready = self[id].ready
        self[id].node?.takeReady(into: &ready)
        self[id].ready = ready
        if let batch = ready.persist {
            self[id].writes.append((self.now + self.diskDelay, batch))
        }
        for message in ready.messages { self.transmit(message) }
        for entry in ready.committed { self.apply(entry, on: id) }
        if let last = ready.committed.last { self[id].node?.applied(through: last.index) }
        for request in ready.fetches { self.fetch(request, on: id) }
        for peer in ready.snapshots { self.sendSnapshot(from: id, to: peer.rawValue) }
        if let install = ready.install { self.startInstall(install, on: id) }
        for read in ready.reads { self.take(read) }
        self.checkElectionSafety(id)
        return true
    }

    private func store(_ batch: PersistBatch, on id: UInt64) {
        if let hardState = batch.hardState { self[id].hardState = hardState }
        if let first = batch.entries.first {
            let kept = Int(first.index.rawValue - self[id].base.index.rawValue - 1)
            self[id].disk.removeSubrange(kept...)
            self[id].disk += batch.entries
        }
        for (offset, entry) in self[id].disk.enumerated() {
            let index = self[id].base.index.advanced(by: offset + 1)
            precondition(entry.index == index, "gap on the disk of n\(id)")
        }
    }

    private func transmit(_ message: Message) {
        self.sent.append(message)
        guard Int(message.to.rawValue) <= self.members.count else { return }
        guard !self.cut.contains([message.from, message.to]), !self.random.chance(self.loss) else {
            return
        }
        for _ in 0..<(self.random.chance(self.duplication) ? 2 : 1) {
            let delay = self.jitter > 0 ? self.random.below(self.jitter) : 0
            self.flying.append((self.now + 1 + UInt64(delay), message))
        }
    }

    private func fetch(_ request: FetchRequest, on id: UInt64) {
        var bytes = 0
        var entries: [Entry] = []
        let base = self[id].base.index
        for raw in request.from.rawValue...request.through.rawValue where request.from > base {
            let entry = self[id].disk[Int(raw - base.rawValue - 1)]
            bytes += entry.payload.count + RaftLimits.entryOverheadBytes
            if bytes > request.bytesMax, !entries.isEmpty { break }
            entries.append(entry)
        }
        self.on(id) { $0.fetched(request, entries: entries, now: $1) }
    }

    // MARK: What must never be broken

    /// State Machine Safety (Raft paper Figure 3), and durability on a majority.
    private func apply(_ entry: Entry, on id: UInt64) {
        #expect(entry.index.rawValue == UInt64(self[id].applied.count + 1), "gap on n\(id)")
        self[id].applied.append(entry)
        let position = Int(entry.index.rawValue - 1)
        if position < self.committed.count {
            #expect(self.committed[position] == entry, "n\(id) applied another \(entry.index)")
            return
        }
        self.committed.append(entry)
        #expect(self.isOnQuorum(entry, appliedBy: id), "\(entry.index) is not on a quorum")
    }

    /// Election Safety (Raft paper Figure 3).
    private func checkElectionSafety(_ id: UInt64) {
        guard let node = self[id].node, node.role == .leader else { return }
        let known = self.leaders[node.term] ?? node.id
        #expect(known == node.id, "\(known) and \(node.id) lead \(node.term)")
        self.leaders[node.term] = node.id
    }
}
