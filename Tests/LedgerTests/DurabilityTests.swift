import FlagStore
import Flags
import FoundationEssentials
import Ledger
import Testing

@Suite struct DurabilityTests {
    @Test("item 36: what is durable survives a power loss before the log may be compacted")
    func whatIsDurableSurvivesAPowerLoss() throws {
        for checkpointPages in [2, 1_000_000] {
            try self.losePower(checkpointPages: checkpointPages, whileCopying: false)
        }
    }

    /// A reader that needs an old state keeps every checkpoint from moving, and syncing, anything.
    @Test("item 36: a copy under way does not keep anything from being made durable")
    func aCopyUnderWayDoesNotHinderDurability() throws {
        for checkpointPages in [2, 1_000_000] {
            try self.losePower(checkpointPages: checkpointPages, whileCopying: true)
        }
    }

    private func losePower(checkpointPages: Int, whileCopying: Bool) throws {
        PowerLoss.install()
        let folder = try TemporaryFolder(purpose: "power-loss")
        var limits = LedgerLimits()
        limits.checkpointPages = checkpointPages
        limits.pageBytes = 4_096
        limits.copySliceBytes = 4_096
        let ledger = try folder.open(limits: limits)
        var log = RecordedLog.furnished()
        try log.record(in: ledger)
        var durable = FlagStoreContents()
        func change() throws {
            let rows = log.rows.count
            for step in 0..<20 {
                log.update("plain") { $0.description = "step \(step) of \(rows)" }
                try log.record(in: ledger)
            }
            #expect(try ledger.makeDurable() == log.store.applied)
            durable = log.store.contents()
            log.update("plain") { $0.name = "not durable \(rows)" }
            try log.record(in: ledger)
        }
        if whileCopying {
            var slices = 0
            _ = try ledger.copy(to: folder.path + "/copy") { _ in
                slices += 1
                guard slices <= 3 else { return true }
                let changed: Void? = try? change()
                #expect(changed != nil)
                return true
            }
            #expect(slices >= 3)
        } else {
            try change()
        }
        // What was written and not synced may survive or not, in one file or in both.
        for (file, journal) in [(".synced", ".synced"), ("", ".synced"), (".synced", ""), ("", "")]
        {
            let after = try TemporaryFolder()
            try self.carry(folder.file + file, to: after.file)
            try self.carry(folder.file + "-wal" + journal, to: after.file + "-wal")
            let survivor = try after.open()
            try survivor.checkIntegrity()
            let contents = try survivor.load()
            let place = "file\(file), log\(journal), checkpoint after \(checkpointPages) pages"
            #expect(contents.applied >= durable.applied, "\(place)")
            if contents.applied == durable.applied { #expect(contents == durable, "\(place)") }
            if (file, journal) == (".synced", ".synced"), checkpointPages > 2, !whileCopying {
                // The test can fail: what was not made durable, or checkpointed, is really lost.
                #expect(contents == durable, "\(place)")
            }
        }
    }

    private func carry(_ from: String, to path: String) throws {
        guard let bytes = FileManager.default.contents(atPath: from) else { return }
        try bytes.write(to: URL(filePath: path))
    }
}
