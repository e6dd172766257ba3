internal import BanderaClient
internal import ClientProtocol
internal import Flags
internal import LocalCluster

/// Looks on every node for every write that was acknowledged.
struct FailoverReadback {
    let cluster: LocalCluster

    /// How many of the writes are missing on some node, or are there with another revision.
    func lost(of writes: [AcknowledgedWrite]) async throws -> Int {
        guard let last = writes.map(\.revision).max() else { return 0 }
        var lost: Set<UInt64> = []
        var byEnvironment: [EnvironmentID: [AcknowledgedWrite]] = [:]
        for write in writes {
            byEnvironment[FailoverKey.environment(write.number), default: []].append(write)
        }
        for node in self.cluster.nodes {
            try await self.cluster.caughtUp(node.id, to: last)
            let client = try self.cluster.access(to: node.id).client(timeout: .seconds(20))
            defer { client.shutdown() }
            for (environment, writes) in byEnvironment {
                let found = try await self.revisions(in: environment, client)
                for write in writes where found[FailoverKey.key(write.number)] != write.revision {
                    lost.insert(write.number)
                }
            }
        }
        return lost.count
    }

    /// The revision that created each flag, from the snapshot that a watch begins with.
    private func revisions(
        in environment: EnvironmentID,
        _ client: AdministrationClient
    ) async throws -> [FlagKey: Revision] {
        var revisions: [FlagKey: Revision] = [:]
        for try await event in try await client.watch(WatchRequest(environment: environment)) {
            guard case .snapshot(let part) = event else { continue }
            for flag in part.flags { revisions[flag.key] = flag.createdRevision }
            if part.isLast { return revisions }
        }
        throw BenchError("the snapshot of \(environment) ended early")
    }
}
