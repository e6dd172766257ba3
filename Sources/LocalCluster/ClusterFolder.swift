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
            self.node(
                UInt64(index + 1),
                region: region,
                ports: (client: ports[index * 2], peer: ports[index * 2 + 1]),
                relayPort: relayPorts?[index]
            )
        }
        for node in nodes { try self.write(node, of: nodes) }
        return nodes
    }

    /// One more node, which waits to be added to the cluster of the others.
    func layOut(
        joining id: UInt64,
        region: String,
        beside others: [LocalNode],
        relayPort: Int?
    ) throws(LocalClusterError) -> LocalNode {
        do throws(TLSError) {
            try self.certificates.issue(.node(id), file: "node-\(id)")
        } catch {
            throw LocalClusterError(.file, "cannot make the certificate of node \(id): \(error)")
        }
        let ports = try LoopbackPorts.draw(2)
        let node = self.node(
            id,
            region: region,
            ports: (client: ports[0], peer: ports[1]),
            relayPort: relayPort
        )
        try self.write(node, of: others + [node], isJoining: true)
        return node
    }

    private func node(
        _ id: UInt64,
        region: String,
        ports: (client: UInt16, peer: UInt16),
        relayPort: Int?
    ) -> LocalNode {
        let folder = "\(self.path)/node-\(id)"
        let peerPort = relayPort ?? Int(ports.peer)
        return LocalNode(
            id: id,
            region: region,
            client: Endpoint(
                host: "127.0.0.1",
                port: Int(ports.client),
                region: region,
                node: id
            ),
            peer: Endpoint(host: "127.0.0.1", port: peerPort, region: region, node: id),
            peerListenPort: Int(ports.peer),
            folder: folder,
            dataFolder: self.configuration.dataFolders[id] ?? "\(folder)/data"
        )
    }

    /// Makes the folders of a node and its configuration file.
    private func write(
        _ node: LocalNode,
        of nodes: [LocalNode],
        isJoining: Bool = false
    ) throws(LocalClusterError) {
        try ScratchFolder.make(node.folder)
        try ScratchFolder.make(node.dataFolder)
        var file = NodeFile(
            node,
            of: nodes,
            cluster: self.configuration.cluster,
            certificates: self.certificates,
            tokens: self.configuration.tokens
        )
        if node.peer.port != node.peerListenPort {
            file.listen = .init(peer: "127.0.0.1:\(node.peerListenPort)")
        }
        if isJoining { file.join = true }
        file.tune(self.configuration.tuning)
        try file.write(to: node.configurationPath)
    }

    /// Removes everything.
    package func remove() { self.folder.remove() }
}
