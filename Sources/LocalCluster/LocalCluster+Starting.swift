internal import BanderaClient
internal import FoundationEssentials
internal import Glibc

/// Starts a cluster, hands it to `body`, and takes everything away again, whatever happened.
///
/// When `body` throws, the end of every node's log is written to standard error first.
package func withLocalCluster<Success>(
    _ configuration: LocalClusterConfiguration = LocalClusterConfiguration(),
    _ body: (LocalCluster) async throws -> Success
) async throws -> Success {
    let cluster = try await LocalCluster.start(configuration)
    do {
        let success = try await body(cluster)
        await cluster.destroy()
        return success
    } catch {
        StandardError.write(cluster.logTails())
        await cluster.destroy()
        throw error
    }
}

extension LocalCluster {
    /// Makes the folder, starts the processes and waits for a leader that all of them follow.
    package static func start(
        _ configuration: LocalClusterConfiguration
    ) async throws(LocalClusterError) -> LocalCluster {
        let executable = try BanderaExecutable.locate(configuration.executable)
        let folder = try ClusterFolder(configuration)
        let relays = configuration.relaysPeers ? try await PeerRelays.open() : nil
        var attempt = 1
        while true {
            let cluster: LocalCluster
            do throws(LocalClusterError) {
                cluster = try await Self.launch(in: folder, relays: relays, executable: executable)
            } catch {
                await relays?.close()
                folder.remove()
                throw error
            }
            do throws(LocalClusterError) {
                _ = try await cluster.leader(within: LocalClusterLimits.electionTimeout)
                return cluster
            } catch {
                let logs = cluster.logTails()
                let isPortTaken = logs.contains("in use")
                guard isPortTaken, attempt < LocalClusterLimits.startAttemptsMax else {
                    await cluster.destroy()
                    throw LocalClusterError(error.code, "\(error.message)\n\(logs)")
                }
                await cluster.endProcesses()
            }
            attempt += 1
        }
    }

    private static func launch(
        in folder: ClusterFolder,
        relays: PeerRelays?,
        executable: String
    ) async throws(LocalClusterError) -> LocalCluster {
        var relayPorts: [Int]?
        if let relays {
            var ports: [Int] = []
            for id in 1...UInt64(folder.configuration.regions.count) {
                ports.append(try await relays.listen(for: id))
            }
            relayPorts = ports
        }
        let nodes = try folder.layOut(relayPorts: relayPorts)
        for node in nodes { relays?.forward(node.id, to: node.peerListenPort) }
        let cluster = LocalCluster(
            nodes: nodes,
            access: ClusterAccess(
                endpoints: nodes.map(\.client),
                credentials: folder.certificates.credentials("operator"),
                cluster: folder.configuration.cluster
            ),
            folder: folder,
            relays: relays,
            executable: executable
        )
        for node in nodes { try cluster.start(node.id) }
        return cluster
    }

    private func endProcesses() async {
        for node in self.nodes { try? await self.kill(node.id) }
    }

    /// The end of what each node wrote, with a heading per node.
    package func logTails() -> String {
        self.nodes.map { node in
            let bytes = (try? Data(contentsOf: URL(filePath: node.logPath))) ?? Data()
            let tail = String(
                decoding: bytes.suffix(LocalClusterLimits.logTailBytes),
                as: UTF8.self
            )
            return "--- node \(node.id) (\(node.logPath), \(bytes.count) bytes)\n\(tail)\n"
        }.joined()
    }
}
