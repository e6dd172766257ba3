internal import Glibc

/// Files and folders by path, as far as the commands need them.
enum Folder {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Every file below a folder, by its path in it, sorted.
    static func files(in folder: String) throws(Failure) -> [String] {
        var found: [String] = []
        for name in try self.entries(folder) {
            let path = "\(folder)/\(name)"
            if self.isFolder(path) {
                found.append(contentsOf: try self.files(in: path).map { "\(name)/\($0)" })
            } else {
                found.append(name)
            }
        }
        return found
    }

    static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    static func read(_ path: String) throws(Failure) -> [UInt8] {
        guard let file = unsafe fopen(path, "r") else { throw self.failure(path) }
        defer { unsafe fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe fread(&chunk, 1, chunk.count, file)
            if count == 0 { break }
            bytes.append(contentsOf: chunk[..<count])
        }
        guard unsafe ferror(file) == 0 else { throw self.failure(path) }
        return bytes
    }

    /// Writes a file and the folders above it, unless it already says so.
    ///
    /// An untouched file is not compiled again.
    static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
        if self.exists(path), try self.read(path) == bytes { return }
        try self.create(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]))
        guard let file = unsafe fopen(path, "w") else { throw self.failure(path) }
        let written = unsafe fwrite(bytes, 1, bytes.count, file)
        guard unsafe fclose(file) == 0, written == bytes.count else { throw self.failure(path) }
    }

    static func create(_ folder: String) throws(Failure) {
        guard !folder.isEmpty, !self.exists(folder) else { return }
        try self.create(String(folder[..<(folder.lastIndex(of: "/") ?? folder.startIndex)]))
        guard unsafe mkdir(folder, 0o755) == 0 || errno == EEXIST else {
            throw self.failure(folder)
        }
    }

    static func remove(_ path: String) throws(Failure) {
        guard unsafe unlink(path) == 0 || errno == ENOENT else { throw self.failure(path) }
    }

    private static func entries(_ folder: String) throws(Failure) -> [String] {
        guard let stream = unsafe opendir(folder) else { throw self.failure(folder) }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: entry.pointee.d_name) { name in
                unsafe name.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private static func failure(_ path: String) -> Failure {
        unsafe Failure(description: "\(path): \(String(cString: strerror(errno)))")
    }
}
