internal import FoundationEssentials
internal import Glibc

/// What a process has used, from `/proc`.
package struct ProcessUsage: Sendable, Hashable {
    /// Processor time in user and kernel mode since its start.
    package let processorMicroseconds: UInt64
    /// Memory that is resident now.
    package let residentBytes: UInt64

    /// Reads the usage of `pid`; `nil` when there is no such process.
    package static func read(pid: Int32) -> ProcessUsage? {
        guard let stat = Self.text("/proc/\(pid)/stat"),
            let memory = Self.text("/proc/\(pid)/statm"),
            // The second field is the program's name and may hold anything but its last ')'.
            let name = stat.lastIndex(of: ")")
        else { return nil }
        let fields = stat[stat.index(after: name)...].split(separator: " ")
        let pages = memory.split(separator: " ")
        // Fields 14 and 15 of proc(5), counted from the third.
        guard fields.count > 12, pages.count > 1, let user = UInt64(fields[11]),
            let system = UInt64(fields[12]), let resident = UInt64(pages[1])
        else { return nil }
        let ticksPerSecond = UInt64(max(1, sysconf(Int32(_SC_CLK_TCK))))
        return ProcessUsage(
            processorMicroseconds: (user + system) * 1_000_000 / ticksPerSecond,
            residentBytes: resident * UInt64(max(1, sysconf(Int32(_SC_PAGESIZE))))
        )
    }

    private static func text(_ path: String) -> String? {
        guard let bytes = try? Data(contentsOf: URL(filePath: path)) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}
