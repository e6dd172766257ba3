internal import Checksum

/// A snapshot file that is being received, piece by piece and in order.
///
/// Beside the file lies a list with the length and checksum of every piece, so that what a process
/// that died had received is found again and verified, whatever part of it reached the disk. Used by
/// one thread at a time.
package final class IncomingSnapshot {
    package let label: SnapshotLabel
    /// What the caller wants to know again after a restart, and the ledger does not read.
    package let context: [UInt8]
    /// Bytes that are there and verified: where the next piece belongs.
    package private(set) var verifiedBytes: UInt64 = 0

    let path: String
    private let file: DiskFiles.File
    private let list: DiskFiles.File
    private let files: DiskFiles
    private let bytesMax: Int
    private let unsyncedBytesMax: Int
    /// Where in the list the next piece is entered.
    private var listBytes: UInt64 = 0
    private var unsyncedBytes = 0
    /// A sync failed: the file is gone.
    private var isLost = false

    /// The list begins with this, "BNDRPCS1", and with the context's length and XXH64.
    private static let mark: UInt64 = 0x3153_4350_5244_4E42
    private static let headerBytes = 24
    /// The piece's length and its XXH64, with its offset as the seed; all words little-endian.
    private static let entryBytes = 16

    static let listSuffix = ".pieces"

    private init(
        _ label: SnapshotLabel,
        context: [UInt8],
        path: String,
        files: DiskFiles,
        limits: LedgerLimits
    ) throws(LedgerError) {
        self.label = label
        self.context = context
        self.path = path
        self.files = files
        self.bytesMax = limits.pieceBytesMax
        self.unsyncedBytesMax = limits.unsyncedBytesMax
        self.file = try files.open(path)
        self.list = try files.open(path + Self.listSuffix)
        self.listBytes = UInt64(Self.headerBytes + context.count)
    }

    /// Begins an empty file at `path`.
    static func begin(
        _ label: SnapshotLabel,
        context: [UInt8],
        path: String,
        files: DiskFiles,
        limits: LedgerLimits
    ) throws(LedgerError) -> IncomingSnapshot {
        let incoming = try IncomingSnapshot(
            label,
            context: context,
            path: path,
            files: files,
            limits: limits
        )
        try incoming.file.truncate(to: 0)
        try incoming.list.truncate(to: 0)
        let hash = XXH64.hash(context.span)
        let header = [Self.mark, UInt64(context.count), hash].flatMap { Self.word($0) }
        try incoming.list.write((header + context).span, at: 0)
        return incoming
    }

    /// Goes on with what is at `path`; `nil` when its list does not say what it is.
    static func resume(
        _ label: SnapshotLabel,
        path: String,
        files: DiskFiles,
        limits: LedgerLimits
    ) throws(LedgerError) -> IncomingSnapshot? {
        guard try DiskFiles.size(path + Self.listSuffix) != nil else { return nil }
        let list = try files.open(path + Self.listSuffix)
        let header = try list.read(Self.headerBytes, at: 0)
        guard header.count == Self.headerBytes, Self.word(header[0..<8]) == Self.mark else {
            return nil
        }
        let count = Self.word(header[8..<16])
        guard count <= UInt64(limits.contextBytesMax) else { return nil }
        let context = try list.read(Int(count), at: UInt64(Self.headerBytes))
        guard context.count == Int(count),
            XXH64.hash(context.span) == Self.word(header[16..<24])
        else { return nil }
        let incoming = try IncomingSnapshot(
            label,
            context: context,
            path: path,
            files: files,
            limits: limits
        )
        try incoming.findPieces()
        return incoming
    }

    /// Adds the next piece, which must begin at `verifiedBytes`.
    ///
    /// Throws `outOfOrder`, and changes nothing, for a piece that belongs elsewhere; `badCopy` for
    /// one that is empty, too long, or goes past the promised end; `diskFull` when there is no room:
    /// then the piece can be added again later, or the whole file be discarded. After a failed sync
    /// the file is removed, and only `begin` helps.
    package func append(_ bytes: Span<UInt8>, at offset: UInt64) throws(LedgerError) {
        guard !self.isLost else {
            throw LedgerError(.unavailable, "\(self.path) was removed, because a sync had failed")
        }
        guard offset == self.verifiedBytes else {
            throw LedgerError(
                .outOfOrder,
                "\(self.path): a piece at \(offset) came, and \(self.verifiedBytes) is next"
            )
        }
        guard bytes.count > 0, bytes.count <= self.bytesMax,
            UInt64(bytes.count) <= self.label.bytes - offset
        else {
            throw LedgerError(
                .badCopy,
                "\(self.path): a piece of \(bytes.count) bytes at \(offset) of \(self.label.bytes)"
            )
        }
        try self.file.write(bytes, at: offset)
        // Listed only when it is written; an entry without its bytes does not verify.
        let hash = XXH64.hash(bytes, seed: offset)
        let entry = Self.word(UInt64(bytes.count)) + Self.word(hash)
        try self.list.write(entry.span, at: self.listBytes)
        self.listBytes += UInt64(Self.entryBytes)
        self.verifiedBytes += UInt64(bytes.count)
        self.unsyncedBytes += bytes.count
        if self.unsyncedBytes >= self.unsyncedBytesMax {
            // In small portions: one large sync would hold up those of the Raft log.
            try self.sync()
            self.unsyncedBytes = 0
        }
    }

    /// Checks that the file is whole and has the promised checksum, on the disk and not only in memory.
    func verify() throws(LedgerError) {
        guard !self.isLost, self.verifiedBytes == self.label.bytes else {
            throw LedgerError(
                .outOfOrder,
                "\(self.path): \(self.verifiedBytes) of \(self.label.bytes) bytes are there"
            )
        }
        try self.sync()
        let found = try self.file.checksum()
        guard found == self.label.checksum, try self.file.size() == self.label.bytes else {
            throw LedgerError(
                .badCopy,
                "\(self.path) has checksum \(String(found, radix: 16)), and "
                    + "\(String(self.label.checksum, radix: 16)) was promised"
            )
        }
    }

    /// Syncs the file, or removes it: a second sync may succeed although the first one lost pages.
    func sync() throws(LedgerError) {
        do throws(LedgerError) {
            try self.file.sync()
        } catch {
            self.isLost = true
            try? self.files.remove(self.path + Self.listSuffix)
            try? self.files.remove(self.path)
            throw error
        }
    }

    /// Finds how many pieces are whole, and cuts off what comes after them.
    private func findPieces() throws(LedgerError) {
        while self.verifiedBytes < self.label.bytes {
            let entry = try self.list.read(Self.entryBytes, at: self.listBytes)
            guard entry.count == Self.entryBytes else { break }
            let count = Self.word(entry[0..<8])
            guard count > 0, count <= UInt64(self.bytesMax),
                count <= self.label.bytes - self.verifiedBytes
            else { break }
            let bytes = try self.file.read(Int(count), at: self.verifiedBytes)
            guard bytes.count == Int(count),
                XXH64.hash(bytes.span, seed: self.verifiedBytes) == Self.word(entry[8..<16])
            else { break }
            self.listBytes += UInt64(Self.entryBytes)
            self.verifiedBytes += count
        }
        try self.file.truncate(to: self.verifiedBytes)
        try self.list.truncate(to: self.listBytes)
    }

    private static func word(_ number: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * UInt64($0))) }
    }

    private static func word(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
