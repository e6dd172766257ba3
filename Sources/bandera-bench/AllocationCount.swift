internal import CMallocCount

/// How often this thread asked for memory.
enum AllocationCount {
    /// How it is counted, for the report.
    static let method = "malloc, calloc, realloc and memalign of this thread, interposed"

    /// Whether an allocation that surely happens is counted.
    static let isCounting: Bool = {
        let before = Self.now
        var bytes = [UInt8](repeating: 0, count: 4_096)
        bytes.append(UInt8(truncatingIfNeeded: before))
        return Self.now > before && bytes.count == 4_097
    }()

    /// The count so far.
    static var now: UInt64 { cmalloccount_of_this_thread() }

    /// Bytes that the process has asked for and not given back.
    static var bytesInUse: Int { Int(clamping: cmalloccount_bytes_in_use()) }
}
