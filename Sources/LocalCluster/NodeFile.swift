internal import BanderaClient
internal import FoundationEssentials

/// A node's configuration file, as `bandera node --config` reads it.
package struct NodeFile: Codable, Sendable {
    /// One node of the cluster.
    package struct Member: Codable, Sendable {
        package var id: UInt64
        package var name: String
        package var region: String
        package var peer: String
        package var client: String
    }

    /// Where the node's certificate lies.
    package struct Certificates: Codable, Sendable {
        package var ca: String
        package var certificate: String
        package var key: String
    }

    /// A bearer token of the client port.
    package struct Token: Codable, Sendable {
        package var sha256: String
        package var identity: String
    }

    /// Where the node listens, when its members' addresses are others.
    package struct Listen: Codable, Sendable {
        package var peer: String?
        package var client: String?

        package init(peer: String? = nil, client: String? = nil) {
            self.peer = peer
            self.client = client
        }
    }

    package var cluster: String
    package var node: UInt64
    package var data: String
    package var members: [Member]
    package var tls: Certificates
    package var tokens: [Token]
    package var listen: Listen?
    package var join: Bool?
    package var reads: [String: UInt64]?
    package var snapshots: [String: UInt64]?
    package var compaction: [String: UInt64]?

    init(
        _ node: LocalNode,
        of nodes: [LocalNode],
        cluster: String,
        certificates: ClusterCertificates,
        tokens: [LocalClusterConfiguration.Token]
    ) {
        self.cluster = cluster
        self.node = node.id
        self.data = node.dataFolder
        self.members = nodes.map { member in
            Member(
                id: member.id,
                name: "node-\(member.id)",
                region: member.region,
                peer: member.peer.address,
                client: member.client.address
            )
        }
        self.tls = Certificates(
            ca: certificates.authorityPath,
            certificate: certificates.certificatePath("node-\(node.id)"),
            key: certificates.keyPath("node-\(node.id)")
        )
        self.tokens = tokens.map { Token(sha256: $0.sha256, identity: $0.identity) }
    }

    /// Sets what a cluster may be tuned by.
    mutating func tune(_ tuning: LocalClusterConfiguration.Tuning) {
        self.reads = tuning.reads
        self.snapshots = tuning.snapshots
        self.compaction = tuning.compaction
    }

    /// Reads what `write(to:)` wrote, to change it.
    package static func read(_ path: String) throws(LocalClusterError) -> NodeFile {
        do {
            return try JSONDecoder().decode(
                NodeFile.self,
                from: Data(contentsOf: URL(filePath: path))
            )
        } catch {
            throw LocalClusterError(.file, "cannot read \(path): \(error)")
        }
    }

    /// Writes the file, replacing what was there.
    package func write(to path: String) throws(LocalClusterError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            try encoder.encode(self).write(to: URL(filePath: path))
        } catch {
            throw LocalClusterError(.file, "cannot write \(path): \(error)")
        }
    }
}
