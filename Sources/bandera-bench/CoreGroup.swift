internal import Raft

/// Three Raft cores and nothing else: messages are moved from one to the other at once, what is to
/// be stored is durable at once, and time passes when it is told to.
struct CoreGroup {
    private var nodes: [RaftNode]
    /// What each decided last; its buffers are used again.
    private var readies: [Ready]
    /// Messages on their way, by receiver.
    private var inboxes: [[Message]]
    private var now: UInt64 = 0
    /// Its messages are lost, in both directions.
    private var silent: Int?
    /// Entries that the leader handed out as committed.
    private(set) var committed: UInt64 = 0
    /// Messages that were delivered.
    private(set) var delivered: UInt64 = 0

    /// A group with a leader.
    init(_ count: Int) throws {
        let voters = (1...UInt64(count)).map { NodeID($0) }
        self.nodes = voters.map { id in
            RaftNode(
                configuration: RaftConfiguration(id: id, voters: voters, seed: id.rawValue),
                restored: .empty,
                now: Tick(0)
            )
        }
        self.readies = Array(repeating: Ready(), count: count)
        self.inboxes = Array(repeating: [], count: count)
        _ = try self.elect()
    }

    /// The node that leads the highest term.
    private var leader: Int? {
        self.nodes.indices.filter { $0 != self.silent && self.nodes[$0].role == .leader }
            .max { self.nodes[$0].term < self.nodes[$1].term }
    }

    /// How long the leader waits between two heartbeats, in milliseconds.
    static let heartbeatInterval: UInt64 = 30

    /// Proposes all payloads again and again, each time until they are committed everywhere.
    mutating func commit(_ payloads: [[UInt8]], times: Int) throws {
        guard let leader = self.leader else { throw BenchError("the group lost its leader") }
        let before = self.committed
        for _ in 0..<times {
            guard case .appended = self.nodes[leader].propose(payloads, now: Tick(self.now)) else {
                throw BenchError("a proposal was refused")
            }
            self.settle()
        }
        let expected = UInt64(payloads.count * times * self.nodes.count)
        guard self.committed - before == expected else {
            throw BenchError("\(self.committed - before) of \(expected) entries were committed")
        }
    }

    /// Lets the leader send heartbeats, which are answered.
    mutating func heartbeat(times: Int) throws {
        let before = self.delivered
        for _ in 0..<times {
            self.now += Self.heartbeatInterval
            self.tick()
            self.settle()
        }
        let expected = UInt64(times * 2 * (self.nodes.count - 1))
        guard self.delivered - before >= expected else {
            throw BenchError("\(self.delivered - before) messages in \(times) heartbeats")
        }
    }

    /// Silences the leader as a crash would, until another one has committed in its term.
    ///
    /// Returns the milliseconds of virtual time that it took.
    mutating func replaceLeader() throws -> UInt64 {
        guard let lost = self.leader else { throw BenchError("the group lost its leader") }
        self.silent = lost
        let id = self.nodes[lost].id
        for index in self.nodes.indices where index != lost {
            self.nodes[index].peerDisconnected(id, now: Tick(self.now))
        }
        let time = try self.elect()
        self.silent = nil
        // The old one hears of the new term with the next heartbeat.
        self.now += Self.heartbeatInterval
        self.tick()
        self.settle()
        return time
    }

    // MARK: - Moving things

    private mutating func elect() throws -> UInt64 {
        let start = self.now
        while self.leader == nil {
            guard self.now - start < 60_000 else { throw BenchError("no leader was elected") }
            let due =
                self.nodes.indices.filter { $0 != self.silent }
                .map { self.nodes[$0].nextDeadline.rawValue }.min() ?? 0
            self.now = max(self.now + 1, due)
            self.tick()
            self.settle()
        }
        return self.now - start
    }

    private mutating func tick() {
        for index in self.nodes.indices
        where index != self.silent && self.nodes[index].nextDeadline <= Tick(self.now) {
            self.nodes[index].tick(Tick(self.now))
        }
    }

    /// Performs and delivers everything until nothing is left to do.
    private mutating func settle() {
        var isBusy = true
        while isBusy {
            isBusy = false
            for index in self.nodes.indices where index != self.silent {
                for position in self.inboxes[index].indices {
                    self.nodes[index].step(self.inboxes[index][position], now: Tick(self.now))
                }
                self.delivered += UInt64(self.inboxes[index].count)
                self.inboxes[index].removeAll(keepingCapacity: true)
                while self.nodes[index].hasReady {
                    isBusy = true
                    self.perform(index)
                }
            }
        }
        if let silent = self.silent { self.inboxes[silent].removeAll(keepingCapacity: true) }
    }

    private mutating func perform(_ index: Int) {
        self.nodes[index].takeReady(into: &self.readies[index])
        for position in self.readies[index].messages.indices {
            let message = self.readies[index].messages[position]
            self.inboxes[Int(message.to.rawValue) - 1].append(message)
        }
        if let token = self.readies[index].persist?.token {
            self.nodes[index].persisted(token, now: Tick(self.now))
        }
        if let last = self.readies[index].committed.last?.index {
            self.committed += UInt64(self.readies[index].committed.count)
            self.nodes[index].applied(through: last)
        }
        precondition(self.readies[index].fetches.isEmpty, "nobody falls behind what is in memory")
    }
}
