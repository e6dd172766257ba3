internal import ClientProtocol
internal import FlagStore
internal import Flags
internal import PeerProtocol
internal import Raft
internal import RaftStorage
internal import Replica

/// A cluster, its network, its disks and its clients, in one thread and in virtual time.
///
/// The replicas and the log are the ones that ship; the world only decides what arrives when, and
/// what fails. One seed gives one history, bit for bit.
package final class SimulatedWorld {
    static let environment = EnvironmentID(organization: "acme", environment: "production")

    package let parameters: SimulationParameters
    var random: SplitMix64
    var now: SimulatedTime = 0
    var queue = EventQueue()
    var nodes: [SimulatedNode]
    let members: [Member]
    /// `blocked[from][to]`: nothing gets through in that direction.
    var blocked: [[Bool]]
    var clients: [SimulatedClient]
    var watchers: [SimulatedWatcher]
    var nextCall: UInt64 = 0
    var invariants = Invariants()
    /// The revision of every change, ascending, and the fingerprint of each state after it.
    var changes: [Revision] = []
    var stateHashes: [Revision: UInt64] = [:]
    var isHealed = false
    /// Mixed from every event, so that two runs can be compared.
    package private(set) var trace: UInt64 = 0
    package private(set) var events = 0

    package init(_ parameters: SimulationParameters) {
        self.parameters = parameters
        var random = SplitMix64(seed: parameters.seed)
        let ids = (1...parameters.nodes).map { NodeID(UInt64($0)) }
        self.nodes = ids.map { SimulatedNode(id: $0, seed: random.next()) }
        self.members = ids.map {
            Member(
                id: $0,
                name: "node-\($0.rawValue)",
                region: "R\($0.rawValue)",
                zone: "",
                peerAddress: "",
                clientAddress: ""
            )
        }
        self.blocked = ids.map { _ in ids.map { _ in false } }
        self.clients = (0..<parameters.clients).map { SimulatedClient(number: $0) }
        self.watchers = ids.indices.map { SimulatedWatcher(number: $0) }
        self.random = random
    }

    var tick: Tick { Tick(self.now / 1_000) }

    func draw(_ range: ClosedRange<UInt64>) -> UInt64 { self.random.next(in: range) }

    func happens(permille: UInt64) -> Bool { self.draw(0...999) < permille }

    // MARK: Running

    /// Runs faults and clients, then heals everything and demands that all clients finish.
    package func run() -> SimulationResult {
        for index in self.nodes.indices { self.start(index) }
        self.prepareTenancy()
        for index in self.clients.indices {
            self.queue.plan(.client(index, attempt: 0), at: self.draw(0...500_000))
        }
        for index in self.watchers.indices {
            self.queue.plan(.watcherReconnects(index), at: self.draw(600_000...900_000))
        }
        self.planFault()
        let healAt = self.parameters.faultsUntil * 1_000
        while let (time, event) = self.queue.next() {
            precondition(time >= self.now, "time went back from \(self.now) to \(time)")
            self.now = time
            if !self.isHealed, time >= healAt { self.heal() }
            self.events += 1
            self.trace = (self.trace ^ time ^ UInt64(self.events)) &* 0x100_0000_01B3
            self.handle(event)
            if !self.invariants.violations.isEmpty || self.isConverged { break }
            if time > healAt + SimulationLimits.convergenceMicrosecondsMax {
                self.invariants.require(false, self.stall)
                break
            }
        }
        if self.invariants.violations.isEmpty { self.checkEnd() }
        return SimulationResult(
            seed: self.parameters.seed,
            violations: self.invariants.violations,
            events: self.events,
            simulatedMilliseconds: self.now / 1_000,
            trace: self.trace,
            committed: self.invariants.committed.count
        )
    }

    /// Healed, every client is done, and every node and watcher has everything.
    private var isConverged: Bool {
        guard self.isHealed, self.clients.allSatisfy(\.isDone) else { return false }
        let last = self.invariants.committed.count
        let areEqual = self.nodes.allSatisfy { node in
            node.replica.map { Int($0.store.applied.rawValue) == last } ?? false
        }
        let latest = self.changes.last ?? .zero
        return areEqual && self.watchers.allSatisfy { ($0.revision ?? .zero) >= latest }
    }

    private var stall: String {
        let roles = self.nodes.map { node in
            node.replica.map { "\(node.id) \($0.raft.role) \($0.raft.term) \($0.store.applied)" }
                ?? "\(node.id) down"
        }
        let done = self.clients.count { $0.isDone }
        return "healed, yet not converged after "
            + "\(SimulationLimits.convergenceMicrosecondsMax / 1_000_000) s: \(roles), "
            + "\(done) of \(self.clients.count) clients done, "
            + "\(self.invariants.committed.count) committed"
    }

    private func handle(_ event: SimulatedEvent) {
        switch event {
        case .deliver(let batch, let from, let to): self.deliver(batch, from: from, to: to)
        case .synchronized(let node, let life): self.synchronized(node, life)
        case .recorded(let node, let life, let snapshot): self.recorded(node, life, snapshot)
        case .wake(let node, let life): self.wake(node, life)
        case .client(let client, let attempt): self.act(client, attempt: attempt)
        case .peerConnected(let node, let peer):
            self.input(node) { $0.peerConnected(NodeID(UInt64(peer + 1)), now: self.tick) }
        case .peerDisconnected(let node, let peer):
            self.input(node) { $0.peerDisconnected(NodeID(UInt64(peer + 1)), now: self.tick) }
        case .watcherReconnects(let watcher): self.reconnect(watcher)
        case .watcherGetsCredit(let watcher): self.giveCredit(watcher)
        case .fault: self.injectFault()
        case .restart(let node): self.start(node)
        case .healLink(let from, let to): self.blocked[from][to] = false
        }
    }
}

/// What a run found.
package struct SimulationResult: Hashable, Sendable {
    package let seed: UInt64
    /// Empty when everything held.
    package let violations: [String]
    package let events: Int
    package let simulatedMilliseconds: UInt64
    package let trace: UInt64
    package let committed: Int
}

/// Every bound of the simulator.
enum SimulationLimits {
    /// After healing, a cluster that has not converged by then has stalled.
    static let convergenceMicrosecondsMax: SimulatedTime = 60_000_000
    /// How many states of the record store are kept as candidates.
    static let recordableMax = 64
}
