internal import BanderaClient
internal import TLS

/// The folder of one cluster: certificates, and per node its configuration, log and data.
package struct ClusterFolder: Sendable {
    private let folder: ScratchFolder
    package let certificates: ClusterCertificates
    let configuration: LocalClusterConfiguration

    /// Where everything of the cluster is.
    package var path: String { self.folder.path }

    /// Makes the folder and every certificate.
    package init(_ configuration: LocalClusterConfiguration) throws(LocalClusterError) {
        self.configuration = configuration
        self.folder = try ScratchFolder(under: configuration.parentFolder)
        let certificatesPath = "\(self.folder.path)/certificates"
        try ScratchFolder.make(certificatesPath)
        do throws(TLSError) {
            self.certificates = try ClusterCertificates(
                cluster: configuration.cluster,
                folder: certificatesPath
            )
            for id in 1...UInt64(configuration.regions.count) {
                try self.certificates.issue(.node(id), file: "node-\(id)")
            }
            try self.certificates.issue(.operator("operator"), file: "operator")
            try self.certificates.issue(
                .sdk(
                    organization: configuration.environment.organization,
                    environment: configuration.environment.environment
                ),
                file: "sdk"
            )
        } catch {
            throw LocalClusterError(.file, "cannot make certificates: \(error)")
        }
    }

    /// The nodes with freshly drawn ports; their configuration files are written.
    ///
    /// With `relayPorts`, one per node, nodes reach each other there.
    package func layOut(
        relayPorts: [Int]? = nil
    ) throws(LocalClusterError) -> [LocalNode] {
        let regions = self.configuration.regions
        let ports = try LoopbackPorts.draw(regions.count * 2)
        let nodes = regions.enumerated().map { (index, region) in
            let id = UInt64(index + 1)
            let folder = "\(self.path)/node-\(id)"
            let listenPort = Int(ports[index * 2 + 1])
            let peerPort = relayPorts?[index] ?? listenPort
            return LocalNode(
                id: id,
                region: region,
                client: Endpoint(
                    host: "127.0.0.1",
                    port: Int(ports[index * 2]),
                    region: region,
                    node: id
                ),
                peer: Endpoint(host: "127.0.0.1", port: peerPort, region: region, node: id),
                peerListenPort: listenPort,
                folder: folder,
                dataFolder: self.configuration.dataFolders[id] ?? "\(folder)/data"
            )
        }
        for node in nodes {
            try ScratchFolder.make(node.folder)
            try ScratchFolder.make(node.dataFolder)
            var file = NodeFile(
                node,
                of: nodes,
                cluster: self.configuration.cluster,
                certificates: self.certificates,
                tokens: self.configuration.tokens
            )
            if relayPorts != nil { file.listen = .init(peer: "127.0.0.1:\(node.peerListenPort)") }
            try file.write(to: node.configurationPath)
        }
        return nodes
    }

    /// Removes everything.
    package func remove() { self.folder.remove() }
}
