internal import RaftStorage

/// The random identity of a data folder, in its file `disk`.
///
/// The cluster writes it down for each node. A folder that was lost comes back with another one,
/// and the others then do not listen to the node: what it had promised is lost with the disk.
enum DiskIdentity {
    private static let name = "disk"
    private static let draft = "disk.draft"
    private static let digits = 16

    /// What a data folder holds.
    enum Contents: Equatable {
        /// Nothing of a node.
        case nothing
        /// A log; the identity may still be missing, after a crash of the first start.
        case log
        /// An identity or records, but no log.
        case withoutLog
    }

    /// Looks whether a node has run in the folder.
    static func contents(
        of folder: String,
        _ files: PosixFileSystem
    ) throws(StorageError) -> Contents {
        let names = try files.list(folder)
        if names.contains("log") { return .log }
        return names.contains(Self.name) || names.contains("ledger.sqlite")
            ? .withoutLog : .nothing
    }

    /// The folder's identity; a folder that has none is given one, durably.
    ///
    /// MUST be called after the log was opened, which locks the folder.
    static func find(in folder: String, _ files: PosixFileSystem) throws(StorageError) -> UInt64 {
        let path = "\(folder)/\(Self.name)"
        if let file = try files.open(path) {
            defer { files.close(file) }
            var bytes = [UInt8](repeating: 0, count: Self.digits)
            var span = bytes.mutableSpan
            let count = try files.read(into: &span, from: file, at: 0)
            let text = String(decoding: bytes[..<count], as: UTF8.self)
            guard count == Self.digits, let identity = UInt64(text, radix: 16), identity != 0 else {
                throw StorageError(
                    code: .corrupt,
                    message: "\(path) holds no disk identity: the file is damaged"
                )
            }
            return identity
        }
        let identity = UInt64.random(in: 1...UInt64.max)
        let text = String(identity, radix: 16)
        let line = String(repeating: "0", count: Self.digits - text.count) + text + "\n"
        let draft = "\(folder)/\(Self.draft)"
        let file = try files.create(draft)
        defer { files.close(file) }
        try files.write(Array(line.utf8).span, to: file, at: 0)
        try files.synchronize(file)
        try files.rename(draft, to: path)
        try files.synchronizeDirectory(folder)
        return identity
    }
}
