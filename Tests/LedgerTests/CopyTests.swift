import Checksum
import FlagStore
import Flags
import FoundationEssentials
import GRDB
import Ledger
import Testing

@Suite struct CopyTests {
    private static let small: LedgerLimits = {
        var limits = LedgerLimits()
        limits.pageBytes = 4_096
        limits.copySliceBytes = 4_096
        return limits
    }()

    @Test("item 39: a copy is the ledger at one revision, whatever is recorded meanwhile")
    func aCopyIsAtOneRevision() throws {
        let folder = try TemporaryFolder()
        let ledger = try folder.open(limits: Self.small)
        var log = RecordedLog.furnished()
        try log.record(in: ledger)
        let before = log.store.contents()
        let digest = try ledger.digest()
        var slices = 0
        let path = folder.path + "/copy"
        let copy = try ledger.copy(to: path) { progress in
            slices += 1
            #expect(progress.copiedBytes == UInt64(slices * 4_096))
            log.update("plain") { $0.name = "slice \(slices)" }
            log.update("gone") { $0.description = String(repeating: "x", count: 3_000) }
            return (try? log.record(in: ledger)) != nil
        }
        #expect(slices > 5)
        #expect(copy.revision == before.applied)
        #expect(try ledger.load() == log.store.contents())

        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(names.filter { $0.hasPrefix("copy") } == ["copy"])
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        #expect(UInt64(bytes.count) == copy.bytes && XXH64.hash(bytes.span) == copy.checksum)
        let identity = LedgerIdentity(cluster: "test", node: 1)
        let restored = try Ledger.open(path: path, identity: identity)
        #expect(try restored.load() == before)
        #expect(try restored.digest() == digest)
        try restored.checkIntegrity()
    }

    @Test func copiesOfOneRevisionAreEqualByteForByte() throws {
        let folder = try TemporaryFolder()
        let ledger = try folder.open()
        var log = RecordedLog.furnished()
        try log.record(in: ledger)
        let first = try ledger.copy(to: folder.path + "/a")
        #expect(try ledger.copy(to: folder.path + "/b") == first)
    }

    @Test func aCancelledCopyLeavesNothing() throws {
        let folder = try TemporaryFolder()
        let ledger = try folder.open(limits: Self.small)
        var log = RecordedLog.furnished()
        try log.record(in: ledger)
        let error = #expect(throws: LedgerError.self) {
            _ = try ledger.copy(to: folder.path + "/copy") { $0.copiedBytes < 12_000 }
        }
        #expect(error?.code == .cancelled)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(!names.contains { $0.hasPrefix("copy") })
        #expect(try ledger.copy(to: folder.path + "/copy").revision == log.store.applied)
    }

    @Test func theLogDoesNotGrowWithoutBoundUnderACopy() throws {
        let folder = try TemporaryFolder()
        var limits = Self.small
        limits.checkpointPages = 4
        limits.copyLogBytesMax = 400_000
        limits.logBytesKept = 100_000
        let ledger = try folder.open(limits: limits)
        var log = RecordedLog.furnished()
        try log.record(in: ledger)
        var mustHurry: [Bool] = []
        var changes = 0
        let error = #expect(throws: LedgerError.self) {
            _ = try ledger.copy(to: folder.path + "/copy") { progress in
                mustHurry.append(progress.mustHurry)
                for _ in 0..<10 {
                    changes += 1
                    log.update("rich") { $0.name = "name \(changes)" }
                    guard (try? log.record(in: ledger)) != nil else { return false }
                }
                return true
            }
        }
        #expect(error?.code == .logTooLong, "\(String(describing: error))")
        #expect(mustHurry.first == false && mustHurry.last == true)
        // When the copy is over, the log begins anew and gives its room back.
        for _ in 0..<20 {
            changes += 1
            log.update("rich") { $0.name = "name \(changes)" }
            try log.record(in: ledger)
        }
        let journal = try Data(contentsOf: URL(filePath: folder.file + "-wal"))
        #expect(journal.count <= 200_000)
        #expect(try ledger.load() == log.store.contents())
    }
}
