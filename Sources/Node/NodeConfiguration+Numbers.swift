internal import Replica

/// An object of the configuration file that holds whole numbers, none of them required.
struct NumbersEntry<Keys: CodingKey & CaseIterable>: Decodable {
    private var numbers: [String: UInt64] = [:]

    init(from decoder: any Decoder) throws {
        try refuseUnknownKeys(decoder, Keys.self)
        let container = try decoder.container(keyedBy: Keys.self)
        for key in Keys.allCases {
            self.numbers[key.stringValue] = try container.decodeIfPresent(
                UInt64.self,
                forKey: key
            )
        }
    }

    subscript(key: Keys) -> UInt64? { self.numbers[key.stringValue] }
}

enum ReadsKey: String, CodingKey, CaseIterable {
    case lease = "lease_ms"
    case drift = "clock_drift_permille"
}

enum SnapshotsKey: String, CodingKey, CaseIterable {
    case rate = "bytes_per_second"
}

enum CompactionKey: String, CodingKey, CaseIterable {
    case tailEntries = "tail_entries"
    case tailBytes = "tail_bytes"
    case stepEntries = "step_entries"
    case stepBytes = "step_bytes"
}

extension NumbersEntry<CompactionKey> {
    /// The policy with what is said here.
    func policy() throws(NodeError) -> CompactionPolicy {
        for key in [CompactionKey.stepEntries, .stepBytes] where self[key] == 0 {
            throw NodeError(
                .configuration,
                "configuration: \"compaction.\(key.rawValue)\" must not be 0: "
                    + "compaction must release something"
            )
        }
        let standard = CompactionPolicy()
        return CompactionPolicy(
            tailEntries: self[.tailEntries] ?? standard.tailEntries,
            tailBytes: self[.tailBytes] ?? standard.tailBytes,
            stepEntries: self[.stepEntries] ?? standard.stepEntries,
            stepBytes: self[.stepBytes] ?? standard.stepBytes
        )
    }
}
