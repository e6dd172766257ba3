internal import PeerProtocol
internal import Raft
internal import Replica
internal import Wire

/// What the configuration file means for the core and the replica.
extension NodeStart {
    func raftConfiguration(_ recovery: Recovery) throws(NodeError) -> RaftConfiguration {
        let configuration = self.configuration
        let timing = configuration.timing
        let raft = RaftConfiguration(
            id: configuration.node,
            // A node that joins waits until a leader adds it.
            voters: configuration.join ? [] : configuration.members.map(\.id),
            heartbeatInterval: timing.heartbeat,
            electionTimeoutMin: timing.electionMin,
            electionTimeoutMax: timing.electionMax,
            electionDelay: self.directory(recovery).electionDelay(of: configuration.node),
            leaseDuration: configuration.reads.leaseMilliseconds,
            clockDriftPermille: configuration.reads.clockDriftPermille,
            storageStallMax: max(NodeLimits.storageStallMilliseconds, timing.electionMax),
            seed: UInt64.random(in: 1...UInt64.max)
        )
        do throws(RaftError) {
            return try raft.validated()
        } catch {
            throw NodeError(.configuration, "configuration: \(error)")
        }
    }

    func replicaConfiguration(
        _ recovery: Recovery,
        incarnation: UInt64
    ) -> ReplicaConfiguration {
        var local = self.configuration.local
        local.diskID = recovery.diskID
        var replica =
            self.configuration.join
            ? ReplicaConfiguration(
                joining: local,
                peers: self.configuration.members.filter { $0.id != local.id },
                incarnation: incarnation
            )
            : ReplicaConfiguration(
                members: self.configuration.members,
                local: local.id,
                incarnation: incarnation,
                diskID: recovery.diskID
            )
        replica.compaction = self.configuration.compaction
        replica.snapshotBytesPerSecond = self.configuration.snapshotBytesPerSecond
        replica.partialSnapshot = recovery.partial
        return replica
    }

    /// Who is who by the log, or else by the configuration.
    private func directory(_ recovery: Recovery) -> Directory {
        guard let newest = recovery.log.memberships.last, !newest.context.isEmpty,
            let directory = try? Directory.decode(newest.context)
        else { return Directory(members: self.configuration.members) }
        return directory
    }
}
