internal import BanderaClient
package import ClientProtocol
package import Flags

extension LocalCluster {
    /// What one node says about the cluster; `nil` when it does not answer.
    package func status(from id: UInt64) async -> StatusResponse? {
        guard let client = try? self.client(of: id) else { return nil }
        return try? await client.status()
    }

    /// The leader, once every running node names the same one.
    package func leader(within limit: Duration) async throws(LocalClusterError) -> UInt64 {
        try await Patience.wait(limit, for: "a leader that all running nodes follow") {
            () async throws(LocalClusterError) -> UInt64? in
            try self.checkProcesses()
            var leaders: Set<UInt64> = []
            for node in self.nodes where !self.isOwned || self.isRunning(node.id) {
                guard let leader = await self.status(from: node.id)?.leader else { return nil }
                leaders.insert(leader)
            }
            guard leaders.count == 1, let leader = leaders.first else { return nil }
            // A leader that was just killed is still named until its followers notice.
            return !self.isOwned || self.isRunning(leader) ? leader : nil
        }
    }

    /// Waits until a node has applied `revision`.
    package func caughtUp(
        _ id: UInt64,
        to revision: Revision,
        within limit: Duration = LocalClusterLimits.catchUpTimeout
    ) async throws(LocalClusterError) {
        try await Patience.wait(limit, for: "revision \(revision) on node \(id)") {
            () async throws(LocalClusterError) -> Void? in
            try self.checkProcesses()
            guard let status = await self.status(from: id) else { return nil }
            let own = status.nodes.first { $0.id == status.answeredBy }
            return (own?.applied ?? 0) >= revision.rawValue ? () : nil
        }
    }

    /// Throws when a node that nobody stopped has ended by itself: waiting on would be in vain.
    private func checkProcesses() throws(LocalClusterError) {
        guard self.isOwned else { return }
        for node in self.nodes {
            guard let process = try? self.process(node.id), case .exited(let code)? = process.exit,
                code != 0
            else { continue }
            throw LocalClusterError(
                .process,
                "node \(node.id) ended by itself with exit code \(code)"
            )
        }
    }
}
