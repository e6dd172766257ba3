internal import ClientProtocol
internal import FlagStore
internal import Flags
internal import PeerProtocol
internal import Raft
internal import RaftStorage
internal import Replica
internal import Wire

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
    /// The node of identity n stands at n - 1; lost and removed ones stay.
    var nodes: [SimulatedNode]
    /// The first members of the cluster.
    let founders: [Member]
    var operation = OperatorState()
    /// The state that each copy of a record store contains, by the file's checksum.
    var snapshotStates: [UInt64: RecordedState] = [:]
    var network = SimulatedNetwork()
    var clients: [SimulatedClient]
    var watchers: [SimulatedWatcher]
    var nextCall: UInt64 = 0
    var ledgerOfWrites = WriteBook()
    var history = ClientHistory()
    var duties = DutyBook()
    var wasPrepared = false
    var invariants = Invariants()
    var stateHashes: [Revision: UInt64] = [:]
    var lastHashed = Revision.zero
    var counts = SimulationCounts()
    /// Faults are over; `core` is who goes on.
    var isHealed = false
    var core: [Int] = []
    let arena = Arena()
    var trace: UInt64 = 0
    /// Takes the event log, a line each, where somebody wants it.
    let log: ((String) -> Void)?

    /// - Parameter log: gets a line for everything that happens; the run is the same without it.
    package init(_ parameters: SimulationParameters, log: ((String) -> Void)? = nil) {
        self.parameters = parameters
        self.log = log
        var random = SplitMix64(seed: parameters.seed)
        let ids = (1...parameters.nodes).map { NodeID(UInt64($0)) }
        self.founders = ids.map { Member(simulated: $0, diskID: 0) }
        self.nodes = ids.map {
            let member = Member(simulated: $0, diskID: random.next() | 1)
            return SimulatedNode(member, joins: nil, seed: random.next())
        }
        self.clients = (0..<parameters.clients).map { SimulatedClient(number: $0) }
        self.watchers = (0..<parameters.watchers).map { SimulatedWatcher(number: $0) }
        self.random = random
        for node in self.nodes { self.setClocks(of: node) }
    }

    func draw(_ range: ClosedRange<UInt64>) -> UInt64 { self.random.next(in: range) }

    func happens(permille: UInt64) -> Bool { permille > 0 && self.draw(0...999) < permille }

    func pick(_ indices: [Int]) -> Int? {
        indices.isEmpty ? nil : indices[Int(self.draw(0...UInt64(indices.count - 1)))]
    }

    func plan(_ event: SimulatedEvent, after delay: SimulatedTime) {
        self.queue.plan(event, at: self.now + delay)
    }

    func note(_ line: @autoclosure () -> String) {
        guard let log = self.log else { return }
        log("\(self.now) \(line())")
    }

    func setClocks(of node: SimulatedNode) {
        node.clockOffset = self.draw(1_000...1_000_000_000)
        let drift = Int64(self.parameters.driftPermilleMax)
        node.driftPermille = Int64(self.draw(0...UInt64(2 * drift))) - drift
        node.isNewer = self.happens(permille: 300)
    }

    // MARK: Running

    /// Runs faults and clients, then heals a quorum and demands that it serves.
    package func run() -> SimulationResult {
        for index in self.nodes.indices { self.start(index) }
        self.plan(.setup, after: self.draw(300_000...600_000))
        for index in self.clients.indices {
            self.plan(.client(index, attempt: 0), after: self.draw(0...700_000))
        }
        for index in self.watchers.indices {
            self.plan(.watcherReconnects(index), after: self.draw(600_000...900_000))
        }
        self.planFault()
        self.plan(.operatorActs, after: self.draw(500_000...1_500_000))
        self.plan(.releasersAct, after: self.draw(700_000...1_000_000))
        self.plan(.heal, after: self.parameters.faultsUntil * 1_000)
        let deadline =
            self.parameters.faultsUntil * 1_000 + SimulationLimits.convergenceMicrosecondsMax
        var isForgiven = false
        while let (time, event) = self.queue.next() {
            precondition(time >= self.now, "time went back from \(self.now) to \(time)")
            self.now = time
            self.counts.events += 1
            self.trace = mix(self.trace, time)
            self.handle(event)
            if !self.invariants.violations.isEmpty || self.isConverged { break }
            if time > deadline || self.counts.events > SimulationLimits.eventsMax {
                // A damaged disk that showed only now may have taken the quorum with it.
                isForgiven = !self.isQuorum(self.core.filter { !self.nodes[$0].isLost })
                if isForgiven { break }
                self.invariants.fail(self.stall)
            }
        }
        self.counts.forgiven = isForgiven ? 1 : 0
        if self.invariants.violations.isEmpty, !isForgiven { self.checkEnd() }
        self.counts.committed = self.invariants.committed.count
        self.counts.elections = self.invariants.electionsCount
        self.counts.scheduleEdges = self.duties.edgeCount
        self.counts.releaseSteps = self.duties.stepCount
        return SimulationResult(
            seed: self.parameters.seed,
            profile: self.parameters.profile,
            violations: self.invariants.violations,
            simulatedMilliseconds: self.now / 1_000,
            trace: self.trace,
            counts: self.counts
        )
    }

    func handle(_ event: SimulatedEvent) {
        switch event {
        case .deliver(let parcel): self.deliver(parcel)
        case .turn(let node, let life): self.turnIsDue(node, life)
        case .synchronized(let node, let life): self.synchronized(node, life)
        case .retryDisk(let node, let life): self.retryDisk(node, life)
        case .fetched(let node, let life, let request): self.fetched(node, life, request)
        case .recorded(let node, let life, let state): self.recorded(node, life, state)
        case .wake(let node, let life): self.wake(node, life)
        case .peerConnected(let node, let life, let peer):
            self.connected(node, life, peer: peer, isUp: true)
        case .peerDisconnected(let node, let life, let peer):
            self.connected(node, life, peer: peer, isUp: false)
        case .request(let node, let life, let request): self.requested(node, life, request)
        case .client(let client, let attempt): self.act(client, attempt: attempt)
        case .setup: self.setUp()
        case .watcherReconnects(let watcher): self.reconnect(watcher)
        case .watcherGetsCredit(let watcher): self.giveCredit(watcher)
        case .fault: self.injectFault()
        case .diskHasRoom(let node): self.diskHasRoom(node)
        case .ambush(let node, let life, let ambush): self.spring(ambush, node, life)
        case .resume(let node, let life): self.resume(node, life)
        case .restart(let node): self.start(node)
        case .heal: self.heal()
        case .operatorActs: self.operatorActs()
        case .releasersAct: self.releasersAct()
        default: self.handleSnapshots(event)
        }
    }
}

extension Member {
    init(simulated id: NodeID, diskID: UInt64) {
        self.init(
            id: id,
            name: "node-\(id.rawValue)",
            region: "R\(id.rawValue)",
            zone: "",
            peerAddress: "",
            clientAddress: "",
            diskID: diskID
        )
    }
}
