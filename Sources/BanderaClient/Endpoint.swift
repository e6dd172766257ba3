/// Where a node listens for clients, and what is known of it before it was ever reached.
public struct Endpoint: Hashable, Sendable {
    /// A host name or an address; an IPv6 address without its brackets.
    public let host: String
    /// The client port, 1 through 65,535.
    public let port: Int
    /// The node's region.
    ///
    /// Empty while unknown: the topology tells it after the first connection.
    public var region: String
    /// The node's id, when it is known.
    public var node: UInt64?

    /// An endpoint whose parts are known to be well formed.
    public init(host: String, port: Int, region: String = "", node: UInt64? = nil) {
        self.host = host
        self.port = port
        self.region = region
        self.node = node
    }

    /// Reads `host:port` or `[address]:port`; `nil` when `text` is neither.
    public init?(_ text: String, region: String = "") {
        guard let colon = text.lastIndex(of: ":"), colon != text.startIndex else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("[") {
            guard host.hasSuffix("]") else { return nil }
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        let digits = text[text.index(after: colon)...]
        guard !host.isEmpty, !host.contains(where: \.isWhitespace),
            digits.allSatisfy({ $0.isASCII && $0.isNumber }),
            let port = Int(digits), (1...65_535).contains(port)
        else { return nil }
        self.init(host: String(host), port: port, region: region)
    }

    /// The identity of the endpoint: `host:port`.
    public var address: String {
        self.host.contains(":") ? "[\(self.host)]:\(self.port)" : "\(self.host):\(self.port)"
    }
}

extension Endpoint: CustomStringConvertible {
    /// `host:port`, with the region when it is known.
    public var description: String {
        self.region.isEmpty ? self.address : "\(self.address) (\(self.region))"
    }
}
