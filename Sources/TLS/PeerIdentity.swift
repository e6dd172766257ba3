/// Who a certificate says its holder is: the one SPIFFE ID in its subject alternative names.
///
/// The forms are `spiffe://<cluster>/node/<id>`, `/operator/<name>` and
/// `/sdk/<organization>/<environment>`; anything else is refused.
package struct PeerIdentity: Hashable, Sendable {
    /// The role and name within the cluster.
    package enum Name: Hashable, Sendable {
        case node(UInt64)
        case `operator`(String)
        case sdk(organization: String, environment: String)
    }

    /// The trust domain.
    package let cluster: String
    package let name: Name

    package var isNode: Bool {
        if case .node = self.name { return true }
        return false
    }

    /// Makes the identity of `name` in `cluster`, checked like one that came from a certificate.
    package init(cluster: String, name: Name) throws(TLSError) {
        try self.init(uri: Self.uri(cluster: cluster, name: name))
    }

    /// Parses a SPIFFE ID strictly (SPIFFE-ID, section 2): lower-case trust domain, no port,
    /// user, query, fragment or percent sign; no empty, `.` or `..` segment; no trailing slash.
    package init(uri: String) throws(TLSError) {
        let bytes = Array(uri.utf8)
        let scheme = Array("spiffe://".utf8)
        guard bytes.count <= TLSLimits.identityBytesMax else {
            throw Self.refused("a name of \(bytes.count) bytes", "it is too long")
        }
        guard bytes.starts(with: scheme) else {
            throw Self.refused(uri, "it does not start with spiffe://")
        }
        let parts = bytes.dropFirst(scheme.count)
            .split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard let domain = parts.first, Self.isTrustDomain(domain) else {
            throw Self.refused(
                uri,
                "its cluster must be 1 to \(TLSLimits.clusterBytesMax) of a-z, 0-9, '.', '-', '_'"
            )
        }
        let segments = parts.dropFirst()
        guard segments.allSatisfy({ Self.isSegment($0) }) else {
            throw Self.refused(
                uri,
                "its path must be segments of letters, digits, '.', '-', '_', without . or .."
            )
        }
        let words = segments.map { String(decoding: $0, as: UTF8.self) }
        guard let name = Self.name(of: words) else {
            throw Self.refused(
                uri,
                "its path must be /node/<id>, /operator/<name> or /sdk/<organization>/<environment>"
            )
        }
        self.cluster = String(decoding: domain, as: UTF8.self)
        self.name = name
    }

    /// The SPIFFE ID.
    package var uri: String { Self.uri(cluster: self.cluster, name: self.name) }

    private static func uri(cluster: String, name: Name) -> String {
        switch name {
        case .node(let id): return "spiffe://\(cluster)/node/\(id)"
        case .operator(let name): return "spiffe://\(cluster)/operator/\(name)"
        case .sdk(let organization, let environment):
            return "spiffe://\(cluster)/sdk/\(organization)/\(environment)"
        }
    }

    private static func name(of words: [String]) -> Name? {
        switch (words.first, words.count) {
        case ("node", 2):
            // One spelling per node: no sign, no leading zero, and 0 is nobody's id.
            guard let id = UInt64(words[1]), id > 0, String(id) == words[1] else { return nil }
            return .node(id)
        case ("operator", 2):
            return .operator(words[1])
        case ("sdk", 3):
            return .sdk(organization: words[1], environment: words[2])
        default:
            return nil
        }
    }

    private static func isTrustDomain(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard !bytes.isEmpty, bytes.count <= TLSLimits.clusterBytesMax else { return false }
        return bytes.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
                return true
            default:
                return false
            }
        }
    }

    private static func isSegment(_ bytes: ArraySlice<UInt8>) -> Bool {
        if bytes.isEmpty || bytes.elementsEqual([0x2e]) || bytes.elementsEqual([0x2e, 0x2e]) {
            return false
        }
        return bytes.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
                return true
            default:
                return false
            }
        }
    }

    private static func refused(_ name: String, _ reason: String) -> TLSError {
        TLSError(
            .identity,
            "'\(name)' is not a usable SPIFFE ID: \(reason); issue a new certificate with "
                + "'bandera certificates issue'"
        )
    }
}

extension PeerIdentity: CustomStringConvertible {
    package var description: String { self.uri }
}
