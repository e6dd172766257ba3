import Raft
import RaftStorage
import Simulation
import Testing

/// Where the log begins: compacted after a snapshot of one's own, replaced by one from a peer.
@Suite struct BaseTests {
    private func reopened(_ files: SimulatedFileSystem) throws -> SimulatedLog {
        files.crash()
        return try openLog(files)
    }

    @Test("item 37: the base is the entry right before the first one, its term known")
    func theBaseIsTheEntryBeforeTheFirst() throws {
        // In the middle of a segment, at a change of term, behind it, and at the very end.
        for base in [(1, 17), (1, 30), (3, 35), (3, 60)].map({ position($0.0, $0.1) }) {
            let files = SimulatedFileSystem(seed: 1)
            let log = try openLog(files)
            #expect(log.base == .zero)
            try log.append(hardState: hardState(3, vote: 2), entries: entries(1...30))
            try log.append(hardState: nil, entries: entries(31...60, term: 3))
            try log.compact(to: base, membership: membership(base.index.rawValue))
            // An earlier or the same base changes nothing.
            try log.compact(to: position(1, 9), membership: membership(9))
            try log.compact(to: base, membership: membership(9))
            let kept = (entries(1...30) + entries(31...60, term: 3)).filter {
                $0.index > base.index
            }
            #expect(try log.everything() == kept)
            let again = try self.reopened(files)
            #expect(again.base == base)
            #expect(again.first == base.index.next)
            #expect(again.last == position(3, 60))
            #expect(again.hardState == hardState(3, vote: 2))
            #expect(again.memberships.map(\.payload) == [membership(base.index.rawValue)])
            #expect(try again.everything() == kept)
            let before = storageError {
                _ = try again.read(from: base.index, through: base.index, bytesMax: 1)
            }
            #expect(before?.code == .outOfRange)
            let next = base.index.next.rawValue
            try again.append(hardState: nil, entries: entries(next...90, term: 4))
            #expect(try self.reopened(files).everything() == entries(next...90, term: 4))
        }
    }

    @Test("item 40: compaction frees whole segments, and the rest still verifies its chain")
    func compactionFreesSegments() throws {
        let files = SimulatedFileSystem(seed: 2)
        let log = try openLog(files)
        for index in UInt64(1)...200 {
            try log.append(hardState: nil, entries: [entry(index)])
            if index > 20 { try log.compact(through: LogIndex(index - 20)) }
            #expect(log.bytesOnDisk <= 4 * 4_096)
        }
        files.crash()
        let found = try files.list(folder).filter { $0.hasSuffix(".log") }
        #expect(found.count <= 4 && !found.contains("0000000000000001.log"))
        let again = try openLog(files)
        #expect(again.base == position(1, 180))
        #expect(try again.everything() == entries(181...200))
        // A flip in the first segment left is found, like in any other.
        again.close()
        files.flip(folder + "/" + (found.first ?? ""), at: 200)
        #expect(storageError { _ = try openLog(files) }?.code == .corrupt)
    }

    @Test("item 31: memberships follow the log: appended, truncated, and kept with the base")
    func membershipsFollowTheLog() throws {
        let files = SimulatedFileSystem(seed: 4)
        var log = try openLog(files)
        func check(_ expected: [(UInt64, [UInt8])]) throws {
            for _ in 0..<2 {
                #expect(log.memberships.map(\.index.rawValue) == expected.map(\.0))
                #expect(log.memberships.map(\.payload) == expected.map(\.1))
                log = try self.reopened(files)
            }
        }
        try log.append(hardState: nil, entries: entries(1...4) + [configuration(5, term: 1)])
        try log.append(hardState: nil, entries: entries(6...40) + [configuration(41, term: 1)])
        // A conflict removes the second, in favour of another one at another place.
        try log.append(
            hardState: nil,
            entries: entries(30...31, term: 2) + [configuration(32, term: 2)]
        )
        try check([(5, membership(501)), (32, membership(3_202))])
        // The base takes the first one's place; the entry's own index is kept beside it.
        try log.compact(
            to: position(1, 20),
            membership: membership(501),
            membershipIndex: LogIndex(5)
        )
        try check([(5, membership(501)), (32, membership(3_202))])
        try log.append(hardState: nil, entries: entries(33...90, term: 2))
        try log.compact(to: position(2, 32), membership: membership(3_202))
        try check([(32, membership(3_202))])
        try log.append(hardState: nil, entries: [configuration(91, term: 2)])
        try log.install(
            base: position(5, 300),
            membership: membership(77),
            membershipIndex: LogIndex(250)
        )
        try check([(250, membership(77))])
        try log.append(hardState: nil, entries: [configuration(301, term: 5)])
        try log.append(hardState: nil, entries: entries(301...302, term: 6))
        try check([(250, membership(77))])
    }

    /// What the log holds when a snapshot through term 4, index 50 arrives, and what must stay.
    private static let situations: [(String, [[Entry]], kept: [Entry])] = [
        ("an empty log", [], []),
        ("a shorter log", [entries(1...20)], []),
        ("a longer log without the base", [entries(1...90)], []),
        ("an older term at the base", [entries(1...49), entries(50...90, term: 3)], []),
        ("a later term at the base", [entries(1...49, term: 4), entries(50...90, term: 5)], []),
        ("a log that ends with the base", [entries(1...50, term: 4)], []),
        (
            "a log that holds the base", [entries(1...50, term: 4), entries(51...90, term: 5)],
            entries(51...90, term: 5)
        ),
    ]

    @Test("item 37: an installed snapshot leaves no gap, whatever the log held before")
    func aSnapshotReplacesTheLog() throws {
        for (name, batches, kept) in Self.situations {
            let files = SimulatedFileSystem(seed: 5)
            let log = try openLog(files)
            try log.append(hardState: hardState(6, vote: 3), entries: [])
            for batch in batches { try log.append(hardState: nil, entries: batch) }
            let base = position(4, 50)
            try log.install(base: base, membership: membership(50))
            try log.install(base: base, membership: membership(51))
            try log.install(base: position(3, 40), membership: membership(52))
            for log in [log, try self.reopened(files)] {
                #expect(log.base == base, "\(name)")
                #expect(log.first == LogIndex(51), "\(name)")
                #expect(log.last.index == LogIndex(50 + UInt64(kept.count)), "\(name)")
                #expect(log.hardState == hardState(6, vote: 3), "\(name)")
                #expect(log.memberships.map(\.payload) == [membership(50)], "\(name)")
            }
            files.restartProcess()
            let again = try openLog(files)
            #expect(try again.everything() == kept, "\(name)")
            try again.append(hardState: hardState(7), entries: entries(51...99, term: 7))
            let last = try self.reopened(files)
            #expect(try last.everything() == entries(51...99, term: 7), "\(name)")
            #expect(last.base == base && last.hardState == hardState(7), "\(name)")
        }
    }

    @Test("item 38: two snapshots in quick succession, then compaction and entries again")
    func twoSnapshotsInSuccession() throws {
        let files = SimulatedFileSystem(seed: 6)
        let log = try openLog(files)
        try log.append(hardState: nil, entries: entries(1...60))
        try log.install(base: position(2, 100), membership: membership(1))
        try log.install(base: position(2, 200), membership: membership(2))
        #expect(try files.list(folder).filter { $0.hasSuffix(".log") }.count == 1)
        try log.append(hardState: nil, entries: entries(201...260, term: 3))
        try log.compact(to: position(3, 230), membership: membership(3))
        let again = try self.reopened(files)
        #expect(again.base == position(3, 230))
        #expect(again.memberships.map(\.payload) == [membership(3)])
        #expect(try again.everything() == entries(231...260, term: 3))
    }
}
