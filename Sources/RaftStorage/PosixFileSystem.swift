internal import Glibc

/// The real disk, by Linux system calls.
///
/// Every call is repeated when a signal interrupts it, and short transfers are continued; nothing
/// else is retried.
package struct PosixFileSystem: FileSystem, Sendable {
    /// An open file descriptor.
    package struct File: Sendable {
        fileprivate let descriptor: Int32
        fileprivate let path: String
    }

    /// The piece in which a new file is filled with zeros.
    private static let zeroBytes = 1 << 20

    package init() {}

    package func createDirectory(_ path: String) throws(StorageError) {
        if Glibc.mkdir(path, 0o750) != 0, errno != EEXIST { throw Self.failure("mkdir", path) }
    }

    package func list(_ directory: String) throws(StorageError) -> [String] {
        guard let stream = opendir(directory) else { throw Self.failure("opendir", directory) }
        defer { closedir(stream) }
        var names: [String] = []
        while true {
            errno = 0
            guard let item = readdir(stream) else {
                if errno != 0 { throw Self.failure("readdir", directory) }
                return names.sorted()
            }
            let name = withUnsafePointer(to: &item.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
    }

    package func open(_ path: String) throws(StorageError) -> File? {
        let descriptor = Self.uninterrupted { Glibc.open(path, O_RDWR | O_CLOEXEC) }
        if descriptor < 0, errno == ENOENT { return nil }
        guard descriptor >= 0 else { throw Self.failure("open", path) }
        return File(descriptor: descriptor, path: path)
    }

    package func create(_ path: String) throws(StorageError) -> File {
        let flags = O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC
        let descriptor = Self.uninterrupted { Glibc.open(path, flags, mode_t(0o640)) }
        guard descriptor >= 0 else { throw Self.failure("create", path) }
        return File(descriptor: descriptor, path: path)
    }

    package func close(_ file: File) {
        // Not repeated on EINTR: on Linux the descriptor is gone either way.
        _ = Glibc.close(file.descriptor)
    }

    package func size(_ file: File) throws(StorageError) -> Int {
        var status = stat()
        guard fstat(file.descriptor, &status) == 0 else { throw Self.failure("stat", file.path) }
        return Int(status.st_size)
    }

    package func preallocate(_ file: File, bytes: Int) throws(StorageError) {
        let result = posix_fallocate(file.descriptor, 0, off_t(bytes))
        if result != 0 {
            errno = result
            throw Self.failure("allocate", file.path)
        }
        // Written out, not only reserved: the first write into a reserved extent makes the file
        // system journal its conversion, which costs a third of every fdatasync (measured, ext4).
        let zeros = [UInt8](repeating: 0, count: min(bytes, Self.zeroBytes))
        var offset = 0
        while offset < bytes {
            let count = min(zeros.count, bytes - offset)
            try self.write(zeros.span.extracting(0..<count), to: file, at: offset)
            offset += count
        }
    }

    package func write(_ bytes: Span<UInt8>, to file: File, at offset: Int) throws(StorageError) {
        var done = 0
        while done < bytes.count {
            let rest = bytes.extracting(done..<bytes.count)
            let written = rest.withUnsafeBytes { rest in
                Self.uninterrupted {
                    pwrite(file.descriptor, rest.baseAddress, rest.count, off_t(offset + done))
                }
            }
            guard written > 0 else { throw Self.failure("write", file.path) }
            done += written
        }
    }

    package func read(
        into buffer: inout MutableSpan<UInt8>,
        from file: File,
        at offset: Int
    ) throws(StorageError) -> Int {
        var done = 0
        while done < buffer.count {
            let count = buffer.withUnsafeMutableBytes { buffer in
                let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
                return Self.uninterrupted {
                    pread(file.descriptor, rest.baseAddress, rest.count, off_t(offset + done))
                }
            }
            guard count >= 0 else { throw Self.failure("read", file.path) }
            if count == 0 { break }
            done += count
        }
        return done
    }

    package func synchronize(_ file: File) throws(StorageError) {
        let result = Self.uninterrupted { Int(fdatasync(file.descriptor)) }
        guard result == 0 else { throw Self.failure("fdatasync", file.path) }
    }

    package func synchronizeDirectory(_ path: String) throws(StorageError) {
        let descriptor = Self.uninterrupted {
            Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        }
        guard descriptor >= 0 else { throw Self.failure("open", path) }
        defer { _ = Glibc.close(descriptor) }
        guard Self.uninterrupted({ fsync(descriptor) }) == 0 else {
            throw Self.failure("fsync", path)
        }
    }

    package func rename(_ source: String, to destination: String) throws(StorageError) {
        guard Glibc.rename(source, destination) == 0 else { throw Self.failure("rename", source) }
    }

    package func remove(_ path: String) throws(StorageError) {
        guard unlink(path) == 0 else { throw Self.failure("unlink", path) }
    }

    package func lock(_ path: String) throws(StorageError) -> File {
        let flags = O_RDWR | O_CREAT | O_CLOEXEC
        let descriptor = Self.uninterrupted { Glibc.open(path, flags, mode_t(0o640)) }
        guard descriptor >= 0 else { throw Self.failure("open", path) }
        if Self.uninterrupted({ flock(descriptor, LOCK_EX | LOCK_NB) }) != 0 {
            let isHeld = errno == EWOULDBLOCK
            let error = Self.failure("lock", path)
            _ = Glibc.close(descriptor)
            guard isHeld else { throw error }
            throw StorageError(
                code: .locked,
                message: "\(path) is held by another process: stop the node that already runs "
                    + "on this data folder, or give this one its own"
            )
        }
        return File(descriptor: descriptor, path: path)
    }

    private static func uninterrupted<Result: SignedInteger>(_ call: () -> Result) -> Result {
        while true {
            let result = call()
            if result == -1, errno == EINTR { continue }
            return result
        }
    }

    private static func failure(_ operation: String, _ path: String) -> StorageError {
        let number = errno
        let isFull = number == ENOSPC || number == EDQUOT
        return StorageError(
            code: isFull ? .diskFull : .inputOutput,
            message: "\(operation) \(path): \(String(cString: strerror(number)))",
            systemError: number
        )
    }
}
