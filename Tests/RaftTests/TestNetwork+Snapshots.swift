import Raft
import Testing

/// A state machine, which here is all that was applied to it, and where it ends.
struct TestSnapshot {
    var position: SnapshotPosition
    var applied: [Entry]
}

/// A snapshot on its way.
struct TestParcel {
    var due: UInt64
    var from: UInt64
    var to: UInt64
    var term: Term
    var snapshot: TestSnapshot
}

/// Clocks, members that join, snapshots and reads.
extension TestNetwork {
    /// What the clock of a node shows.
    func time(_ id: UInt64) -> Tick {
        let elapsed = Int(self.now) * (1_000 + self[id].drift) / 1_000
        return Tick(UInt64(elapsed) + self[id].ahead)
    }

    /// Lets a node that runs do something, at the time that its clock shows.
    @discardableResult
    func on<Result>(_ id: UInt64, _ body: (inout RaftNode, Tick) -> Result) -> Result? {
        guard var node = self[id].node else { return nil }
        let now = self.time(id)
        self[id].node = nil
        let result = body(&node, now)
        self[id].node = node
        return result
    }

    /// Starts a node that waits to be added; returns its identity.
    @discardableResult
    func join(configure: (inout RaftConfiguration) -> Void = { _ in }) -> UInt64 {
        let id = UInt64(self.members.count + 1)
        var configuration = RaftConfiguration(id: NodeID(id), voters: [], seed: id &* 7_919)
        configure(&configuration)
        var member = Member(configuration: configuration)
        member.node = RaftNode(
            configuration: configuration,
            restored: .empty,
            now: Tick(self.now)
        )
        self.members.append(member)
        return id
    }

    func change(
        _ id: UInt64,
        _ steps: MembershipChange.Step...,
        transition: MembershipChange.Transition = .automatic
    ) -> MembershipResult {
        let change = MembershipChange(steps, transition: transition)
        return self.on(id) { $0.changeMembership(change, context: nil, now: $1) }
            ?? .notLeader(nil)
    }

    /// Adds a learner, waits until it is level, and promotes it.
    func add(_ id: UInt64, sourceLocation: SourceLocation = #_sourceLocation) {
        let node = NodeID(id)
        _ = self.change(self.leader ?? 1, .addLearner(node))
        self.run(
            atMost: 5_000,
            until: { network in
                let result = network.change(network.leader ?? 1, .addVoter(node))
                if case .appended = result { return true }
                return false
            },
            sourceLocation: sourceLocation
        )
    }

    func memberships(onDiskOf id: UInt64) -> [Membership] {
        let member = self[id]
        var memberships = member.baseMembership.map { [$0] } ?? []
        for entry in member.disk where entry.kind == .configuration {
            guard let next = Membership(decoding: entry.payload, index: entry.index) else {
                preconditionFailure("n\(id) stored \(entry)")
            }
            memberships.append(next)
        }
        return memberships
    }

    /// Whether a quorum of a configuration that counts has the entry on disk.
    func isOnQuorum(_ entry: Entry, appliedBy id: UInt64) -> Bool {
        guard let node = self[id].node else { return false }
        var memberships = [node.membership, node.committedMembership]
        if let then = node.membership(at: entry.index) { memberships.append(then) }
        if let leader = self.leader, let known = self[leader].node {
            memberships += [known.membership, known.committedMembership]
        }
        return memberships.contains { membership in
            membership.configuration.quorum.result { self.holds(entry, $0.rawValue) } == .won
        }
    }

    private func holds(_ entry: Entry, _ id: UInt64) -> Bool {
        let member = self[id]
        let index = Int(entry.index.rawValue)
        if entry.index <= member.base.index {
            return index <= member.applied.count && member.applied[index - 1] == entry
        }
        let offset = index - Int(member.base.index.rawValue) - 1
        return offset < member.disk.count && member.disk[offset] == entry
    }

    // MARK: Snapshots

    /// Releases the log but for the last entries that were applied.
    func compact(_ id: UInt64, keep: Int = 0) {
        guard let node = self[id].node, self[id].install == nil else { return }
        let count = self[id].applied.count - keep
        guard count > Int(self[id].base.index.rawValue) else { return }
        let last = self[id].applied[count - 1]
        let base = LogPosition(term: last.term, index: last.index)
        let dropped = Int(last.index.rawValue - self[id].base.index.rawValue)
        self[id].baseMembership = node.membership(at: base.index)
        self[id].disk.removeFirst(dropped)
        self[id].base = base
        self[id].node?.compacted(to: base)
    }

    func sendSnapshot(from id: UInt64, to peer: UInt64) {
        self.snapshotsSent += 1
        guard let node = self[id].node, let last = self[id].applied.last,
            let membership = node.membership(at: last.index)
        else { return }
        let position = LogPosition(term: last.term, index: last.index)
        let snapshot = TestSnapshot(
            position: SnapshotPosition(position: position, membership: membership),
            applied: self[id].applied
        )
        self.parcels.append(
            TestParcel(
                due: self.now + self.snapshotDelay,
                from: id,
                to: peer,
                term: node.term,
                snapshot: snapshot
            )
        )
    }

    /// What the shell does about a snapshot that was lost after it arrived.
    func repeatSnapshots() {
        for id in self.everyone {
            for progress in self[id].node?.progress ?? [] where progress.state == .snapshot {
                let peer = progress.id.rawValue
                let isUnderWay = self.parcels.contains { $0.from == id && $0.to == peer }
                guard !isUnderWay, self[peer].install == nil else { continue }
                self.on(id) { $0.snapshotFailed(progress.id, now: $1) }
            }
        }
    }

    func deliverSnapshots() -> Bool {
        let due = self.parcels.filter { $0.due <= self.now }
        self.parcels.removeAll { $0.due <= self.now }
        for parcel in due {
            let link = [NodeID(parcel.from), NodeID(parcel.to)]
            guard !self.cut.contains(link), !self.random.chance(self.loss),
                self[parcel.to].node != nil
            else {
                self.on(parcel.from) { $0.snapshotFailed(NodeID(parcel.to), now: $1) }
                continue
            }
            self.deliver(parcel)
        }
        return !due.isEmpty
    }

    func deliver(_ parcel: TestParcel) {
        let position = parcel.snapshot.position
        let isWanted = self.on(parcel.to) {
            $0.receivedSnapshot(
                position,
                from: NodeID(parcel.from),
                term: parcel.term,
                now: $1
            )
        }
        if isWanted == true {
            self[parcel.to].arrived = [position.position.index: parcel.snapshot]
        }
    }

    func startInstall(_ position: SnapshotPosition, on id: UInt64) {
        guard let snapshot = self[id].arrived[position.position.index] else {
            preconditionFailure("n\(id) has no \(position)")
        }
        #expect(self[id].writes.allSatisfy { $0.batch.entries.isEmpty }, "entries in flight")
        self[id].install = (self.now + self.diskDelay + 1, snapshot)
    }

    func finishInstall(_ id: UInt64) -> Bool {
        guard let install = self[id].install, install.due <= self.now else { return false }
        let snapshot = install.snapshot
        let count = snapshot.applied.count
        #expect(count > self[id].applied.count, "n\(id) went back to \(count)")
        #expect(Array(self.committed.prefix(count)) == snapshot.applied, "n\(id) got a lie")
        self[id].install = nil
        self[id].base = snapshot.position.position
        self[id].baseMembership = snapshot.position.membership
        self[id].disk = []
        self[id].applied = snapshot.applied
        self.on(id) { $0.installed(snapshot.position, now: $1) }
        return true
    }

    /// Prints how every node is: for a run that failed.
    func describe() {
        for id in self.everyone {
            guard let node = self[id].node else { continue }
            print(
                "n\(id) \(node.role) \(node.term) leader \(String(describing: node.leader))",
                "last \(node.last) stable \(node.stable) commit \(node.commit)",
                "base \(node.base) \(node.membership.index) \(node.members)",
                "deadline \(node.nextDeadline) at \(self.time(id))"
            )
        }
    }

    // MARK: Reads

    /// Asks for a read index: it must not miss what anybody has applied by now.
    @discardableResult
    func read(_ id: UInt64) -> ReadID {
        let read = ReadID(self.nextRead)
        self.nextRead += 1
        self.openReads[read] = self.committed.count
        self.on(id) { $0.readIndex(read, now: $1) }
        return read
    }

    func take(_ result: ReadResult) {
        guard let floor = self.openReads.removeValue(forKey: result.id) else {
            Issue.record("\(result) was answered twice")
            return
        }
        self.readOutcomes[result.id] = result.outcome
        guard case .index(let index) = result.outcome else { return }
        #expect(index.rawValue >= UInt64(floor), "\(result) misses what was committed before")
    }
}
