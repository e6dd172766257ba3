package import ClientProtocol
package import Flags

/// What every node of a cluster has recorded at one revision, side by side.
package struct ClusterVerification: Sendable {
    /// What one node answered.
    package struct Row: Sendable {
        /// The node, as the cluster's status shows it.
        package let node: NodeStatus
        /// The digest of its records; `nil` when it gave none.
        package let hash: UInt64?
        /// Why there is no digest; `nil` when there is one.
        package let failure: BanderaError?

        package init(node: NodeStatus, hash: UInt64?, failure: BanderaError?) {
            self.node = node
            self.hash = hash
            self.failure = failure
        }
    }

    /// The revision at which all were compared; zero when no node could be asked.
    package let revision: Revision
    /// One row for each member, sorted by id.
    package let rows: [Row]

    package init(revision: Revision, rows: [Row]) {
        self.revision = revision
        self.rows = rows
    }

    /// The digest that most nodes gave, or `nil` when no digest has more nodes than every other.
    package var common: UInt64? {
        var counts: [(hash: UInt64, count: Int)] = []
        for hash in self.rows.compactMap(\.hash) {
            if let index = counts.firstIndex(where: { $0.hash == hash }) {
                counts[index].count += 1
            } else {
                counts.append((hash, 1))
            }
        }
        guard let most = counts.map(\.count).max() else { return nil }
        let leading = counts.filter { $0.count == most }
        return leading.count == 1 ? leading[0].hash : nil
    }

    /// Nodes whose records differ from what most nodes have; all that answered, if none has most.
    package var differing: [Row] {
        let common = self.common
        return self.rows.filter { $0.hash != nil && $0.hash != common }
    }

    /// Nodes that gave no digest.
    package var missing: [Row] { self.rows.filter { $0.hash == nil } }

    /// Whether every node answered and all hold the same.
    package var isIntact: Bool {
        !self.rows.isEmpty && self.differing.isEmpty && self.missing.isEmpty
    }
}

extension AdministrationClient {
    /// Asks every node for the digest of its records at one common revision.
    ///
    /// Works while the cluster is written to: each node first holds its recording for a moment and
    /// says how far it has got, then all go on to the furthest of those revisions and digest there.
    /// A node that had to give up its hold in between is asked again, with all others.
    package func verify() async throws(BanderaError) -> ClusterVerification {
        let nodes = try await self.status().nodes
        var round = 1
        while true {
            let verification = await self.compare(nodes)
            let hasPassed = verification.rows.contains { $0.failure?.code == .refused }
            guard hasPassed, round < ClientLimits.verificationRoundsMax else {
                return verification
            }
            round += 1
        }
    }

    private func compare(_ nodes: [NodeStatus]) async -> ClusterVerification {
        let asked = nodes.map { (node: $0, client: self.client(of: $0)) }
        defer { for case (_, .success(let client)) in asked { client.shutdown() } }
        let held = await Self.ask(asked) { (client) throws(BanderaError) in
            try await client.stateHash(.hold).revision
        }
        let revision = held.compactMap { try? $0.get() }.max() ?? .zero
        let digests = await Self.ask(
            zip(asked, held).map { asked, held in (asked.node, held.flatMap { _ in asked.client }) }
        ) { (client) throws(BanderaError) in
            try await client.stateHash(.digest(at: revision)).hash
        }
        let rows = asked.indices.map { index in
            let failure: BanderaError? =
                if case .failure(let error) = digests[index] { error } else { nil }
            return ClusterVerification.Row(
                node: asked[index].node,
                hash: try? digests[index].get(),
                failure: failure
            )
        }
        return ClusterVerification(revision: revision, rows: rows)
    }

    private func client(of node: NodeStatus) -> Result<AdministrationClient, BanderaError> {
        guard let endpoint = Endpoint(node.clientAddress, region: node.region) else {
            let reason = "\"\(node.clientAddress)\" is not an address of a client port"
            return .failure(BanderaError(.invalidConfiguration, reason))
        }
        do throws(BanderaError) {
            return .success(try self.only(endpoint, timeout: ClientLimits.verificationTimeout))
        } catch {
            return .failure(error)
        }
    }

    /// Asks all at once; the answers come in the order of the nodes.
    private static func ask<Answer: Sendable>(
        _ nodes: [(node: NodeStatus, client: Result<AdministrationClient, BanderaError>)],
        _ body: @escaping @Sendable (AdministrationClient) async throws(BanderaError) -> Answer
    ) async -> [Result<Answer, BanderaError>] {
        await withTaskGroup(of: (Int, Result<Answer, BanderaError>).self) { group in
            for (index, asked) in nodes.enumerated() {
                group.addTask {
                    do throws(BanderaError) {
                        return (index, .success(try await body(asked.client.get())))
                    } catch {
                        return (index, .failure(error))
                    }
                }
            }
            var answers: [(Int, Result<Answer, BanderaError>)] = []
            for await answer in group { answers.append(answer) }
            return answers.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }
}
