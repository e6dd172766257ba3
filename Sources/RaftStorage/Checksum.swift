internal import Checksum

/// XXH64 with a mark in the highest byte: what seals headers and records.
///
/// The mark makes the last byte of every header and every record non-zero, so that bytes that were
/// never written (zeros) are told from bytes that were damaged.
enum Checksum {
    /// The highest, and on disk the last, byte of every checksum.
    static let mark: UInt8 = 0xBD

    static func seal(_ start: UnsafeRawPointer, count: Int, seed: UInt64) -> UInt64 {
        XXH64.hash(start, count: count, seed: seed) & 0x00FF_FFFF_FFFF_FFFF
            | UInt64(Self.mark) << 56
    }
}
