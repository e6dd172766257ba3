package import BanderaClient
internal import FoundationEssentials
internal import Glibc
internal import Synchronization

/// A cluster of real `bandera node` processes on the loopback interface, for measuring and testing.
///
/// Its processes and its folder go away with `destroy()`, and at the latest with this process; use
/// ``withLocalCluster(_:_:)``, which also prints the nodes' logs when something went wrong.
package final class LocalCluster: Sendable {
    private struct State {
        /// Ascending by id.
        var nodes: [LocalNode]
        /// The last process of each node that was started.
        var processes: [UInt64: ChildProcess] = [:]
        /// The highest id that any node ever had.
        var idMax: UInt64 = 0
        /// Nodes that were stopped with SIGSTOP.
        var paused: Set<UInt64> = []
        /// Nodes that run and were not added yet.
        var waiting: Set<UInt64> = []
        /// Nodes that no other node can reach.
        var isolated: Set<UInt64> = []
        /// One client per node that was asked how it is, kept because a handshake costs more.
        var clients: [UInt64: AdministrationClient] = [:]
    }

    private let credentials: ClusterAccess
    let folder: ClusterFolder?
    /// What every connection between nodes goes through; `nil` when they connect directly.
    private let relays: PeerRelays?
    private let executable: String
    private let wrappers: [UInt64: [String]]
    private let state: Mutex<State>

    init(
        nodes: [LocalNode],
        access: ClusterAccess,
        folder: ClusterFolder?,
        relays: PeerRelays? = nil,
        executable: String
    ) {
        self.credentials = access
        self.folder = folder
        self.relays = relays
        self.executable = executable
        self.wrappers = folder?.configuration.wrappers ?? [:]
        self.state = Mutex(State(nodes: nodes))
    }

    /// The nodes, ascending by id.
    package var nodes: [LocalNode] { self.state.withLock { $0.nodes } }

    /// An operator's way to all nodes.
    package var access: ClusterAccess {
        var access = self.credentials
        access.endpoints = self.nodes.map(\.client)
        return access
    }

    /// Commands nothing, but finds leaders and clients of a cluster that runs somewhere else.
    package static func attach(to access: ClusterAccess) -> LocalCluster {
        let nodes = access.endpoints.enumerated().map { (index, endpoint) in
            LocalNode(
                id: endpoint.node ?? UInt64(index + 1),
                region: endpoint.region,
                client: endpoint,
                peer: endpoint,
                peerListenPort: 0,
                folder: "",
                dataFolder: ""
            )
        }
        return LocalCluster(nodes: nodes, access: access, folder: nil, executable: "")
    }

    /// The certificates of the cluster; `nil` when it was attached to.
    package var certificates: ClusterCertificates? { self.folder?.certificates }

    /// The node called `id`.
    package func node(_ id: UInt64) throws(LocalClusterError) -> LocalNode {
        guard let node = self.nodes.first(where: { $0.id == id }) else {
            throw LocalClusterError(.process, "there is no node \(id) in this cluster")
        }
        return node
    }

    /// The way to one node only.
    package func access(to id: UInt64) throws(LocalClusterError) -> ClusterAccess {
        var access = self.access
        access.endpoints = [try self.node(id).client]
        return access
    }

    /// A client of one node only, shared by all who ask for it.
    ///
    /// MUST NOT be shut down.
    package func client(of id: UInt64) throws -> AdministrationClient {
        let access = try self.access(to: id)
        return try self.state.withLock { state in
            if let client = state.clients[id] { return client }
            let client = try access.client(timeout: LocalClusterLimits.statusTimeout)
            state.clients[id] = client
            return client
        }
    }

    // MARK: - Members

    /// Lays out a node that waits to be added to the cluster; starting it is the next step.
    ///
    /// What the operator's command is told is in the node that is returned. Say ``joined(_:)`` when
    /// it was added.
    package func prepareNode(
        _ id: UInt64,
        region: String
    ) async throws(LocalClusterError) -> LocalNode {
        guard let folder = self.folder else {
            throw LocalClusterError(.notOwned, "nodes cannot be added to a foreign cluster")
        }
        let relayPort: Int? = if let relays { try await relays.listen(for: id) } else { nil }
        let node = try folder.layOut(
            joining: id,
            region: region,
            beside: self.nodes,
            relayPort: relayPort
        )
        self.relays?.forward(id, to: node.peerListenPort)
        self.state.withLock { state in
            state.idMax = max(state.idMax, id)
            state.nodes.append(node)
            state.waiting.insert(id)
        }
        return node
    }

    /// An id that no node had before.
    func unusedID() -> UInt64 {
        self.state.withLock { state in
            state.idMax = max(state.idMax, state.nodes.map(\.id).max() ?? 0) + 1
            return state.idMax
        }
    }

    /// The node was added: it can be expected to follow the leader.
    package func joined(_ id: UInt64) {
        self.state.withLock { state in _ = state.waiting.remove(id) }
    }

    /// Expects nothing of a node any more: it was removed from the cluster.
    package func forget(_ id: UInt64) {
        self.state.withLock { state in
            state.idMax = max(state.idMax, id)
            state.nodes.removeAll { $0.id == id }
            state.waiting.remove(id)
            state.clients.removeValue(forKey: id)?.shutdown()
        }
    }

    /// What a node has written so far.
    package func log(of id: UInt64) -> String {
        guard let node = try? self.node(id) else { return "" }
        let bytes = (try? Data(contentsOf: URL(filePath: node.logPath))) ?? Data()
        return String(decoding: bytes, as: UTF8.self)
    }

    // MARK: - Processes

    /// Starts the process of a node that does not run.
    ///
    /// Its first start may make an empty data folder that of a new cluster's node, as an operator
    /// says with `--initialize`; a later one only if `mayInitialize`.
    package func start(
        _ id: UInt64,
        mayInitialize: Bool = false
    ) throws(LocalClusterError) {
        let node = try self.owned(id)
        let isFirst = self.state.withLock { $0.processes[id] == nil }
        let words = (self.wrappers[id] ?? []) + [self.executable]
        let process = try ChildProcess.spawn(
            words[0],
            arguments: words.dropFirst() + ["node", "--config", node.configurationPath]
                + (isFirst || mayInitialize ? ["--initialize"] : []),
            environment: ["PATH=/usr/bin:/bin", "SWIFT_BACKTRACE=enable=no"],
            name: "node \(id)",
            output: node.logPath,
            error: node.logPath
        )
        self.state.withLock { state in
            state.processes[id] = process
            _ = state.paused.remove(id)
        }
        self.relays?.started(id, process: process.pid)
    }

    /// Ends a node at once, as a power loss would, and waits until it is gone.
    package func kill(_ id: UInt64) async throws(LocalClusterError) {
        let process = try self.process(id)
        process.signal(SIGKILL)
        _ = try await process.exit(within: LocalClusterLimits.killTimeout)
    }

    /// Sends the kill without waiting: what a measurement starts its clock with.
    package func killNow(_ id: UInt64) throws(LocalClusterError) {
        try self.process(id).signal(SIGKILL)
    }

    /// Asks a node to stop and waits until it has.
    package func terminate(_ id: UInt64) async throws(LocalClusterError) -> ChildProcess.Exit {
        let process = try self.process(id)
        process.signal(SIGTERM)
        return try await process.exit(within: LocalClusterLimits.terminationTimeout)
    }

    /// Stops a node's clock: its connections stay open and nothing answers.
    package func pause(_ id: UInt64) throws(LocalClusterError) {
        try self.process(id).signal(SIGSTOP)
        self.state.withLock { state in _ = state.paused.insert(id) }
    }

    /// Lets a paused node go on.
    package func resume(_ id: UInt64) throws(LocalClusterError) {
        try self.process(id).signal(SIGCONT)
        self.state.withLock { state in _ = state.paused.remove(id) }
    }

    /// Cuts the links between a node and all others, in both directions and without a FIN or RST:
    /// the connections stay open and nothing arrives, while clients still reach the node.
    ///
    /// The cluster MUST have been started with relays. Does not wait: what a measurement starts its
    /// clock with.
    package func isolate(_ id: UInt64) throws(LocalClusterError) {
        let relays = try self.ownedRelays(id)
        relays.isolate(id)
        self.state.withLock { state in _ = state.isolated.insert(id) }
    }

    /// Mends the links of a node; what was held up arrives late, as after retransmission.
    package func rejoin(_ id: UInt64) throws(LocalClusterError) {
        let relays = try self.ownedRelays(id)
        relays.rejoin(id)
        self.state.withLock { state in _ = state.isolated.remove(id) }
    }

    private func ownedRelays(_ id: UInt64) throws(LocalClusterError) -> PeerRelays {
        _ = try self.owned(id)
        guard let relays = self.relays else {
            throw LocalClusterError(.process, "links can only be cut in a cluster with relays")
        }
        return relays
    }

    /// Ends a node, if it runs, and starts it again with the same data.
    package func restart(_ id: UInt64) async throws(LocalClusterError) {
        if try self.process(id).exit == nil { try await self.kill(id) }
        try self.start(id)
    }

    /// The node's process.
    package func process(_ id: UInt64) throws(LocalClusterError) -> ChildProcess {
        _ = try self.owned(id)
        guard let process = self.state.withLock({ $0.processes[id] }) else {
            throw LocalClusterError(.process, "node \(id) was not started yet")
        }
        return process
    }

    /// Whether the node can be expected to answer.
    package func isRunning(_ id: UInt64) -> Bool {
        guard let process = try? self.process(id), process.exit == nil else { return false }
        return !self.state.withLock { state in
            state.paused.contains(id) || state.isolated.contains(id) || state.waiting.contains(id)
        }
    }

    /// What the node's process has used.
    package func usage(of id: UInt64) throws(LocalClusterError) -> ProcessUsage {
        let process = try self.process(id)
        guard process.exit == nil, let usage = ProcessUsage.read(pid: process.pid) else {
            throw LocalClusterError(.process, "node \(id) does not run: it has no usage")
        }
        return usage
    }

    /// Whether this program started the nodes.
    package var isOwned: Bool { self.folder != nil }

    private func owned(_ id: UInt64) throws(LocalClusterError) -> LocalNode {
        guard self.isOwned else {
            throw LocalClusterError(
                .notOwned,
                "node \(id) was started by somebody else: only they can command it"
            )
        }
        return try self.node(id)
    }

    /// Kills every process and removes the folder.
    ///
    /// Nothing can be done with the cluster afterwards.
    package func destroy() async {
        let (processes, clients) = self.state.withLock { state in
            (state.processes.values.map(\.self), state.clients.values.map(\.self))
        }
        for client in clients { client.shutdown() }
        for process in processes { process.signal(SIGKILL) }
        for process in processes {
            _ = try? await process.exit(within: LocalClusterLimits.killTimeout)
        }
        await self.relays?.close()
        self.folder?.remove()
    }
}
