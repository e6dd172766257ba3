internal import FoundationEssentials
package import PeerProtocol
package import Raft
package import Replica

/// What a node's configuration file says.
///
/// JSON; every key is listed in `Key`, others are refused.
package struct NodeConfiguration: Sendable {
    /// Where certificates and the key lie, in PEM.
    package struct Credentials: Sendable, Equatable {
        package var authority: String
        package var certificate: String
        package var key: String

        package init(authority: String, certificate: String, key: String) {
            self.authority = authority
            self.certificate = certificate
            self.key = key
        }
    }

    /// A bearer token that the client port accepts in place of a certificate.
    package struct Token: Sendable, Equatable {
        /// Lower-case hexadecimal SHA-256 of the token: the token itself is nowhere on the node.
        package var sha256: String
        /// The identity it stands for, such as `spiffe://acme-flags/sdk/acme/production`.
        package var identity: String

        package init(sha256: String, identity: String) {
            self.sha256 = sha256
            self.identity = identity
        }
    }

    /// How quickly a dead leader is noticed, in milliseconds.
    package struct Timing: Sendable, Equatable {
        package var heartbeat: UInt64 = 30
        package var electionMin: UInt64 = 150
        package var electionMax: UInt64 = 300

        package init() {}
    }

    /// How linearizable reads find out what is newest.
    package struct Reads: Sendable, Equatable {
        /// How long a node that answered a heartbeat elects nobody else, in milliseconds; 0 asks a
        /// majority for each round of reads instead.
        ///
        /// The same on all nodes. A dead leader is replaced only after it.
        package var leaseMilliseconds: UInt64 = 0
        /// By how many thousandths the clocks of two nodes may differ in speed.
        package var clockDriftPermille: UInt64 = 50

        package init() {}
    }

    /// Where the listeners are, when that is not where the others reach them: behind an address
    /// translation, in a container, or in a test that puts something in between.
    package struct Listen: Sendable, Equatable {
        package var peer: String?
        package var client: String?

        package init(peer: String? = nil, client: String? = nil) {
            self.peer = peer
            self.client = client
        }
    }

    package var cluster: String
    package var node: NodeID
    /// Whether the node waits to be added to a cluster that runs, instead of founding one.
    package var join = false
    /// The folder of the log and the record store.
    package var data: String
    /// Who founds the cluster, or where one that runs is found.
    ///
    /// It counts until the log says who belongs to the cluster.
    package var members: [Member]
    package var credentials: Credentials
    package var tokens: [Token]
    package var timing: Timing
    package var reads = Reads()
    /// How much of the log is kept for nodes that are behind.
    package var compaction = CompactionPolicy()
    /// How many bytes of snapshots the node makes and sends in a second.
    package var snapshotBytesPerSecond = ReplicaLimits.snapshotBytesPerSecond
    package var listen = Listen()
    /// Threads that serve clients.
    ///
    /// With 0 the consensus loop serves them: the shortest way for a write on a small machine, but a
    /// fan-out to many thousands of watches then delays heartbeats.
    package var clientThreads: Int

    package init(
        cluster: String,
        node: NodeID,
        data: String,
        members: [Member],
        credentials: Credentials,
        tokens: [Token] = [],
        timing: Timing = Timing(),
        clientThreads: Int = 1
    ) {
        self.cluster = cluster
        self.node = node
        self.data = data
        self.members = members
        self.credentials = credentials
        self.tokens = tokens
        self.timing = timing
        self.clientThreads = clientThreads
    }

    /// This node's own entry.
    ///
    /// The configuration must have been validated.
    package var local: Member {
        guard let member = self.members.first(where: { $0.id == self.node }) else {
            preconditionFailure("the configuration was not validated")
        }
        return member
    }
}

// MARK: - Validation

extension NodeConfiguration {
    /// The same configuration, or an error that names the first thing wrong with it.
    package func validated() throws(NodeError) -> NodeConfiguration {
        try Self.require(!self.cluster.isEmpty, "\"cluster\" must not be empty")
        try Self.require(!self.data.isEmpty, "\"data\" must name a folder")
        try Self.require(
            (1...NodeLimits.membersMax).contains(self.members.count),
            "\"members\" must list between 1 and \(NodeLimits.membersMax) nodes"
        )
        let ids = self.members.map(\.id)
        try Self.require(!ids.contains(NodeID(0)), "a member's \"id\" must not be 0")
        for id in ids where ids.count(where: { $0 == id }) > 1 {
            throw NodeError(
                .configuration,
                "\"members\" lists the id \(id.rawValue) twice: ids are unique"
            )
        }
        try Self.require(
            ids.contains(self.node),
            "\"node\" is \(self.node.rawValue), but no member has that id"
        )
        let addresses = self.members.flatMap { [$0.peerAddress, $0.clientAddress] }
        for address in addresses {
            try Self.require(
                SocketEndpoint(address) != nil,
                "\"\(address)\" is not an address: write host:port with a port from 1 to 65535"
            )
            try Self.require(
                addresses.count(where: { $0 == address }) == 1,
                "the address \(address) is used twice: every listener needs its own"
            )
        }
        for address in [self.listen.peer, self.listen.client].compactMap(\.self) {
            try Self.require(
                SocketEndpoint(address) != nil,
                "\"listen\": \"\(address)\" is not an address: write host:port"
            )
        }
        try Self.require(
            (0...64).contains(self.clientThreads),
            "\"client_threads\" must be from 0 to 64"
        )
        try Self.require(
            self.reads.leaseMilliseconds < self.timing.electionMin,
            "\"reads.lease_ms\" must be less than \"timing.election_ms_min\""
        )
        try Self.require(
            self.reads.clockDriftPermille < 1_000,
            "\"reads.clock_drift_permille\" must be less than 1000"
        )
        try Self.require(
            self.snapshotBytesPerSecond >= NodeLimits.snapshotBytesPerSecondMin,
            "\"snapshots.bytes_per_second\" must be at least "
                + "\(NodeLimits.snapshotBytesPerSecondMin)"
        )
        for token in self.tokens {
            try Self.require(
                token.sha256.count == 64 && token.sha256.allSatisfy(\.isHexDigit),
                "a token's \"sha256\" must be 64 hexadecimal digits"
            )
        }
        return self
    }

    private static func require(_ holds: Bool, _ message: String) throws(NodeError) {
        guard holds else { throw NodeError(.configuration, "configuration: \(message)") }
    }
}

/// A `host:port` pair.
package struct SocketEndpoint: Hashable, Sendable {
    package let host: String
    package let port: Int

    /// `nil` unless the text is `host:port` with a port from 1 to 65535.
    ///
    /// IPv6 hosts are bracketed.
    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"),
            let port = Int(text[text.index(after: colon)...]), (1...65_535).contains(port)
        else { return nil }
        var host = text[..<colon]
        if host.first == "[", host.last == "]" { host = host.dropFirst().dropLast() }
        guard !host.isEmpty else { return nil }
        self.host = String(host)
        self.port = port
    }
}
