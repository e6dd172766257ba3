internal import ArgumentParser
internal import BanderaClient
internal import LocalCluster
internal import Logging
internal import Node
internal import ServiceLifecycle
internal import UnixSignals

/// `bandera demo`.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Runs a cluster of three nodes in three regions in this process, until Ctrl-C.",
        discussion: """
            Everything is real: TLS, sockets, fsync. Certificates and data are in a temporary \
            folder that is removed at the end.
            """
    )

    @Option(help: "The regions, one node in each.")
    var regions: String = "MX,CO,AR"

    func run() async throws {
        let regions = self.regions.split(separator: ",").map(String.init)
        guard (1...9).contains(regions.count) else {
            throw CommandFailure.usage(Texts.badDemoRegions(self.regions))
        }
        OpenFiles.raiseLimit()
        var logger = Logger(label: "bandera", factory: StreamLogHandler.standardError(label:))
        logger.logLevel = .warning
        let folder = try ClusterFolder(LocalClusterConfiguration(cluster: "demo", regions: regions))
        defer { folder.remove() }
        let places = try folder.layOut()
        var nodes: [Node] = []
        for place in places {
            let configuration = try NodeConfiguration.load(path: place.configurationPath)
            nodes.append(try await Node.start(configuration, mayInitialize: true, logger: logger))
        }
        let access = ClusterAccess(
            endpoints: places.map(\.client),
            credentials: folder.certificates.credentials("operator"),
            cluster: "demo"
        )
        let client = try access.client()
        _ = try await ExampleTenant.load(into: client)
        client.shutdown()
        StandardStreams.output(
            Texts.demoIsUp(
                endpoints: places.map(\.client.address),
                regions: regions,
                certificates: folder.certificates.folder
            )
        )
        try await ServiceGroup(
            services: nodes.map { NodeService(node: $0) },
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        ).run()
    }
}
