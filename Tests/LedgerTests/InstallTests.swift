import FlagStore
import Flags
import FoundationEssentials
import Ledger
import Testing

@Suite struct InstallTests {
    @Test("item 41: a restored copy is, row by row, what replaying the log gave")
    func aCopyBecomesTheLedger() throws {
        let stations = try Stations()
        let folder = try stations.follower()
        let files = stations.files(folder)
        let incoming = try files.begin(stations.label, context: [1, 2, 3])
        try stations.send(to: incoming)
        try files.finish(incoming)
        #expect(try files.waiting() == [stations.label])
        try files.swapIn(index: stations.label.index, term: Stations.term)
        let ledger = try files.open()
        #expect(try ledger.load() == stations.contents)
        #expect(try ledger.stateHash() == stations.contents.stateHash())
        #expect(try ledger.digest() == stations.digest)
        try ledger.close()
        #expect(folder.names.filter { !$0.hasPrefix("ledger.sqlite-") } == ["ledger.sqlite"])
    }

    @Test("item 36: the order of writes, syncs and renames is the one that crash safety needs")
    func theOrderIsFixed() throws {
        let stations = try Stations()
        let folder = try stations.follower()
        let recorder = StepRecorder()
        let files = stations.files(folder, recorder)
        let incoming = try files.begin(stations.label, context: [])
        try stations.send(to: incoming, piece: 1 << 20)
        try files.finish(incoming)
        try files.swapIn(index: stations.label.index, term: Stations.term)
        #expect(
            recorder.names == [
                "truncate ledger.incoming", "truncate ledger.incoming.pieces",
                "write ledger.incoming.pieces",
                "write ledger.incoming", "write ledger.incoming.pieces",
                "sync ledger.incoming", "write ledger.incoming", "sync ledger.incoming",
                "rename ledger.incoming ledger.install", "sync folder",
                "remove ledger.incoming.pieces",
                "remove ledger.sqlite-wal", "sync folder",
                "rename ledger.install ledger.sqlite", "sync folder",
            ]
        )
    }

    @Test("item 37: stopped at any step, the next start has the old ledger or the new one")
    func aCrashAtAnyStepLosesNothing() throws {
        let stations = try Stations()
        var step = 0
        var outcomes: Set<String> = []
        while true {
            let folder = try stations.follower()
            let recorder = StepRecorder(refuseAt: step)
            let marker = self.install(stations, stations.files(folder, recorder))
            try self.restart(stations, folder, marker: marker, outcomes: &outcomes, step: step)
            if recorder.steps.count < step { break }
            step += 1
        }
        #expect(step > 15)
        #expect(outcomes == ["old, nothing", "old, resumed", "swapped", "new already"])
    }

    @Test("item 37: a recovery that is itself stopped is done again")
    func aCrashDuringRecoveryIsRecoveredFrom() throws {
        let stations = try Stations()
        var step = 0
        while true {
            let folder = try stations.follower()
            let files = stations.files(folder)
            let incoming = try files.begin(stations.label, context: [])
            try stations.send(to: incoming)
            try files.finish(incoming)
            let recorder = StepRecorder(refuseAt: step)
            let index = stations.label.index
            _ = try? stations.files(folder, recorder)
                .recover(markerIndex: index, markerTerm: Stations.term)
            _ = try files.recover(markerIndex: index, markerTerm: Stations.term)
            #expect(try files.open().load() == stations.contents, "stopped at step \(step)")
            if recorder.steps.count < step { break }
            step += 1
        }
        #expect(step >= 4)
    }

    /// Whether the log's marker was made durable before the process "died".
    private func install(_ stations: Stations, _ files: LedgerFolder) -> Bool {
        var marker = false
        do {
            let incoming = try files.begin(stations.label, context: [9])
            try stations.send(to: incoming)
            try files.finish(incoming)
            marker = true
            try files.swapIn(index: stations.label.index, term: Stations.term)
        } catch {}
        return marker
    }

    private func restart(
        _ stations: Stations,
        _ folder: TemporaryFolder,
        marker: Bool,
        outcomes: inout Set<String>,
        step: Int
    ) throws {
        let files = stations.files(folder)
        let index = stations.label.index
        let swapped = try files.recover(
            markerIndex: marker ? index : .zero,
            markerTerm: marker ? Stations.term : 0
        )
        let ledger = try files.open()
        try ledger.checkIntegrity()
        #expect(try ledger.load() == (marker ? stations.contents : stations.old), "step \(step)")
        try ledger.close()
        let resumed = try files.resume()
        #expect(try files.waiting().isEmpty)
        outcomes.insert(
            marker
                ? swapped ? "swapped" : "new already"
                : resumed == nil ? "old, nothing" : "old, resumed"
        )
        guard !marker else {
            let names = folder.names.filter { !$0.hasPrefix("ledger.sqlite-") }
            #expect(names == ["ledger.sqlite"], "step \(step)")
            return
        }
        #expect(resumed == nil || resumed?.context == [9])
        let incoming = try resumed ?? files.begin(stations.label, context: [9])
        try stations.send(to: incoming)
        try files.finish(incoming)
        try files.swapIn(index: index, term: Stations.term)
        #expect(try files.open().load() == stations.contents, "step \(step)")
    }

    @Test("item 38: a waiting snapshot that does not match the marker is discarded at the start")
    func anotherMarkerDiscards() throws {
        let stations = try Stations()
        for (index, term) in [
            (stations.label.index.rawValue, Stations.term + 1),
            (stations.label.index.rawValue - 1, Stations.term),
            (stations.label.index.rawValue + 1, Stations.term),
        ] {
            let folder = try stations.follower()
            let files = stations.files(folder)
            let incoming = try files.begin(stations.label, context: [])
            try stations.send(to: incoming)
            try files.finish(incoming)
            #expect(try !files.recover(markerIndex: Revision(index), markerTerm: term))
            #expect(try files.open().load() == stations.old)
            #expect(try files.waiting().isEmpty)
        }
    }

    @Test("item 38: of two snapshots in quick succession, the one that Raft wants is installed")
    func twoSnapshotsWaitSideBySide() throws {
        let older = try Stations(changes: 5)
        let newer = try Stations(changes: 9)
        for wanted in [older, newer] {
            let folder = try older.follower()
            let files = older.files(folder)
            for stations in [older, newer] {
                let incoming = try files.begin(stations.label, context: [])
                try stations.send(to: incoming)
                try files.finish(incoming)
            }
            #expect(try files.waiting() == [older.label, newer.label])
            let index = wanted.label.index
            #expect(try files.recover(markerIndex: index, markerTerm: Stations.term))
            #expect(try files.open().load() == wanted.contents)
            #expect(try files.waiting().isEmpty)
        }
    }

    @Test func aSnapshotIsDiscardedUnderEitherName() throws {
        let stations = try Stations()
        let folder = try stations.follower()
        let files = stations.files(folder)
        let before = folder.names
        for isFinished in [false, true] {
            let incoming = try files.begin(stations.label, context: [])
            try stations.send(to: incoming)
            if isFinished { try files.finish(incoming) }
            #expect(folder.names.count > before.count)
            let label = stations.label
            try files.discard(index: label.index, term: label.term, checksum: label.checksum)
            #expect(folder.names == before)
        }
    }

    @Test func outgoingCopiesAreRemovedAtTheStart() throws {
        let folder = try TemporaryFolder()
        let files = LedgerFolder(folder.path, identity: Stations.identity)
        let ledger = try files.open()
        _ = try ledger.copy(to: files.outgoingPath(4))
        _ = try ledger.copy(to: files.outgoingPath(5))
        try files.discardOutgoing(5)
        try ledger.close()
        #expect(folder.names.filter { $0.contains("outgoing") } == ["ledger.outgoing-4"])
        #expect(try !files.recover(markerIndex: .zero, markerTerm: 0))
        #expect(folder.names.filter { !$0.hasPrefix("ledger.sqlite-") } == ["ledger.sqlite"])
    }
}
