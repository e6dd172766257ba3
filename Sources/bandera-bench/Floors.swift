internal import Glibc

/// A file that is appended to and synchronised as a log is: what the disk itself needs.
///
/// MUST be closed.
final class SyncFile {
    private let path: String
    private let descriptor: Int32
    private let block: [UInt8]

    /// Makes the file with room for `appends` of `bytes` bytes each.
    init(folder: String, bytes: Int, appends: Int) throws {
        self.path = "\(folder)/bandera-fdatasync-\(getpid())"
        self.block = [UInt8](repeating: 0x62, count: max(1, bytes))
        self.descriptor = unsafe open(self.path, O_CREAT | O_EXCL | O_WRONLY, 0o600)
        guard self.descriptor >= 0 else { throw BenchError("cannot create \(self.path)") }
        // As a log does: the space is there already, so that only data has to be written.
        let reserved = off_t((self.block.count + 4_096) * appends)
        guard posix_fallocate(self.descriptor, 0, reserved) == 0 else {
            self.close()
            throw BenchError("cannot reserve space for \(self.path)")
        }
        fsync(self.descriptor)
    }

    /// Appends, and gives the nanoseconds until that was on the disk.
    func append() throws -> UInt64 {
        let start = BenchProcess.nanoseconds()
        let written = unsafe self.block.withUnsafeBytes { bytes in
            unsafe write(self.descriptor, bytes.baseAddress, bytes.count)
        }
        guard written == self.block.count, fdatasync(self.descriptor) == 0 else {
            throw BenchError("cannot write \(self.path)")
        }
        return BenchProcess.nanoseconds() - start
    }

    /// Removes the file.
    func close() {
        _ = Glibc.close(self.descriptor)
        unsafe unlink(self.path)
    }
}

/// How long one commit takes against its parts, measured in turns: one commit, one `fdatasync`, one
/// call over TLS that changes nothing, and again.
struct CommitFloor {
    private static let turns = 500

    private(set) var commit = Latencies()
    private(set) var sync = Latencies()
    private(set) var call = Latencies()

    /// - Parameter load: one client that is prepared.
    mutating func measure(_ load: WriteLoad, folder: String, bytes: Int) async throws {
        let file = try SyncFile(folder: folder, bytes: bytes, appends: Self.turns)
        defer { file.close() }
        for _ in 0..<Self.turns {
            let outcome = try await load.run(writes: 1)
            if let time = outcome.latencies.maxMilliseconds {
                self.commit.record(nanoseconds: UInt64(time * 1e6))
            }
            self.sync.record(nanoseconds: try file.append())
            self.call.record(nanoseconds: try await load.call())
        }
    }

    var report: Report {
        var report = Report()
        report.add("turns", Self.turns)
        report.add("commit_p50_ms", self.commit.milliseconds(50))
        report.add("fdatasync_p50_ms", self.sync.milliseconds(50))
        report.add("round_trip_p50_ms", self.call.milliseconds(50))
        let floor = (self.sync.milliseconds(50) ?? 0) + (self.call.milliseconds(50) ?? 0)
        report.add("floor_p50_ms", floor)
        report.add("commit_over_floor", (self.commit.milliseconds(50) ?? 0) / max(floor, 1e-6))
        return report
    }
}
