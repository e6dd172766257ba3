internal import FoundationEssentials
internal import PeerProtocol
internal import Raft
internal import Replica

extension NodeConfiguration {
    /// Reads and validates a configuration file.
    ///
    /// Relative paths in it start at its folder.
    package static func load(path: String) throws(NodeError) -> NodeConfiguration {
        let contents: Data
        do {
            contents = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw NodeError(
                .configuration,
                "cannot read the configuration \(path): \(error); check the path"
            )
        }
        guard contents.count <= NodeLimits.configurationBytesMax else {
            throw NodeError(
                .configuration,
                "\(path) is larger than \(NodeLimits.configurationBytesMax) bytes: "
                    + "is it a configuration?"
            )
        }
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        do {
            let file = try JSONDecoder().decode(File.self, from: contents)
            return try file.configuration(in: folder).validated()
        } catch let error as NodeError {
            throw NodeError(error.code, "\(path): \(error.message)")
        } catch let error as DecodingError {
            throw NodeError(.configuration, "\(path): \(Self.describe(error))")
        } catch {
            throw NodeError(.configuration, "\(path): \(error)")
        }
    }

    private static func describe(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, let context):
            "the key \"\(Self.path(context.codingPath + [key]))\" is missing"
        case .typeMismatch(let type, let context):
            "\"\(Self.path(context.codingPath))\" must be of type \(type)"
        case .valueNotFound(_, let context):
            "\"\(Self.path(context.codingPath))\" must not be null"
        case .dataCorrupted(let context):
            context.codingPath.isEmpty
                ? "this is not valid JSON: \(context.debugDescription)" : context.debugDescription
        @unknown default:
            "\(error)"
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.map(\.stringValue).joined(separator: ".")
    }
}

/// The file as it is written.
private struct File: Decodable {
    struct MemberEntry: Decodable {
        let id: UInt64
        let name: String?
        let region: String
        let zone: String?
        let peer: String
        let client: String
        let priority: UInt32?

        enum CodingKeys: String, CodingKey, CaseIterable {
            case id
            case name
            case region
            case zone
            case peer
            case client
            case priority
        }

        init(from decoder: any Decoder) throws {
            try refuseUnknownKeys(decoder, CodingKeys.self)
            let container = try decoder.container(keyedBy: CodingKeys.self)
            self.id = try container.decode(UInt64.self, forKey: .id)
            self.name = try container.decodeIfPresent(String.self, forKey: .name)
            self.region = try container.decode(String.self, forKey: .region)
            self.zone = try container.decodeIfPresent(String.self, forKey: .zone)
            self.peer = try container.decode(String.self, forKey: .peer)
            self.client = try container.decode(String.self, forKey: .client)
            self.priority = try container.decodeIfPresent(UInt32.self, forKey: .priority)
        }
    }

    struct TLSEntry: Decodable {
        let authority: String
        let certificate: String
        let key: String

        enum CodingKeys: String, CodingKey, CaseIterable {
            case authority = "ca"
            case certificate
            case key
        }

        init(from decoder: any Decoder) throws {
            try refuseUnknownKeys(decoder, CodingKeys.self)
            let container = try decoder.container(keyedBy: CodingKeys.self)
            self.authority = try container.decode(String.self, forKey: .authority)
            self.certificate = try container.decode(String.self, forKey: .certificate)
            self.key = try container.decode(String.self, forKey: .key)
        }
    }

    struct TokenEntry: Decodable {
        let sha256: String
        let identity: String

        enum CodingKeys: String, CodingKey, CaseIterable {
            case sha256
            case identity
        }

        init(from decoder: any Decoder) throws {
            try refuseUnknownKeys(decoder, CodingKeys.self)
            let container = try decoder.container(keyedBy: CodingKeys.self)
            self.sha256 = try container.decode(String.self, forKey: .sha256)
            self.identity = try container.decode(String.self, forKey: .identity)
        }
    }

    struct TimingEntry: Decodable {
        let heartbeat: UInt64?
        let electionMin: UInt64?
        let electionMax: UInt64?

        enum CodingKeys: String, CodingKey, CaseIterable {
            case heartbeat = "heartbeat_ms"
            case electionMin = "election_ms_min"
            case electionMax = "election_ms_max"
        }

        init(from decoder: any Decoder) throws {
            try refuseUnknownKeys(decoder, CodingKeys.self)
            let container = try decoder.container(keyedBy: CodingKeys.self)
            self.heartbeat = try container.decodeIfPresent(UInt64.self, forKey: .heartbeat)
            self.electionMin = try container.decodeIfPresent(UInt64.self, forKey: .electionMin)
            self.electionMax = try container.decodeIfPresent(UInt64.self, forKey: .electionMax)
        }
    }

    struct ListenEntry: Decodable {
        let peer: String?
        let client: String?

        enum CodingKeys: String, CodingKey, CaseIterable {
            case peer
            case client
        }

        init(from decoder: any Decoder) throws {
            try refuseUnknownKeys(decoder, CodingKeys.self)
            let container = try decoder.container(keyedBy: CodingKeys.self)
            self.peer = try container.decodeIfPresent(String.self, forKey: .peer)
            self.client = try container.decodeIfPresent(String.self, forKey: .client)
        }
    }

    let cluster: String
    let node: UInt64
    let data: String
    let members: [MemberEntry]
    let tls: TLSEntry
    let tokens: [TokenEntry]?
    let timing: TimingEntry?
    let listen: ListenEntry?
    let clientThreads: Int?
    let join: Bool?
    let priorities: [String: UInt32]?
    let reads: NumbersEntry<ReadsKey>?
    let snapshots: NumbersEntry<SnapshotsKey>?
    let compaction: NumbersEntry<CompactionKey>?

    enum CodingKeys: String, CodingKey, CaseIterable {
        case cluster
        case node
        case data
        case members
        case tls
        case tokens
        case timing
        case listen
        case clientThreads = "client_threads"
        case join
        case priorities
        case reads
        case snapshots
        case compaction
    }

    init(from decoder: any Decoder) throws {
        try refuseUnknownKeys(decoder, CodingKeys.self)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.cluster = try container.decode(String.self, forKey: .cluster)
        self.node = try container.decode(UInt64.self, forKey: .node)
        self.data = try container.decode(String.self, forKey: .data)
        self.members = try container.decode([MemberEntry].self, forKey: .members)
        self.tls = try container.decode(TLSEntry.self, forKey: .tls)
        self.tokens = try container.decodeIfPresent([TokenEntry].self, forKey: .tokens)
        self.timing = try container.decodeIfPresent(TimingEntry.self, forKey: .timing)
        self.listen = try container.decodeIfPresent(ListenEntry.self, forKey: .listen)
        self.clientThreads = try container.decodeIfPresent(Int.self, forKey: .clientThreads)
        self.join = try container.decodeIfPresent(Bool.self, forKey: .join)
        self.priorities = try container.decodeIfPresent(
            [String: UInt32].self,
            forKey: .priorities
        )
        self.reads = try container.decodeIfPresent(NumbersEntry.self, forKey: .reads)
        self.snapshots = try container.decodeIfPresent(NumbersEntry.self, forKey: .snapshots)
        self.compaction = try container.decodeIfPresent(NumbersEntry.self, forKey: .compaction)
    }

    func configuration(in folder: String) throws(NodeError) -> NodeConfiguration {
        func resolve(_ path: String) -> String {
            path.hasPrefix("/") || path.isEmpty ? path : "\(folder)/\(path)"
        }
        var timing = NodeConfiguration.Timing()
        if let value = self.timing?.heartbeat { timing.heartbeat = value }
        if let value = self.timing?.electionMin { timing.electionMin = value }
        if let value = self.timing?.electionMax { timing.electionMax = value }
        var configuration = NodeConfiguration(
            cluster: self.cluster,
            node: NodeID(self.node),
            data: resolve(self.data),
            members: self.members.map {
                Member(
                    id: NodeID($0.id),
                    name: $0.name ?? "node-\($0.id)",
                    region: $0.region,
                    zone: $0.zone ?? "",
                    peerAddress: $0.peer,
                    clientAddress: $0.client,
                    priority: $0.priority ?? self.priorities?[$0.region] ?? 0
                )
            },
            credentials: .init(
                authority: resolve(self.tls.authority),
                certificate: resolve(self.tls.certificate),
                key: resolve(self.tls.key)
            ),
            tokens: (self.tokens ?? []).map { .init(sha256: $0.sha256, identity: $0.identity) },
            timing: timing,
            clientThreads: self.clientThreads ?? 1
        )
        configuration.listen = .init(peer: self.listen?.peer, client: self.listen?.client)
        configuration.join = self.join ?? false
        if let value = self.reads?[.lease] { configuration.reads.leaseMilliseconds = value }
        if let value = self.reads?[.drift] { configuration.reads.clockDriftPermille = value }
        if let value = self.snapshots?[.rate] { configuration.snapshotBytesPerSecond = value }
        if let compaction { configuration.compaction = try compaction.policy() }
        for region in (self.priorities ?? [:]).keys.sorted()
        where !self.members.contains(where: { $0.region == region }) {
            throw NodeError(
                .configuration,
                "configuration: \"priorities\" names the region \(region), where no member is"
            )
        }
        return configuration
    }
}

/// A key that any JSON object may have.
struct AnyKey: CodingKey {
    let stringValue: String
    let intValue: Int? = nil

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

/// A misspelt key would otherwise be ignored and its default used in silence.
func refuseUnknownKeys<Keys: CodingKey & CaseIterable>(
    _ decoder: any Decoder,
    _ keys: Keys.Type
) throws {
    let known = keys.allCases.map(\.stringValue)
    for key in try decoder.container(keyedBy: AnyKey.self).allKeys
    where !known.contains(key.stringValue) {
        let place = (decoder.codingPath.map(\.stringValue) + [key.stringValue])
            .joined(separator: ".")
        throw NodeError(
            .configuration,
            "the key \"\(place)\" is unknown; known here: \(known.joined(separator: ", "))"
        )
    }
}
