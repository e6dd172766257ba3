import Flags
import FoundationEssentials
import Ledger
import Testing

@Suite struct ReceiveTests {
    @Test func whatADeadProcessHadReceivedIsVerifiedAndKept() throws {
        let stations = try Stations()
        let folder = try stations.follower()
        let first = try stations.files(folder).begin(stations.label, context: [4, 2])
        for start in stride(from: 0, to: 40_000, by: 10_000) {
            let piece = stations.bytes.span.extracting(start..<(start + 10_000))
            try first.append(piece, at: UInt64(start))
        }
        let resumed = try #require(try stations.files(folder).resume())
        #expect(resumed.verifiedBytes == 40_000 && resumed.context == [4, 2])
        #expect(resumed.label == stations.label)

        // The third piece did not reach the disk, the fourth one did.
        let path = try #require(
            folder.names.first { $0.hasSuffix("-\(String(stations.label.bytes, radix: 16))") }
        )
        var bytes = try Data(contentsOf: URL(filePath: folder.path + "/" + path))
        for index in 20_000..<30_000 { bytes[index] = 0 }
        try bytes.write(to: URL(filePath: folder.path + "/" + path))
        let again = try #require(try stations.files(folder).resume())
        #expect(again.verifiedBytes == 20_000)
        try stations.send(to: again)
        try stations.files(folder).finish(again)
        #expect(try stations.files(folder).waiting() == [stations.label])
    }

    @Test func aListThatIsDamagedStartsOver() throws {
        let stations = try Stations()
        for damage in [0, 9, 17, 24] {
            let folder = try stations.follower()
            let before = folder.names
            let files = stations.files(folder)
            try stations.send(to: try files.begin(stations.label, context: [1]))
            let list = try #require(folder.names.first { $0.hasSuffix(".pieces") })
            var bytes = try Data(contentsOf: URL(filePath: folder.path + "/" + list))
            bytes[damage] ^= 0x40
            try bytes.write(to: URL(filePath: folder.path + "/" + list))
            #expect(try files.resume() == nil, "byte \(damage)")
            #expect(folder.names == before)
        }
    }

    @Test func piecesComeInOrderAndWithinTheFile() throws {
        let stations = try Stations()
        let folder = try stations.follower()
        let incoming = try stations.files(folder).begin(stations.label, context: [])
        let piece = stations.bytes.span.extracting(0..<1_000)
        try incoming.append(piece, at: 0)
        Self.expect(.outOfOrder) { try incoming.append(piece, at: 0) }
        Self.expect(.outOfOrder) { try incoming.append(piece, at: 2_000) }
        Self.expect(.outOfOrder) { try incoming.append(piece, at: .max) }
        Self.expect(.badCopy) { try incoming.append([UInt8]().span, at: 1_000) }
        let long = [UInt8](repeating: 1, count: stations.bytes.count)
        Self.expect(.badCopy) { try incoming.append(long.span, at: 1_000) }
        Self.expect(.outOfOrder) { try stations.files(folder).finish(incoming) }
        #expect(incoming.verifiedBytes == 1_000)
    }

    @Test func aFileOfAnotherChecksumIsRemoved() throws {
        let stations = try Stations()
        let folder = try stations.follower()
        let before = folder.names
        let files = stations.files(folder)
        let label = SnapshotLabel(
            index: stations.label.index,
            term: Stations.term,
            checksum: stations.label.checksum ^ 1,
            bytes: stations.label.bytes
        )
        let incoming = try files.begin(label, context: [])
        try stations.send(to: incoming)
        Self.expect(.badCopy, "was promised") { try files.finish(incoming) }
        #expect(folder.names == before)
    }

    @Test func aCopyOfAnotherClusterOrRevisionIsRefused() throws {
        let stations = try Stations()
        for (cluster, index, reason) in [
            ("other", stations.label.index, "belongs to cluster \"test\""),
            ("test", Revision(stations.label.index.rawValue + 1), "is at revision"),
        ] {
            let folder = try stations.follower()
            let identity = LedgerIdentity(cluster: cluster, node: 2)
            let files = LedgerFolder(folder.path, identity: identity)
            let label = SnapshotLabel(
                index: index,
                term: Stations.term,
                checksum: stations.label.checksum,
                bytes: stations.label.bytes
            )
            let incoming = try files.begin(label, context: [])
            try stations.send(to: incoming)
            Self.expect(.badCopy, reason) { try files.finish(incoming) }
        }
    }

    @Test func aFullDiskLeavesWhatWasReceivedAndItCanBeRemoved() throws {
        let stations = try Stations()
        let folder = try stations.follower()
        let before = folder.names
        let recorder = StepRecorder(refuseAt: 5, code: .diskFull)
        let files = stations.files(folder, recorder)
        let incoming = try files.begin(stations.label, context: [])
        Self.expect(.diskFull) { try stations.send(to: incoming, piece: 10_000) }
        #expect(incoming.verifiedBytes == 10_000)
        recorder.allow()
        // There is room again: the same file goes on.
        try stations.send(to: incoming)
        try files.finish(incoming)
        let label = stations.label
        try files.discard(index: label.index, term: label.term, checksum: label.checksum)
        #expect(folder.names == before)
        // The old ledger was not touched.
        #expect(try files.open().load() == stations.old)
    }

    @Test("item 42: after a failed sync nothing that was received is believed")
    func aFailedSyncLosesTheFile() throws {
        let stations = try Stations()
        let folder = try stations.follower()
        let before = folder.names
        // Three steps to begin, two for the piece: the next one is the first sync.
        let recorder = StepRecorder(refuseAt: 5)
        let files = stations.files(folder, recorder)
        let incoming = try files.begin(stations.label, context: [])
        try stations.send(to: incoming, piece: 1 << 20)
        Self.expect(.failed) { try files.finish(incoming) }
        recorder.allow()
        Self.expect(.outOfOrder) { try files.finish(incoming) }
        let piece = stations.bytes.span.extracting(0..<10)
        Self.expect(.unavailable) { try incoming.append(piece, at: incoming.verifiedBytes) }
        try files.discardIncoming()
        #expect(folder.names == before)
    }

    private static func expect(
        _ code: LedgerError.Code,
        _ part: String = "",
        _ body: () throws -> Void
    ) {
        let error = #expect(throws: LedgerError.self, "\(part)") { try body() }
        #expect(error?.code == code, "\(error?.message ?? "")")
        #expect(part.isEmpty || error?.message.contains(part) == true, "\(error?.message ?? "")")
    }
}
