internal import BanderaClient
package import ClientProtocol

extension LocalCluster {
    /// Starts one more node and adds it as a learner.
    package func addNode(
        region: String,
        within limit: Duration = LocalClusterLimits.membershipTimeout
    ) async throws(LocalClusterError) -> LocalNode {
        let node = try await self.prepareNode(self.unusedID(), region: region)
        try self.start(node.id)
        let member = ClusterMember(
            id: node.id,
            name: "node-\(node.id)",
            region: node.region,
            zone: "",
            peerAddress: node.peer.address,
            clientAddress: node.client.address
        )
        try await self.administer(.add(member), within: limit)
        self.joined(node.id)
        return node
    }

    /// Takes a node out of the cluster for good, and ends it.
    package func removeNode(
        _ id: UInt64,
        within limit: Duration = LocalClusterLimits.membershipTimeout
    ) async throws(LocalClusterError) {
        try await self.administer(.remove(id), within: limit)
        try await self.kill(id)
        self.forget(id)
    }

    /// Changes the cluster, asking again until it is done: a learner may have to catch up first,
    /// another change may have to be committed, or a leader to be elected.
    package func administer(
        _ action: ClusterAction,
        within limit: Duration = LocalClusterLimits.membershipTimeout
    ) async throws(LocalClusterError) {
        var refusal = "nobody was asked"
        let client: AdministrationClient
        do throws(BanderaError) {
            client = try self.access.client(timeout: LocalClusterLimits.administrationTimeout)
        } catch {
            throw LocalClusterError(.process, "cannot ask the cluster: \(error)")
        }
        defer { client.shutdown() }
        do throws(LocalClusterError) {
            try await Patience.wait(limit, for: "\(action)") {
                () async throws(LocalClusterError) -> Void? in
                do throws(BanderaError) {
                    _ = try await client.administer(action)
                    return ()
                } catch {
                    refusal = "\(error)"
                    return nil
                }
            }
        } catch {
            throw LocalClusterError(error.code, "\(error.message): \(refusal)")
        }
    }
}
