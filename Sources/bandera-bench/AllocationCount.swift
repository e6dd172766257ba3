#if canImport(CMallocCount)
internal import CMallocCount
#endif

/// How often this thread asked for memory.
enum AllocationCount {
    /// How it is counted, for the report.
    static let method = "malloc, calloc, realloc and memalign of this thread, interposed"

    /// Whether an allocation that surely happens is counted.
    static let isCounting: Bool = {
        guard let before = Self.now else { return false }
        var bytes = [UInt8](repeating: 0, count: 4_096)
        bytes.append(UInt8(truncatingIfNeeded: before))
        guard let after = Self.now else { return false }
        return after > before && bytes.count == 4_097
    }()

    /// The count so far; `nil` where the functions cannot be interposed.
    static var now: UInt64? {
        #if canImport(CMallocCount)
        return cmalloccount_of_this_thread()
        #else
        return nil
        #endif
    }
}
