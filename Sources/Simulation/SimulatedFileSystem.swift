package import RaftStorage

/// A deterministic disk in memory, with the faults of real ones.
///
/// What was not synchronized when the machine stops is decided by the seed: each sector is kept or
/// lost by itself, in any order; so is each change of a directory's names that no
/// `synchronizeDirectory` of that directory followed. A failed sync loses sectors even if a later
/// sync of the same file succeeds, as on Linux. One instance is one node's disk; time is not its
/// business. How to break it: `SimulatedFileSystem+Faults.swift`.
package final class SimulatedFileSystem: FileSystem {
    /// An open file.
    package struct File: Sendable {
        let node: Int
        let generation: Int
        let lockPath: String?
    }

    /// What a file's bytes are, and what a crash would make of them.
    struct Node {
        var bytes: [UInt8] = []
        /// The sectors written since the last sync, as they were before.
        var unsynced: [Int: [UInt8]] = [:]
        /// Sectors that a failed sync dropped: no later sync makes them durable.
        var dropped: [Int: [UInt8]] = [:]
        var durableSize = 0
        /// How often it is open: its bytes outlive its name as long.
        var handles = 0
    }

    /// The names on the disk.
    struct Names {
        var files: [String: Int] = [:]
        var directories: Set<String> = []

        func holdsParent(of path: String) -> Bool {
            let parent = SimulatedFileSystem.parent(of: path)
            return parent == "." || parent == "/" || self.directories.contains(parent)
        }
    }

    /// The space on the disk, a quota: files are charged by their size.
    ///
    /// May be lowered and lifted at any time.
    package var capacityBytes: Int
    /// How many calls were made: the moments at which a crash can be placed.
    package private(set) var operations = 0
    /// Makes every call from this number on fail, as if the machine had stopped there.
    package var stopAtOperation: Int?
    /// Everything that went wrong without an error: what rotted, was lost or went elsewhere.
    ///
    /// A node whose disk is in here may have lost what it acknowledged, and may not notice.
    package internal(set) var damages: [Damage] = []

    /// What the disk writes whole or not at all.
    let sectorBytes: Int
    var random: UInt64
    var nodes: [Node] = []
    /// What the running machine sees.
    var names = Names()
    /// What a crash cannot undo.
    var durableNames = Names()
    /// The way from the durable names to the present ones.
    var nameChanges: [NameChange] = []
    var locks: Set<String> = []
    var faults: [PlannedFault] = []
    /// Counts the restarts: files opened before one are invalid.
    var generation = 0

    package init(seed: UInt64, capacityBytes: Int = .max, sectorBytes: Int = 512) {
        precondition(sectorBytes > 0, "a sector has a size")
        self.random = seed
        self.capacityBytes = capacityBytes
        self.sectorBytes = sectorBytes
    }

    // MARK: FileSystem

    package func createDirectory(_ path: String) throws(StorageError) {
        try self.begin(.create, path)
        guard self.names.holdsParent(of: path) else { throw Self.failure("mkdir \(path)") }
        if !self.names.directories.contains(path) { self.change(.makeDirectory(path)) }
    }

    package func list(_ directory: String) throws(StorageError) -> [String] {
        try self.begin(.list, directory)
        return self.paths(in: directory).map { String($0.dropFirst(directory.count + 1)) }
    }

    package func open(_ path: String) throws(StorageError) -> File? {
        try self.begin(.open, path)
        return self.names.files[path].map { self.file($0) }
    }

    package func create(_ path: String) throws(StorageError) -> File {
        try self.begin(.create, path)
        guard self.names.holdsParent(of: path) else { throw Self.failure("create \(path)") }
        self.nodes.append(Node())
        self.change(.link(path, node: self.nodes.count - 1))
        return self.file(self.nodes.count - 1)
    }

    package func close(_ file: File) {
        guard file.generation == self.generation else { return }
        self.nodes[file.node].handles -= 1
        if let path = file.lockPath { self.locks.remove(path) }
    }

    package func size(_ file: File) throws(StorageError) -> Int {
        self.nodes[self.node(file)].bytes.count
    }

    package func preallocate(_ file: File, bytes: Int) throws(StorageError) {
        let node = self.node(file)
        try self.begin(.preallocate, "file \(file.node)")
        guard self.usedBytes() - self.nodes[node].bytes.count <= self.capacityBytes - bytes else {
            throw Self.diskFull
        }
        self.nodes[node].bytes = [UInt8](repeating: 0, count: bytes)
    }

    package func write(_ bytes: Span<UInt8>, to file: File, at offset: Int) throws(StorageError) {
        let node = self.node(file)
        let fault: Fault?
        do {
            fault = try self.begin(.write, "file \(file.node)")
        } catch {
            self.store(bytes, count: bytes.count / 2, node: node, at: offset)
            throw error
        }
        let growth = offset + bytes.count - self.nodes[node].bytes.count
        if growth > 0, self.usedBytes() > self.capacityBytes - growth {
            self.store(bytes, count: bytes.count / 2, node: node, at: offset)
            throw Self.diskFull
        }
        if let fault, !bytes.isEmpty {
            self.storeWrongly(bytes, node: node, at: offset, fault: fault)
        } else {
            self.store(bytes, count: bytes.count, node: node, at: offset)
        }
    }

    package func read(
        into buffer: inout MutableSpan<UInt8>,
        from file: File,
        at offset: Int
    ) throws(StorageError) -> Int {
        let node = self.node(file)
        let fault = try self.begin(.read, "file \(file.node)")
        let count = max(0, min(buffer.count, self.nodes[node].bytes.count - offset))
        guard count > 0 else { return 0 }
        // Copied as memory: a loop per byte dominated whole simulations in debug builds.
        unsafe buffer.withUnsafeMutableBufferPointer { target in
            unsafe self.nodes[node].bytes.withUnsafeBufferPointer { source in
                let part = unsafe source[offset..<offset + count]
                _ = unsafe target.update(fromContentsOf: part)
            }
        }
        if fault != nil {
            buffer[self.below(count)] ^= 1 << UInt8(self.below(8))
        }
        return count
    }

    package func synchronize(_ file: File) throws(StorageError) {
        let node = self.node(file)
        do {
            try self.begin(.synchronize, "file \(file.node)")
        } catch {
            self.nodes[node].dropped.merge(self.nodes[node].unsynced) { older, _ in older }
            self.nodes[node].unsynced.removeAll()
            throw error
        }
        self.nodes[node].unsynced.removeAll(keepingCapacity: true)
        self.nodes[node].durableSize = self.nodes[node].bytes.count
    }

    package func synchronizeDirectory(_ path: String) throws(StorageError) {
        try self.begin(.synchronizeDirectory, path)
        for change in self.nameChanges where change.isIn(path) {
            change.perform(on: &self.durableNames)
        }
        self.nameChanges.removeAll { $0.isIn(path) }
        self.forgetUnreachable()
    }

    package func rename(_ source: String, to destination: String) throws(StorageError) {
        try self.begin(.rename, source)
        guard self.names.files[source] != nil, self.names.holdsParent(of: destination) else {
            throw Self.failure("rename \(source)")
        }
        self.change(.rename(source, to: destination))
    }

    package func remove(_ path: String) throws(StorageError) {
        try self.begin(.remove, path)
        guard self.names.files[path] != nil else { throw Self.failure("remove \(path)") }
        self.change(.unlink(path))
    }

    package func lock(_ path: String) throws(StorageError) -> File {
        try self.begin(.open, path)
        guard self.locks.insert(path).inserted else {
            throw StorageError(code: .locked, message: "\(path) is held by another process")
        }
        self.nodes.append(Node(handles: 1))
        return File(node: self.nodes.count - 1, generation: self.generation, lockPath: path)
    }
}

extension SimulatedFileSystem {
    static let diskFull = StorageError(
        code: .diskFull,
        message: "no space left on the simulated disk",
        systemError: 28
    )

    static func failure(_ what: String) -> StorageError {
        StorageError(code: .inputOutput, message: "\(what): simulated failure", systemError: 5)
    }

    /// Counts a call and lets it fail if that was asked for.
    ///
    /// Returns a fault that does not show as an error.
    @discardableResult
    private func begin(_ operation: Operation, _ path: String) throws(StorageError) -> Fault? {
        if let stop = self.stopAtOperation, self.operations >= stop {
            throw Self.failure("\(operation) \(path)")
        }
        self.operations += 1
        for position in self.faults.indices where self.faults[position].operation == operation {
            guard self.faults[position].skipping == 0 else {
                self.faults[position].skipping -= 1
                continue
            }
            switch self.faults.remove(at: position).fault {
            case .diskFull: throw Self.diskFull
            case .inputOutput: throw Self.failure("\(operation) \(path)")
            case let silent: return silent
            }
        }
        return nil
    }

    private func node(_ file: File) -> Int {
        precondition(file.generation == self.generation, "the file was opened before a crash")
        return file.node
    }

    private func file(_ node: Int) -> File {
        self.nodes[node].handles += 1
        return File(node: node, generation: self.generation, lockPath: nil)
    }

    /// Writes a part of `bytes` and remembers what a crash may bring back.
    func store(_ bytes: Span<UInt8>, count: Int, node: Int, at offset: Int) {
        guard count > 0 else { return }
        let end = offset + count
        for sector in offset / self.sectorBytes...(end - 1) / self.sectorBytes
        where self.nodes[node].unsynced[sector] == nil {
            // A page that is written again is dirty again: what a failed sync dropped from it
            // reaches the disk with the next sync.
            let dropped = self.nodes[node].dropped.removeValue(forKey: sector)
            self.nodes[node].unsynced[sector] =
                dropped ?? self.sector(sector, of: self.nodes[node])
        }
        if end > self.nodes[node].bytes.count {
            let missing = end - self.nodes[node].bytes.count
            self.nodes[node].bytes.append(contentsOf: repeatElement(0, count: missing))
        }
        // Copied as memory, see `read`.
        unsafe bytes.withUnsafeBufferPointer { source in
            unsafe self.nodes[node].bytes.withUnsafeMutableBufferPointer { target in
                let place = unsafe target[offset..<end]
                _ = unsafe place.update(fromContentsOf: source[0..<count])
            }
        }
    }

    private func sector(_ sector: Int, of node: Node) -> [UInt8] {
        let start = min(sector * self.sectorBytes, node.bytes.count)
        return Array(node.bytes[start..<min(start + self.sectorBytes, node.bytes.count)])
    }

    private func change(_ change: NameChange) {
        change.perform(on: &self.names)
        self.nameChanges.append(change)
    }

    private func usedBytes() -> Int {
        self.names.files.values.reduce(0) { $0 + self.nodes[$1].bytes.count }
    }

    /// The paths of a directory's files, sorted.
    func paths(in directory: String) -> [String] {
        self.names.files.keys.filter { Self.parent(of: $0) == directory }.sorted()
    }

    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// A number below `bound` (SplitMix64).
    func below(_ bound: Int) -> Int {
        self.random &+= 0x9E37_79B9_7F4A_7C15
        var mixed = self.random
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ mixed >> 31) % UInt64(bound))
    }
}
