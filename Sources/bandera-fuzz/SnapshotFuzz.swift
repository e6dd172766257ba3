internal import Checksum
internal import FlagStore
internal import Flags
internal import Glibc
internal import Ledger

/// A received record store: hostile, but with the checksum that was promised.
enum SnapshotFuzz {
    /// The least page that SQLite has keeps inputs small.
    private static let pageBytes = 512

    private static let limits: LedgerLimits = {
        var limits = LedgerLimits()
        limits.pageBytes = Self.pageBytes
        return limits
    }()

    private static let identity = LedgerIdentity(cluster: "fuzz", node: 1)

    /// The first byte may ask for a header that agrees with the file's size.
    static func run(_ input: [UInt8]) {
        guard let choice = input.first else { return }
        var bytes = Array(input.dropFirst())
        if choice & 1 == 1, bytes.count >= Self.pageBytes {
            bytes.removeLast(bytes.count % Self.pageBytes)
            let pages = UInt32(bytes.count / Self.pageBytes)
            for byte in 0..<4 {
                bytes[28 + byte] = UInt8(truncatingIfNeeded: pages >> (24 - 8 * UInt32(byte)))
            }
        }
        guard !bytes.isEmpty else { return }
        Self.withFolder { folder in
            do throws(LedgerError) {
                try Self.install(bytes, in: folder)
            } catch {
                // Refused, as most are.
            }
        }
    }

    private static func install(_ bytes: [UInt8], in path: String) throws(LedgerError) {
        let folder = LedgerFolder(path, identity: self.identity, limits: self.limits)
        let label = SnapshotLabel(
            index: Revision(1),
            term: 1,
            checksum: XXH64.hash(bytes.span),
            bytes: UInt64(bytes.count)
        )
        let incoming = try folder.begin(label, context: [])
        try incoming.append(bytes.span, at: 0)
        try folder.finish(incoming)
        try folder.swapIn(index: label.index, term: label.term)
        // What passed the checks must open and load.
        do throws(LedgerError) {
            let ledger = try folder.open()
            let loaded = try ledger.load()
            precondition(loaded.applied == label.index, "it loads revision \(loaded.applied)")
            try ledger.close()
        } catch {
            preconditionFailure("a snapshot that was accepted does not load: \(error)")
        }
    }

    /// An input of a sound ledger.
    static func sample() throws(LedgerError) -> [UInt8] {
        var bytes: [UInt8] = []
        try Self.withFolder { (path) throws(LedgerError) in
            let folder = LedgerFolder(path, identity: self.identity, limits: self.limits)
            let ledger = try folder.open()
            try ledger.record([], applied: Revision(1))
            _ = try ledger.copy(to: path + "/copy")
            try ledger.close()
            bytes = readFile(path + "/copy") ?? []
        }
        return [1] + bytes
    }

    /// A folder of this call's own, in memory where the system has such.
    private static func withFolder<Failure>(
        _ body: (String) throws(Failure) -> Void
    ) throws(Failure) {
        let parent = unsafe access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
        var template = Array("\(parent)/bandera-fuzz-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else {
            preconditionFailure("no folder in \(parent)")
        }
        let path = String(
            decoding: template.dropLast().map { UInt8(bitPattern: $0) },
            as: UTF8.self
        )
        defer {
            for name in names(in: path) { unsafe unlink("\(path)/\(name)") }
            unsafe rmdir(path)
        }
        try body(path)
    }
}
