internal import Raft

/// What a record says.
///
/// The raw values are on disk: never reuse one.
enum RecordType: UInt8 {
    /// The first record of a segment: whose it is and the state before it.
    case segmentHeader = 1
    /// Term, vote and commit hint, replaced as one.
    case hardState = 2
    /// A log entry. One whose index is not past the end replaces the suffix from there on.
    case entry = 3
    /// The log begins after a position that it held: entries up to there were dropped.
    case compacted = 4
    /// The last record of a segment that has a successor.
    case seal = 5
    /// The log begins after a position, empty: a snapshot replaced everything in it.
    case installed = 6
}

/// The 48 bytes before a record's payload.
///
/// Layout: `StorageFormat.md`.
struct RecordHeader: Hashable {
    static let bytes = 48
    static let trailerBytes = 8
    /// Byte 7 of every record: a first word is never zero, whatever the record says.
    static let mark: UInt8 = 0xBA

    var payloadBytes: Int
    var type: RecordType
    /// The entry's kind; 0 in other records.
    var kind: UInt8 = 0
    var endsBatch: Bool
    var batch: UInt64
    var position: LogPosition
    /// The checksum that ends the record before this one: the chain.
    var previous: UInt64

    /// The bytes of the whole record: header, payload, padding to 8, trailer.
    var recordBytes: Int { Self.recordBytes(payloadBytes: self.payloadBytes) }

    static func recordBytes(payloadBytes: Int) -> Int {
        Self.bytes + (payloadBytes + 7) / 8 * 8 + Self.trailerBytes
    }
}

/// What a look at the bytes of a record found.
enum RecordCheck: Hashable {
    /// Header and record checksums hold. The second value ends the record and continues the chain.
    case valid(RecordHeader, checksum: UInt64)
    /// The header holds, so the record's extent is known; the rest does not.
    case badBody(RecordHeader)
    /// Not even the header holds.
    case badHeader
    /// The header holds, but its type, kind or flags are of a later format.
    case unknown
}

extension RecordHeader {
    /// Checks the record at `offset`.
    ///
    /// `root` seals every record of a segment; `nil` takes it from the record itself, which is
    /// right for segment headers only.
    static func check(
        _ bytes: UnsafeRawBufferPointer,
        at offset: Int,
        root: UInt64?
    ) -> RecordCheck {
        guard let base = bytes.baseAddress, bytes.count - offset >= Self.bytes else {
            return .badHeader
        }
        let start = base + offset
        let previous = start.word(at: 32)
        let seed = root ?? previous
        guard
            start.load(fromByteOffset: 7, as: UInt8.self) == Self.mark,
            start.word(at: 40) == Checksum.seal(start, count: 40, seed: seed)
        else { return .badHeader }
        let flags = start.load(fromByteOffset: 6, as: UInt8.self)
        guard
            let type = RecordType(rawValue: start.load(fromByteOffset: 4, as: UInt8.self)),
            flags <= 1
        else { return .unknown }
        let header = RecordHeader(
            payloadBytes: Int(UInt32(littleEndian: start.loadUnaligned(as: UInt32.self))),
            type: type,
            kind: start.load(fromByteOffset: 5, as: UInt8.self),
            endsBatch: flags == 1,
            batch: start.word(at: 8),
            position: LogPosition(
                term: Term(start.word(at: 16)),
                index: LogIndex(start.word(at: 24))
            ),
            previous: previous
        )
        guard bytes.count - offset >= header.recordBytes else { return .badBody(header) }
        let sealed = header.recordBytes - Self.trailerBytes
        let checksum = start.word(at: sealed)
        guard checksum == Checksum.seal(start, count: sealed, seed: seed) else {
            return .badBody(header)
        }
        return .valid(header, checksum: checksum)
    }
}

extension UnsafeRawPointer {
    /// A little-endian 64-bit word.
    func word(at offset: Int) -> UInt64 {
        UInt64(littleEndian: self.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
}
