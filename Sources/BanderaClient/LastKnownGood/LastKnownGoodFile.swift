package import Flags
internal import Glibc

/// Reads and replaces the last-known-good file.
///
/// Blocks: only called on the I/O threads.
package enum LastKnownGoodFile {
    /// The file's rules or values; `nil` when there is no file.
    ///
    /// Throws ``BanderaError`` when it is unusable.
    package static func load(
        _ path: String,
        environment: EnvironmentID,
        context: EvaluationContext? = nil
    ) throws(BanderaError) -> FlagSource? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw self.failure("cannot be opened", path)
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count <= ClientLimits.lastKnownGoodBytesMax {
            let count = unsafe chunk.withUnsafeMutableBytes {
                unsafe read(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw self.failure("cannot be read", path)
            }
            guard count > 0 else {
                return try LastKnownGood.decode(
                    bytes,
                    environment: environment,
                    context: context
                )
            }
            bytes.append(contentsOf: chunk[..<count])
        }
        throw BanderaError(.invalidConfiguration, "\(path) is too large for a last-known-good file")
    }

    /// Replaces the file by `source`, at once and wholly: a crash leaves the old file or the new one.
    package static func save(_ source: FlagSource, to path: String) throws(BanderaError) {
        let bytes = LastKnownGood.encode(source)
        // Named after the process: two programs that share a file do not share its draft.
        let draft = "\(path).\(getpid()).draft"
        let descriptor = unsafe open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw self.failure("cannot be created", draft) }
        let isWritten = self.write(bytes, to: descriptor) && fsync(descriptor) == 0
        close(descriptor)
        guard isWritten, unsafe rename(draft, path) == 0 else {
            let error = self.failure("cannot be written", draft)
            unsafe unlink(draft)
            throw error
        }
    }

    private static func write(_ bytes: [UInt8], to descriptor: CInt) -> Bool {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(
                    descriptor,
                    buffer.baseAddress.map { unsafe $0 + written },
                    buffer.count - written
                )
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            written += count
        }
        return true
    }

    private static func failure(_ what: String, _ path: String) -> BanderaError {
        let reason = unsafe String(cString: strerror(errno))
        return BanderaError(.invalidConfiguration, "\(path) \(what): \(reason)")
    }
}
