package import Raft

/// Whose log a folder holds.
///
/// Written once and checked at every open.
package struct LogIdentity: Hashable, Sendable {
    package let cluster: String
    package let node: NodeID

    package init(cluster: String, node: NodeID) {
        precondition(!cluster.isEmpty, "a cluster has a name")
        precondition(
            cluster.utf8.count <= RaftStorageLimits.clusterBytesMax,
            "a cluster's name has at most \(RaftStorageLimits.clusterBytesMax) bytes"
        )
        precondition(node.rawValue > 0, "a node's identity is never 0")
        self.cluster = cluster
        self.node = node
    }
}

extension LogIdentity {
    /// The identity file: text, so that an operator can read whose folder it is.
    var fileBytes: [UInt8] {
        var text = "bandera log\nformat \(SegmentHeader.version)\n"
        text += "node \(self.node.rawValue)\ncluster \(self.cluster)\n"
        let sum = Self.checksum(Array(text.utf8))
        return Array(text.utf8) + Array("checksum \(String(sum, radix: 16))\n".utf8)
    }

    /// The root of the checksum chain, so that no record of another node ever verifies here.
    var fingerprint: UInt64 { Self.checksum(self.fileBytes) }

    /// Compares an identity file with this identity; throws what an operator needs to know.
    func check(file path: String, bytes: [UInt8]) throws(StorageError) {
        if bytes == self.fileBytes { return }
        guard let lastLine = bytes.dropLast().lastIndex(of: UInt8(ascii: "\n")) else {
            throw .corrupt(file: path, offset: 0, "the identity file is damaged")
        }
        let text = Array(bytes[...lastLine])
        let sum = "checksum \(String(Self.checksum(text), radix: 16))\n"
        guard Array(bytes[(lastLine + 1)...]) == Array(sum.utf8) else {
            throw .corrupt(file: path, offset: 0, "the identity file is damaged")
        }
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
        guard lines.count >= 4, lines[1] == "format \(SegmentHeader.version)" else {
            throw StorageError(
                code: .unsupportedFormat,
                message: "\(path) says \"\(lines.count > 1 ? lines[1] : "nothing")\", this program "
                    + "knows format \(SegmentHeader.version): start the version that wrote it"
            )
        }
        throw StorageError(
            code: .foreignFolder,
            message: "\(path) belongs to \(lines[2]) of \(lines[3]), not to node "
                + "\(self.node.rawValue) of cluster \(self.cluster): check the configured data "
                + "folder, node id and cluster name; nothing was changed"
        )
    }

    private static func checksum(_ bytes: [UInt8]) -> UInt64 {
        bytes.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return 0 }
            return Checksum.seal(base, count: bytes.count, seed: 0)
        }
    }
}
