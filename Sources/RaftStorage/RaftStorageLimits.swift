/// The bounds of the write-ahead log.
///
/// Every one is checked on entry.
package struct RaftStorageLimits: Sendable, Hashable {
    /// The size a segment file is preallocated with.
    ///
    /// A larger batch gets a larger segment.
    package var segmentBytes: Int
    /// The largest payload of one entry.
    package var entryBytesMax: Int
    /// The most entries in one append.
    package var batchEntriesMax: Int
    /// The largest encoded batch: what one write and one fdatasync carry.
    package var batchBytesMax: Int
    /// The piece in which reads fetch records from a segment.
    package var readBytes: Int

    package init(
        segmentBytes: Int = 16 << 20,
        entryBytesMax: Int = 4 << 20,
        batchEntriesMax: Int = 65_536,
        batchBytesMax: Int = 64 << 20,
        readBytes: Int = 256 << 10
    ) {
        precondition(segmentBytes >= 1_024, "a segment holds at least its header and a batch")
        precondition(entryBytesMax > 0, "an entry carries at least one byte")
        precondition(batchEntriesMax > 0, "a batch carries at least one entry")
        precondition(batchBytesMax > entryBytesMax, "the largest entry fits a batch")
        precondition(readBytes >= 512, "a read covers at least one record header")
        self.segmentBytes = segmentBytes
        self.entryBytesMax = entryBytesMax
        self.batchEntriesMax = batchEntriesMax
        self.batchBytesMax = batchBytesMax
        self.readBytes = readBytes
    }

    /// The room that appends leave in every segment, so that a log on a full disk can still record
    /// that it was compacted, which is what makes space.
    var reserveBytes: Int { min(64 << 10, self.segmentBytes / 16) }

    /// The most segment files one log may have: 16 TiB by default, and a bound on `open`.
    static let segmentsMax = 1 << 20
    /// The longest cluster name in an identity file.
    static let clusterBytesMax = 255
    /// The largest number of a segment: 32 bits wide in `EntryIndex.Location`.
    static let sequenceMax = UInt64(UInt32.max)
    /// The largest index of an entry and number of a batch: a larger one was never written.
    static let indexMax = UInt64(Int.max)
    /// The largest segment file that can be addressed: offsets are 32 bits wide.
    static let segmentBytesMax = 1 << 31
}
