internal import Checksum
internal import Glibc

/// What is about to be done to the disk; the order of these is what crash safety rests on.
package enum DiskStep: Hashable, Sendable {
    case write(String)
    case truncate(String)
    case sync(String)
    case rename(String, to: String)
    case remove(String)
    case syncFolder(String)
}

/// The few calls of the operating system that SQLite does not make for a ledger.
///
/// `before` is told each step before it is done and may refuse it: so tests see the order, stop the
/// work at any step, and have a full disk.
struct DiskFiles: Sendable {
    let before: (@Sendable (DiskStep) throws(LedgerError) -> Void)?

    init(before: (@Sendable (DiskStep) throws(LedgerError) -> Void)? = nil) {
        self.before = before
    }

    func open(_ path: String) throws(LedgerError) -> File {
        let flags = O_RDWR | O_CREAT | O_CLOEXEC
        let descriptor = Self.uninterrupted { unsafe Glibc.open(path, flags, mode_t(0o640)) }
        guard descriptor >= 0 else { throw Self.failure("open", path) }
        return File(descriptor: descriptor, path: path, before: self.before)
    }

    func rename(_ path: String, to name: String) throws(LedgerError) {
        try self.before?(.rename(path, to: name))
        guard unsafe Glibc.rename(path, name) == 0 else { throw Self.failure("rename", path) }
    }

    /// Removes the file, if it is there.
    func remove(_ path: String) throws(LedgerError) {
        guard try Self.size(path) != nil else { return }
        try self.before?(.remove(path))
        guard unsafe unlink(path) == 0 || errno == ENOENT else {
            throw Self.failure("remove", path)
        }
    }

    /// Removes a database that is not in use, with everything that SQLite may have put beside it.
    func removeDatabase(_ path: String) throws(LedgerError) {
        for suffix in ["-wal", "-shm", "-journal", ""] { try self.remove(path + suffix) }
    }

    /// Makes the names in the folder of `path` durable.
    func syncFolder(of path: String) throws(LedgerError) {
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        try self.before?(.syncFolder(folder))
        let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC
        let descriptor = Self.uninterrupted { unsafe Glibc.open(folder, flags) }
        guard descriptor >= 0 else { throw Self.failure("open", folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw Self.failure("fsync", folder) }
    }

    /// The names in `folder`, sorted.
    func list(_ folder: String) throws(LedgerError) -> [String] {
        guard let stream = unsafe opendir(folder) else { throw Self.failure("opendir", folder) }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while true {
            errno = 0
            guard let item = unsafe readdir(stream) else {
                if errno != 0 { throw Self.failure("readdir", folder) }
                return names.sorted()
            }
            // Unsafe: the name is an array of 256 characters that ends with a zero.
            let name = unsafe withUnsafePointer(to: &item.pointee.d_name) {
                unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            if name != ".", name != ".." { names.append(name) }
        }
    }

    /// The bytes of the file; `nil` when it is not there.
    static func size(_ path: String) throws(LedgerError) -> UInt64? {
        var status = stat()
        if unsafe lstat(path, &status) == 0 { return UInt64(clamping: status.st_size) }
        guard errno == ENOENT else { throw Self.failure("stat", path) }
        return nil
    }

    fileprivate static func uninterrupted<Count: SignedInteger>(_ call: () -> Count) -> Count {
        while true {
            let result = call()
            if result >= 0 || errno != EINTR { return result }
        }
    }

    fileprivate static func failure(_ call: String, _ path: String) -> LedgerError {
        let number = errno
        let reason = unsafe strerror(number).map { unsafe String(cString: $0) } ?? "\(number)"
        switch number {
        case ENOSPC, EDQUOT:
            return LedgerError(.diskFull, "\(path): no room (\(reason)). Free some space")
        case ENOENT, EACCES, EPERM, EROFS, ENOTDIR, EISDIR:
            return LedgerError(.unavailable, "\(path): cannot \(call) (\(reason))")
        default:
            return LedgerError(.failed, "\(path): cannot \(call) (\(reason))")
        }
    }
}

extension DiskFiles {
    /// An open file, closed when nobody refers to it any more.
    final class File {
        private let descriptor: Int32
        private let path: String
        private let before: (@Sendable (DiskStep) throws(LedgerError) -> Void)?

        /// How much is read at a time to compute a checksum.
        private static let readBytes = 1 << 20

        fileprivate init(
            descriptor: Int32,
            path: String,
            before: (@Sendable (DiskStep) throws(LedgerError) -> Void)?
        ) {
            self.descriptor = descriptor
            self.path = path
            self.before = before
        }

        deinit { close(self.descriptor) }

        func size() throws(LedgerError) -> UInt64 {
            var status = stat()
            guard unsafe fstat(self.descriptor, &status) == 0 else {
                throw DiskFiles.failure("stat", self.path)
            }
            return UInt64(clamping: status.st_size)
        }

        func write(_ bytes: Span<UInt8>, at offset: UInt64) throws(LedgerError) {
            try self.before?(.write(self.path))
            var done = 0
            while done < bytes.count {
                let rest = bytes.extracting(done..<bytes.count)
                let start = off_t(offset) + off_t(done)
                let written = unsafe rest.withUnsafeBytes { rest in
                    DiskFiles.uninterrupted {
                        unsafe pwrite(self.descriptor, rest.baseAddress, rest.count, start)
                    }
                }
                guard written > 0 else { throw DiskFiles.failure("write", self.path) }
                done += written
            }
        }

        /// Up to `count` bytes from `offset` on; fewer at the end of the file.
        func read(_ count: Int, at offset: UInt64) throws(LedgerError) -> [UInt8] {
            var done = 0
            var failed = false
            let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                while done < count {
                    let rest = unsafe UnsafeMutableBufferPointer(rebasing: buffer[done...])
                    let got = DiskFiles.uninterrupted {
                        unsafe pread(
                            self.descriptor,
                            rest.baseAddress,
                            rest.count,
                            off_t(offset) + off_t(done)
                        )
                    }
                    failed = got < 0
                    guard got > 0 else { break }
                    done += got
                }
                filled = done
            }
            if failed { throw DiskFiles.failure("read", self.path) }
            return bytes
        }

        func truncate(to bytes: UInt64) throws(LedgerError) {
            try self.before?(.truncate(self.path))
            guard ftruncate(self.descriptor, off_t(bytes)) == 0 else {
                throw DiskFiles.failure("truncate", self.path)
            }
        }

        func sync() throws(LedgerError) {
            try self.before?(.sync(self.path))
            guard fdatasync(self.descriptor) == 0 else {
                throw DiskFiles.failure("fdatasync", self.path)
            }
        }

        /// XXH64 of the whole file, read from the disk.
        func checksum() throws(LedgerError) -> UInt64 {
            var hash = XXH64()
            while true {
                let bytes = try self.read(Self.readBytes, at: hash.count)
                guard !bytes.isEmpty else { return hash.digest }
                hash.update(bytes.span)
            }
        }
    }
}
