internal import ArgumentParser
internal import Glibc
internal import Logging
internal import Node
internal import ServiceLifecycle
internal import UnixSignals

/// `bandera node`.
struct NodeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "node",
        abstract: "Runs one node of a cluster until it is told to stop (SIGTERM or SIGINT).",
        discussion: """
            The configuration is a JSON file:

              {"cluster": "acme-flags", "node": 1, "data": "data",
               "members": [{"id": 1, "region": "MX", "peer": "10.0.0.1:7101",
                            "client": "10.0.0.1:7001"}, …],
               "tls": {"ca": "ca.pem", "certificate": "node-1.pem", "key": "node-1-key.pem"}}

            and may say "zone", "name" and "priority" per member, "join" (true: wait to be added \
            to a cluster that runs), "priorities" by region, "tokens", "timing" (heartbeat_ms, \
            election_ms_min, election_ms_max), "reads" (lease_ms, clock_drift_permille), \
            "compaction" (tail_entries, tail_bytes, step_entries, step_bytes), "snapshots" \
            (bytes_per_second), "listen" (peer, client) and "client_threads". Relative paths start \
            at the file's folder. Members count until the log says who belongs to the cluster. \
            Logs go to standard error.
            """
    )

    @Option(help: "The configuration file.")
    var config: String

    @Flag(
        help: ArgumentHelp(
            "Make an empty data folder that of a new cluster's node.",
            discussion: "Without it an empty folder is refused: a node that lost its disk must not "
                + "found the cluster anew."
        )
    )
    var initialize = false

    @Option(help: "What to log: trace, debug, info, notice, warning, error or critical.")
    var logLevel: String = "notice"

    func run() async throws {
        guard let level = Logger.Level(rawValue: self.logLevel) else {
            throw CommandFailure.usage(Texts.badLogLevel(self.logLevel))
        }
        OpenFiles.raiseLimit()
        var logger = Logger(label: "bandera", factory: StreamLogHandler.standardError(label:))
        logger.logLevel = level
        let node: Node
        do {
            node = try await Node.start(
                NodeConfiguration.load(path: self.config),
                mayInitialize: self.initialize,
                logger: logger
            )
        } catch let error as NodeError {
            throw CommandFailure(.failed, error.message)
        }
        logger.notice(
            "node serves",
            metadata: [
                "node": "\(node.id)",
                "client_port": "\(node.clientPort)", "peer_port": "\(node.peerPort)",
            ]
        )
        do {
            // A node that was removed from its cluster ends by itself, as it should.
            let service = ServiceGroupConfiguration.ServiceConfiguration(
                service: NodeService(node: node),
                successTerminationBehavior: .gracefullyShutdownGroup
            )
            try await ServiceGroup(
                configuration: ServiceGroupConfiguration(
                    services: [service],
                    gracefulShutdownSignals: [.sigterm, .sigint],
                    logger: logger
                )
            ).run()
        } catch let error as NodeError {
            throw CommandFailure(.failed, error.message)
        }
    }
}

/// A node under the service group, which turns signals into graceful shutdown.
struct NodeService: Service {
    let node: Node

    func run() async throws { try await self.node.run() }
}

/// How many files this process may have open.
enum OpenFiles {
    /// Raises the soft limit to the hard one: every connection is a file.
    static func raiseLimit() {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            return
        }
        limit.rlim_cur = limit.rlim_max
        unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
