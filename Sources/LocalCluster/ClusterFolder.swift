internal import BanderaClient
internal import FoundationEssentials
internal import Glibc
internal import TLS

/// The folder of one cluster: certificates, and per node its configuration, log and data.
package struct ClusterFolder: Sendable {
    package let path: String
    package let certificates: ClusterCertificates
    let configuration: LocalClusterConfiguration

    /// Makes the folder and every certificate.
    package init(_ configuration: LocalClusterConfiguration) throws(LocalClusterError) {
        let suffix = String(UInt64.random(in: .min ... .max), radix: 36)
        self.path = "\(configuration.parentFolder)/bandera-\(getpid())-\(suffix)"
        self.configuration = configuration
        try Self.makeFolder("\(self.path)/certificates")
        ProcessReaper.shared.add(folder: self.path)
        do throws(TLSError) {
            self.certificates = try ClusterCertificates(
                cluster: configuration.cluster,
                folder: "\(self.path)/certificates"
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
    package func layOut() throws(LocalClusterError) -> [LocalNode] {
        let regions = self.configuration.regions
        let ports = try LoopbackPorts.draw(regions.count * 2)
        let nodes = regions.enumerated().map { (index, region) in
            let id = UInt64(index + 1)
            let folder = "\(self.path)/node-\(id)"
            return LocalNode(
                id: id,
                region: region,
                client: Endpoint(
                    host: "127.0.0.1",
                    port: Int(ports[index * 2]),
                    region: region,
                    node: id
                ),
                peer: Endpoint(
                    host: "127.0.0.1",
                    port: Int(ports[index * 2 + 1]),
                    region: region,
                    node: id
                ),
                folder: folder,
                dataFolder: self.configuration.dataFolders[id] ?? "\(folder)/data"
            )
        }
        for node in nodes {
            try Self.makeFolder(node.folder)
            try Self.makeFolder(node.dataFolder)
            let file = NodeFile(
                node,
                of: nodes,
                cluster: self.configuration.cluster,
                certificates: self.certificates,
                tokens: self.configuration.tokens
            )
            try file.write(to: node.configurationPath)
        }
        return nodes
    }

    /// Removes everything.
    package func remove() { ProcessReaper.shared.remove(folder: self.path) }

    private static func makeFolder(_ path: String) throws(LocalClusterError) {
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true
            )
        } catch {
            throw LocalClusterError(.file, "cannot make the folder \(path): \(error)")
        }
    }
}
