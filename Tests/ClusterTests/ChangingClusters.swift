import BanderaClient
import ClientProtocol
import Flags
import FoundationEssentials
import LocalCluster
import Testing

extension LocalCluster {
    /// Starts a new node and adds it, as an operator does, and waits until it has everything.
    func join(_ id: UInt64, region: String, _ program: Program) async throws {
        let node = try await self.prepareNode(id, region: region)
        try self.start(id)
        try await program.succeed(
            "cluster",
            "add",
            "--id",
            "\(id)",
            "--region",
            region,
            "--peer-address",
            node.peer.address,
            "--client-address",
            node.client.address
        )
        self.joined(id)
        let leader = try await self.leader(within: .seconds(20))
        let applied = await self.status(from: leader)?.nodes.first { $0.id == leader }?.applied
        try await self.caughtUp(id, to: Revision(try #require(applied)))
    }

    /// Promotes a learner, which under load may be a little behind at any moment.
    func promote(_ id: UInt64, _ program: Program) async throws {
        var last: CommandOutcome?
        for _ in 1...20 {
            let outcome = try await program.outcome(["cluster", "promote", "\(id)"])
            if outcome.code == 0 { return }
            last = outcome
        }
        Issue.record("node \(id) was not promoted: \(last?.error ?? "")")
    }

    /// Waits until a node is, or is no longer, a learner as the cluster's status says.
    func waitUntilLearner(
        _ isLearner: Bool,
        _ id: UInt64,
        by client: AdministrationClient
    ) async throws {
        try await Patience.wait(.seconds(10), for: "node \(id): learner is \(isLearner)") {
            () async -> Void? in
            let node = try? await client.status().nodes.first { $0.id == id }
            guard let role = node?.role, role != .unknown else { return nil }
            return (role == .learner) == isLearner ? () : nil
        }
    }

    /// Waits until a node has written something to its log.
    func waitForLog(of id: UInt64, _ words: String) async throws {
        try await Patience.wait(.seconds(30), for: "\"\(words)\" in the log of node \(id)") {
            self.log(of: id).contains(words) ? () : nil
        }
    }

    /// Waits until every node sees all others.
    func waitUntilAllAreHealthy() async throws {
        let nodes = self.nodes
        try await Patience.wait(.seconds(20), for: "all nodes to see each other") {
            () async -> Void? in
            for node in nodes {
                guard let status = await self.status(from: node.id),
                    status.nodes.allSatisfy({ $0.health == .healthy })
                else { return nil }
            }
            return ()
        }
    }
}

/// The files of a node that does not run.
enum LogFile {
    /// Flips bits in the middle of what was written to the log.
    static func damageTheMiddle(in dataFolder: String) throws {
        let folder = "\(dataFolder)/log"
        let files = try FileManager.default.contentsOfDirectory(atPath: folder)
        let segments = files.filter { !$0.contains("lock") && !$0.contains("identity") }.sorted()
        for name in segments {
            let url = URL(filePath: "\(folder)/\(name)")
            var bytes = try Data(contentsOf: url)
            guard let end = bytes.lastIndex(where: { $0 != 0 }), end > 4_096 else { continue }
            for offset in (end / 2)..<(end / 2 + 64) { bytes[offset] ^= 0xff }
            try bytes.write(to: url)
            return
        }
        Issue.record("\(folder) holds no log: \(files)")
    }

    /// Leaves an empty folder, as a new disk would.
    static func wipe(_ folder: String) throws {
        try FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: false
        )
    }
}
