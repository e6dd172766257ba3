/// Tells a batch that a crash left half written from damage to acknowledged data.
///
/// What a crash can leave is known. A segment is all zero before it is written; a batch is one
/// write, and the next one starts only after this one is durable. So a half-written batch is the
/// last one, and the record at which it breaks has a sector that still is zero, or, if the write
/// was cut short at a byte, its last byte is zero. Or its first word is: the erasure of such a
/// batch, front to back, was itself cut short; no record begins with a zero word.
///
/// Anything else is damage, never cut (PAR, FAST'18).
enum TornTail {
    enum Verdict: Hashable {
        /// The rest of the segment is zero: nothing was lost.
        case clean
        /// An unacknowledged batch; its bytes reach up to `end`.
        case torn(end: Int)
        case damaged(offset: Int, reason: String)
    }

    /// What a disk writes whole or not at all.
    ///
    /// Larger real sectors satisfy this, too.
    static let sectorBytes = 512

    /// Judges the first record that does not hold.
    ///
    /// `batch` is the only batch that may be there; its record at `offset` would continue `chain`.
    static func verdict(
        _ bytes: UnsafeRawBufferPointer,
        at offset: Int,
        root: UInt64,
        chain: UInt64,
        batch: UInt64
    ) -> Verdict {
        let end = Self.endOfContent(bytes, from: offset)
        if end == offset { return .clean }
        let found = RecordHeader.check(bytes, at: offset, root: root)
        let extent: Range<Int>
        let scanStart: Int
        switch found {
        case .valid, .unknown:
            return .damaged(offset: offset, reason: "a record that does not belong here")
        case .badBody(let header):
            extent = offset..<offset + header.recordBytes
            scanStart = extent.upperBound
            if header.batch != batch {
                return .damaged(offset: offset, reason: "a damaged record of another batch")
            }
        case .badHeader:
            extent = offset..<offset + RecordHeader.bytes
            scanStart = offset + 8
        }
        let scan = scanStart..<max(scanStart, end)
        let proof = Self.proofOfDamage(bytes, in: scan, root: root, chain: chain, batch: batch)
        if let proof { return .damaged(offset: offset, reason: proof) }
        guard Self.hasUnwrittenPart(bytes, in: extent) else {
            return .damaged(
                offset: offset,
                reason: "a record was written completely and its checksum no longer holds"
            )
        }
        return .torn(end: end)
    }

    /// The end of the last non-zero word at or after `offset`; `offset` if there is none.
    static func endOfContent(_ bytes: UnsafeRawBufferPointer, from offset: Int) -> Int {
        guard let base = bytes.baseAddress else { return offset }
        var end = bytes.count
        while end > offset, end % 8 != 0 {
            if bytes[end - 1] != 0 { return end }
            end -= 1
        }
        while end - 8 >= offset {
            if base.word(at: end - 8) != 0 { return end }
            end -= 8
        }
        return offset
    }

    /// What a whole valid record after the broken one proves, if there is one that proves damage:
    /// it is of another batch than `batch`, or it belongs at the broken one's place and was
    /// written elsewhere.
    private static func proofOfDamage(
        _ bytes: UnsafeRawBufferPointer,
        in range: Range<Int>,
        root: UInt64,
        chain: UInt64,
        batch: UInt64
    ) -> String? {
        var offset = range.lowerBound
        while offset + RecordHeader.bytes <= range.upperBound {
            // Records are aligned to 8 bytes, and both marks are cheap to look for.
            if bytes[offset + 7] == RecordHeader.mark,
                bytes[offset + RecordHeader.bytes - 1] == Checksum.mark,
                case .valid(let header, _) = RecordHeader.check(bytes, at: offset, root: root)
            {
                if header.batch != batch {
                    return "a damaged record, although the valid one at \(offset) was written later"
                }
                if header.previous == chain {
                    return "no record, because the one that belongs here is at \(offset)"
                }
                offset += header.recordBytes
            } else {
                offset += 8
            }
        }
        return nil
    }

    private static func hasUnwrittenPart(
        _ bytes: UnsafeRawBufferPointer,
        in extent: Range<Int>
    ) -> Bool {
        if extent.upperBound > bytes.count || bytes[extent.upperBound - 1] == 0 { return true }
        if bytes.baseAddress?.word(at: extent.lowerBound) == 0 { return true }
        var start = extent.lowerBound
        while start < extent.upperBound {
            let sectorEnd = (start / Self.sectorBytes + 1) * Self.sectorBytes
            let end = min(sectorEnd, extent.upperBound)
            if !bytes[start..<end].contains(where: { $0 != 0 }) { return true }
            start = end
        }
        return false
    }
}
