import Glibc
import Raft
import RaftStorage
import Testing

/// The same promises on a real file system.
@Suite struct PosixTests {
    private typealias PosixLog = LogStorage<PosixFileSystem>

    /// Runs `body` with an empty folder, which is removed afterwards.
    private func withFolder(_ body: (String) throws -> Void) throws {
        var template = Array("/tmp/bandera-log-XXXXXX".utf8CString)
        let created = unsafe template.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return false }
            return unsafe mkdtemp(start) != nil
        }
        #expect(created)
        let path = String(
            decoding: template.dropLast().map { UInt8(bitPattern: $0) },
            as: UTF8.self
        )
        defer { self.removeAll(path) }
        try body(path + "/log")
    }

    private func removeAll(_ path: String) {
        let files = PosixFileSystem()
        for name in (try? files.list(path + "/log")) ?? [] {
            try? files.remove(path + "/log/" + name)
        }
        unsafe rmdir(path + "/log")
        unsafe rmdir(path)
    }

    private func open(_ path: String, node: UInt64 = 1) throws(StorageError) -> PosixLog {
        try LogStorage.open(
            directory: path,
            identity: LogIdentity(cluster: "acme", node: NodeID(node)),
            files: PosixFileSystem(),
            limits: smallLimits
        )
    }

    @Test func aLogOnARealDiskSurvivesARestart() throws {
        try self.withFolder { path in
            let log = try self.open(path)
            try log.append(hardState: hardState(2, vote: 1), entries: entries(1...60))
            try log.append(hardState: nil, entries: entries(40...70, term: 2))
            try log.prepareNextSegment()
            try log.append(hardState: nil, entries: entries(71...71, term: 2, bytes: 50_000))
            let expected = try model(of: log)
            log.close()
            let again = try self.open(path)
            #expect(try model(of: again) == expected)
            #expect(again.recovered.tailCut == 0)
            try again.compact(through: LogIndex(70))
            #expect(again.base.index == LogIndex(70))
            try again.install(base: position(9, 500), membership: membership(500))
            again.close()
            let last = try self.open(path)
            #expect(last.base == position(9, 500) && last.first == LogIndex(501))
            try last.append(hardState: nil, entries: entries(501...510, term: 9))
            #expect(try last.everything() == entries(501...510, term: 9))
        }
    }

    @Test func aSecondOpenerAndAnotherNodeAreRefused() throws {
        try self.withFolder { path in
            let log = try self.open(path)
            let locked = storageError { _ = try self.open(path) }
            #expect(locked?.code == .locked)
            log.close()
            #expect(storageError { _ = try self.open(path, node: 2) }?.code == .foreignFolder)
            _ = try self.open(path)
        }
    }

    @Test func aTornTailOnARealDiskIsCut() throws {
        try self.withFolder { path in
            let log = try self.open(path)
            try log.append(hardState: nil, entries: entries(1...5))
            log.close()
            let files = PosixFileSystem()
            let segment = path + "/0000000000000001.log"
            guard let file = try files.open(segment) else { return }
            // Header record 104, five records of 160: the rest of a sixth that never arrived.
            try files.write([1, 2, 3].span, to: file, at: 104 + 5 * 160)
            files.close(file)
            let again = try self.open(path)
            #expect(again.recovered.tailCut == 8)
            #expect(try again.everything() == entries(1...5))
        }
    }

    @Test func errorsOfTheSystemAreReported() throws {
        let error = storageError { _ = try self.open("/proc/bandera/log") }
        #expect(error?.code == .inputOutput)
        #expect(error?.systemError == ENOENT)
        #expect(error?.message.contains("/proc/bandera/log") == true)
        // A device that is always full.
        let files = PosixFileSystem()
        guard let full = try files.open("/dev/full") else { return }
        defer { files.close(full) }
        let bytes: [UInt8] = [1]
        #expect(storageError { try files.write(bytes.span, to: full, at: 0) }?.code == .diskFull)
    }
}
