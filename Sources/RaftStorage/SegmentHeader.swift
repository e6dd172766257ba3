internal import Raft

/// What a segment's first record says beside its position: whose it is, and the state before it.
///
/// With it every segment can be the first one left.
struct SegmentHeader: Hashable {
    static let version: UInt64 = 1
    static let wordsCount = 6
    static let recordBytes = RecordHeader.recordBytes(payloadBytes: 8 * wordsCount)

    var sequence: UInt64
    /// The hash of the identity file: a copied segment is told from an own one.
    var fingerprint: UInt64
    var hardState: HardState

    var words: [UInt64] {
        [
            Self.version,
            self.sequence,
            self.fingerprint,
            self.hardState.term.rawValue,
            self.hardState.vote?.rawValue ?? 0,
            self.hardState.commit.rawValue,
        ]
    }

    /// Reads the payload; `nil` unless it is of this version.
    init?(payload: UnsafeRawPointer, bytes: Int) {
        guard bytes == 8 * Self.wordsCount, payload.word(at: 0) == Self.version else { return nil }
        let vote = payload.word(at: 32)
        self.sequence = payload.word(at: 8)
        self.fingerprint = payload.word(at: 16)
        self.hardState = HardState(
            term: Term(payload.word(at: 24)),
            vote: vote == 0 ? nil : NodeID(vote),
            commit: LogIndex(payload.word(at: 40))
        )
    }

    init(sequence: UInt64, fingerprint: UInt64, hardState: HardState) {
        self.sequence = sequence
        self.fingerprint = fingerprint
        self.hardState = hardState
    }
}

/// Names of the files in a data folder.
enum FileName {
    static let lock = "lock"
    static let identity = "identity"
    static let identityDraft = "identity.tmp"
    /// A preallocated segment that waits for its number.
    static let spare = "spare.tmp"

    private static let digits = 16
    private static let suffix = ".log"

    /// `0000000000000001.log`: the sequence in hexadecimal.
    static func segment(_ sequence: UInt64) -> String {
        let number = String(sequence, radix: 16)
        return String(repeating: "0", count: Self.digits - number.count) + number + Self.suffix
    }

    /// The sequence in a segment's name; `nil` for any other file.
    static func sequence(_ name: String) -> UInt64? {
        guard let number = UInt64(name.prefix(Self.digits), radix: 16),
            (1...RaftStorageLimits.sequenceMax).contains(number)
        else { return nil }
        return Self.segment(number) == name ? number : nil
    }
}
