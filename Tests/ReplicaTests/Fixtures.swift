import ClientProtocol
import FlagStore
import Flags
import PeerProtocol
import Raft
import Replica
import Wire

/// A store with one environment, and the means to change it.
struct Tenant {
    static let environment = EnvironmentID(organization: "acme", environment: "production")
    static let other = EnvironmentID(organization: "acme", environment: "staging")

    private(set) var store = FlagStore()

    init() {
        _ = self.apply(.putOrganization(Organization(id: "acme", name: "Acme")))
        _ = self.apply(.putEnvironment(Environment(id: Self.environment, name: "Production")))
        _ = self.apply(.putEnvironment(Environment(id: Self.other, name: "Staging")))
    }

    mutating func apply(_ command: Command, at milliseconds: Int64? = nil) -> Applied {
        let revision = Revision(self.store.applied.rawValue + 1)
        return self.store.apply(
            command,
            stamp: CommandStamp(
                revision: revision,
                time: Timestamp(milliseconds: milliseconds ?? Int64(revision.rawValue)),
                actor: "operator/test",
                session: nil
            )
        )
    }

    /// Creates the flag, or counts it up.
    mutating func change(
        _ key: String,
        in environment: EnvironmentID = Tenant.environment
    )
        -> Publication
    {
        let command: Command
        if let stored = self.store.flag(environment, FlagKey(key)) {
            var patch = FlagPatch()
            patch.description = stored.flag.description.isEmpty ? "changed" : ""
            command = .updateFlag(environment, FlagKey(key), patch)
        } else {
            command = .createFlag(environment, FlagDefinition(key: FlagKey(key)))
        }
        let applied = self.apply(command)
        return Publication(store: self.store, changes: [applied.change].compactMap { $0 })
    }
}

/// Takes what a hub sends, as long as there is credit.
struct RecordingSink: WatchSink {
    var credit: [WatcherSlot: Int] = [:]
    var events: [WatcherSlot: [WatchEvent]] = [:]
    /// How many events were encoded.
    var prepared = 0

    mutating func prepare(_ event: WatchEvent) -> WatchEvent {
        self.prepared += 1
        return event
    }

    mutating func deliver(_ frame: WatchEvent, to slot: WatcherSlot) -> Bool {
        guard self.credit[slot, default: .max] > 0 else { return false }
        if let credit = self.credit[slot] { self.credit[slot] = credit - 1 }
        self.events[slot, default: []].append(frame)
        return true
    }

    /// The revisions of all changes that a watcher was sent.
    func revisions(_ slot: WatcherSlot) -> [UInt64] {
        self.events[slot, default: []].flatMap { event in
            if case .changes(let changes) = event {
                return changes.changes.map(\.revision.rawValue)
            }
            return []
        }
    }
}

/// A replica of a cluster of one, whose log is durable as soon as the test says so.
struct LoneReplica {
    static let incarnation: UInt64 = 77
    var replica: Replica
    var now = Tick(0)
    var wallTime: Timestamp { Timestamp(milliseconds: Int64(self.now.rawValue)) }

    init(nodes: UInt64 = 1) {
        let members = (1...nodes).map {
            Member(
                id: NodeID($0),
                name: "n\($0)",
                region: "R\($0)",
                zone: "",
                peerAddress: "",
                clientAddress: ""
            )
        }
        let raft = RaftNode(
            configuration: RaftConfiguration(
                id: NodeID(1),
                voters: members.map(\.id),
                seed: 1
            ),
            restored: .empty,
            now: Tick(0)
        )
        self.replica = Replica(
            configuration: ReplicaConfiguration(
                members: members,
                local: NodeID(1),
                incarnation: Self.incarnation
            ),
            raft: raft,
            store: FlagStore(),
            now: Tick(0)
        )
    }

    /// Ticks until this node leads, with everything durable at once.
    mutating func elect() {
        for _ in 0..<1_000 where self.replica.raft.role != .leader {
            self.now = self.now + 10
            self.replica.tick(self.now, wallTime: self.wallTime)
            _ = self.settle()
        }
    }

    /// Hears from a leader of term 1.
    mutating func follow(_ leader: NodeID) {
        var news = PeerBatch()
        news.raft = [
            Message(
                from: leader,
                to: NodeID(1),
                term: Term(1),
                body: .heartbeat(Message.Heartbeat(commit: .zero, round: 1))
            )
        ]
        self.replica.receive(
            news,
            from: leader,
            now: self.now,
            wallTime: Timestamp(milliseconds: 0)
        )
    }

    mutating func submit(_ number: UInt64, _ request: WriteRequest, isUrgent: Bool = false) {
        let command = LogCommand(
            origin: NodeID(1),
            incarnation: Self.incarnation,
            proposal: number,
            time: Int64(self.now.rawValue),
            actor: "operator/test",
            organization: "",
            request: request.encode()
        )
        self.replica.submit(
            Submission(
                call: CallID(number),
                payload: command.encode(),
                isRepeatable: request.session != .zero,
                isUrgent: isUrgent
            ),
            now: self.now
        )
    }

    /// Takes turns, making everything durable, until nothing more is decided.
    mutating func settle() -> [Turn] {
        var turns: [Turn] = []
        while true {
            let turn = self.replica.turn(self.now)
            turns.append(turn)
            guard !turn.persists.isEmpty else { return turns }
            for batch in turn.persists { self.replica.persisted(batch.token, now: self.now) }
        }
    }
}
