internal import BanderaClient
internal import Glibc
internal import LocalCluster

/// What the machine itself needs for the parts of a measurement.
enum Floors {
    private static let appendsMax = 500

    /// The median time of a small append and its `fdatasync`, in milliseconds.
    static func fdatasyncMilliseconds(folder: String, bytes: Int) throws -> Double {
        let path = "\(folder)/bandera-fdatasync-\(getpid())"
        let descriptor = unsafe open(path, O_CREAT | O_EXCL | O_WRONLY, 0o600)
        guard descriptor >= 0 else { throw BenchError("cannot create \(path)") }
        defer {
            close(descriptor)
            unsafe unlink(path)
        }
        // As a log does: the space is there already, so that only data has to be written.
        let block = [UInt8](repeating: 0x62, count: max(1, bytes))
        guard posix_fallocate(descriptor, 0, (block.count + 4_096) * Self.appendsMax) == 0 else {
            throw BenchError("cannot reserve space for \(path)")
        }
        fsync(descriptor)
        var latencies = Latencies()
        for _ in 0..<Self.appendsMax {
            let start = BenchProcess.nanoseconds()
            let written = unsafe block.withUnsafeBytes { bytes in
                unsafe write(descriptor, bytes.baseAddress, bytes.count)
            }
            guard written == block.count, fdatasync(descriptor) == 0 else {
                throw BenchError("cannot write \(path)")
            }
            latencies.record(nanoseconds: BenchProcess.nanoseconds() - start)
        }
        return latencies.milliseconds(50) ?? 0
    }

    /// The median time of a call that changes nothing, over TLS, in milliseconds.
    static func callMilliseconds(_ client: AdministrationClient) async throws -> Double {
        var latencies = Latencies()
        for _ in 0..<Self.appendsMax {
            let start = BenchProcess.nanoseconds()
            _ = try await client.topology()
            latencies.record(nanoseconds: BenchProcess.nanoseconds() - start)
        }
        return latencies.milliseconds(50) ?? 0
    }
}
