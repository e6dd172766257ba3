internal import FoundationEssentials
internal import Glibc

/// How large the files of a node are.
enum FolderSize {
    /// The record store, without what SQLite has not moved into it yet.
    static func ledger(in data: String) -> UInt64 { Self.size("\(data)/ledger.sqlite") }

    /// The log.
    static func log(in data: String) -> UInt64 {
        let folder = "\(data)/log"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.reduce(0) { $0 + Self.size("\(folder)/\($1)") }
    }

    private static func size(_ path: String) -> UInt64 {
        var file = stat()
        return unsafe stat(path, &file) == 0 ? UInt64(max(0, file.st_size)) : 0
    }
}
