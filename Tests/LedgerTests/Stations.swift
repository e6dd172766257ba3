import FlagStore
import Flags
import FoundationEssentials
import Ledger

/// A leader's copy, and a follower's folder that it is to be installed in.
struct Stations {
    static let identity = LedgerIdentity(cluster: "test", node: 2)
    static let term: UInt64 = 7

    let contents: FlagStoreContents
    let digest: LedgerDigest
    let bytes: [UInt8]
    let label: SnapshotLabel
    /// What the follower has recorded, and its files as a process that died left them.
    let old: FlagStoreContents
    private let oldFile: Data
    private let oldJournal: Data

    init(changes: Int = 20) throws {
        let leader = try TemporaryFolder()
        var limits = LedgerLimits()
        limits.pageBytes = 4_096
        let ledger = try leader.open(limits: limits)
        var log = RecordedLog.complete()
        let follower = try TemporaryFolder()
        let behind = try follower.open(node: 2, limits: limits)
        try behind.record(log.pending, applied: log.store.applied)
        self.old = log.store.contents()
        self.oldFile = try Data(contentsOf: URL(filePath: follower.file))
        self.oldJournal = try Data(contentsOf: URL(filePath: follower.file + "-wal"))
        for step in 0..<changes { log.update("plain") { $0.name = "name \(step)" } }
        try log.record(in: ledger)
        let copy = try ledger.copy(to: leader.path + "/copy")
        self.contents = log.store.contents()
        self.digest = try ledger.digest()
        self.bytes = [UInt8](try Data(contentsOf: URL(filePath: leader.path + "/copy")))
        self.label = SnapshotLabel(
            index: copy.revision,
            term: Self.term,
            checksum: copy.checksum,
            bytes: copy.bytes
        )
    }

    /// The follower's folder, with a write-ahead log that is still needed.
    func follower() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try self.oldFile.write(to: URL(filePath: folder.file))
        try self.oldJournal.write(to: URL(filePath: folder.file + "-wal"))
        return folder
    }

    func files(_ folder: TemporaryFolder, _ recorder: StepRecorder? = nil) -> LedgerFolder {
        guard let recorder else { return LedgerFolder(folder.path, identity: Self.identity) }
        return LedgerFolder(folder.path, identity: Self.identity) {
            (step: DiskStep) throws(LedgerError) in try recorder.before(step)
        }
    }

    /// Adds what `incoming` lacks.
    func send(to incoming: IncomingSnapshot, piece: Int = 30_000) throws {
        while incoming.verifiedBytes < self.label.bytes {
            let start = Int(incoming.verifiedBytes)
            let end = min(self.bytes.count, start + piece)
            let bytes = self.bytes.span.extracting(start..<end)
            try incoming.append(bytes, at: UInt64(start))
        }
    }
}

extension TemporaryFolder {
    var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: self.path)) ?? []).sorted()
    }
}
