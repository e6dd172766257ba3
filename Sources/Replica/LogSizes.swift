/// How many bytes the applied entries take, by index, in steps: what the tail of a compacted log
/// is measured by.
struct LogSizes: Sendable {
    private struct Mark: Sendable {
        let index: UInt64
        /// Bytes of everything since the beginning, through `index`.
        let bytes: UInt64
    }

    /// A mark every so many entries or bytes.
    private static let entriesPerMark: UInt64 = 256
    private static let bytesPerMark: UInt64 = 1 << 20

    private var marks: [Mark]
    private var index: UInt64
    private var bytes: UInt64 = 0

    /// Begins after an entry; what precedes it is not counted.
    init(after index: UInt64) {
        self.index = index
        self.marks = [Mark(index: index, bytes: 0)]
    }

    /// Counts the next entry.
    mutating func add(_ size: Int) {
        self.index += 1
        self.bytes += UInt64(size)
        guard let last = self.marks.last,
            self.index - last.index >= Self.entriesPerMark
                || self.bytes - last.bytes >= Self.bytesPerMark
        else { return }
        self.marks.append(Mark(index: self.index, bytes: self.bytes))
    }

    /// The first marked entry after which no more than so many bytes follow.
    ///
    /// The beginning if everything that was counted fits.
    func index(keeping bytesMax: UInt64) -> UInt64 {
        guard self.bytes > bytesMax else { return self.marks.first?.index ?? self.index }
        let dropped = self.bytes - bytesMax
        return self.marks.first { $0.bytes >= dropped }?.index ?? self.index
    }

    /// About how many counted bytes lie between two entries.
    func bytes(after first: UInt64, through last: UInt64) -> UInt64 {
        let end = self.marks.last { $0.index <= last }?.bytes ?? 0
        let start = self.marks.last { $0.index <= first }?.bytes ?? self.marks.first?.bytes ?? 0
        return end - min(start, end)
    }

    /// Forgets what precedes an entry.
    mutating func release(through index: UInt64) {
        let kept = self.marks.lastIndex { $0.index <= index } ?? 0
        self.marks.removeFirst(kept)
    }
}
