package import RaftStorage

/// A deterministic disk in memory, with the faults of real ones.
///
/// What was not synchronized when it crashes is decided by the seed: each sector is kept or lost by
/// itself, and of the names changed in a directory a prefix survives. A failed sync loses sectors
/// even if a later sync of the same file succeeds, as on Linux. One instance is one node's disk.
package final class SimulatedFileSystem: FileSystem {
    /// An open file.
    package struct File: Sendable {
        fileprivate let node: Int
        fileprivate let generation: Int
        fileprivate let lockPath: String?
    }

    /// A kind of call that can be made to fail.
    package enum Operation: Int, Sendable, CaseIterable {
        case list
        case open
        case create
        case preallocate
        case write
        case read
        case synchronize
        case synchronizeDirectory
        case rename
        case remove
    }

    /// How an injected fault shows.
    package enum Fault: Sendable {
        /// The call fails; a failed write has written its first half, a failed sync drops sectors.
        case inputOutput
        /// A write finds no space after its first half.
        case diskFull
    }

    /// What a file's bytes are, and what a crash would make of them.
    private struct Node {
        var bytes: [UInt8] = []
        /// The sectors written since the last sync, as they were before.
        ///
        /// Sorted by use.
        var unsynced: [Int: [UInt8]] = [:]
        /// Sectors that a failed sync dropped: no later sync makes them durable.
        var dropped: [Int: [UInt8]] = [:]
        var durableSize = 0
    }

    /// A change of names that is not durable yet.
    private enum NameChange {
        case link(String, node: Int)
        case rename(String, to: String)
        case unlink(String)
    }

    private static let sectorBytes = 512

    /// The space on the disk; files are charged by their size.
    package var capacityBytes: Int
    /// How many calls were made: the moments at which a crash can be placed.
    package private(set) var operations = 0
    /// Makes every call from this number on fail, as if the machine had stopped there.
    package var stopAtOperation: Int?

    private var random: UInt64
    private var nodes: [Node] = []
    private var names: [String: Int] = [:]
    private var durableNames: [String: Int] = [:]
    private var nameChanges: [NameChange] = []
    private var locks: Set<String> = []
    private var faults: [(operation: Operation, skipping: Int, fault: Fault)] = []
    private var generation = 0

    package init(seed: UInt64, capacityBytes: Int = .max) {
        self.random = seed
        self.capacityBytes = capacityBytes
    }

    // MARK: Faults

    /// Makes one call fail: the next of its kind after `skipping` others.
    package func fail(_ operation: Operation, with fault: Fault = .inputOutput, skipping: Int = 0) {
        self.faults.append((operation, skipping, fault))
    }

    /// Stops the machine and starts it again: what was not durable is lost or kept in part.
    package func crash() {
        self.generation += 1
        self.stopAtOperation = nil
        self.faults.removeAll()
        self.locks.removeAll()
        for position in self.nodes.indices { self.settle(&self.nodes[position]) }
        let kept = self.below(self.nameChanges.count + 1)
        for change in self.nameChanges[0..<kept] { Self.perform(change, on: &self.durableNames) }
        self.nameChanges.removeAll()
        self.names = self.durableNames
        // Files without a name are unreachable now: their memory goes, their numbers stay.
        let reachable = Set(self.names.values)
        for position in self.nodes.indices where !reachable.contains(position) {
            self.nodes[position] = Node()
        }
    }

    /// Ends the process but not the machine: nothing is lost, locks and open files are released.
    package func restartProcess() {
        self.generation += 1
        self.stopAtOperation = nil
        self.locks.removeAll()
    }

    /// Damages one byte at rest.
    package func flip(_ path: String, at offset: Int, mask: UInt8 = 0x01) {
        guard let node = self.names[path] else { preconditionFailure("\(path) does not exist") }
        self.nodes[node].bytes[offset] ^= mask
    }

    /// Cuts a file at rest, durably.
    package func truncate(_ path: String, to size: Int) {
        guard let node = self.names[path] else { preconditionFailure("\(path) does not exist") }
        self.nodes[node].bytes.removeSubrange(size...)
        self.nodes[node].durableSize = size
    }

    /// A file's bytes as a reader would see them; `nil` if there is none.
    package func contents(_ path: String) -> [UInt8]? {
        self.names[path].map { self.nodes[$0].bytes }
    }

    /// Replaces or creates a file at rest, durably.
    package func replace(_ path: String, with bytes: [UInt8]) {
        self.nodes.append(Node(bytes: bytes, durableSize: bytes.count))
        self.names[path] = self.nodes.count - 1
        self.durableNames[path] = self.nodes.count - 1
    }

    /// Loses a file at rest, durably.
    package func lose(_ path: String) {
        self.names[path] = nil
        self.durableNames[path] = nil
    }

    // MARK: FileSystem

    package func createDirectory(_ path: String) throws(StorageError) {}

    package func list(_ directory: String) throws(StorageError) -> [String] {
        try self.begin(.list, directory)
        let prefix = directory + "/"
        return self.names.keys.filter { $0.hasPrefix(prefix) }
            .map { String($0.dropFirst(prefix.count)) }.sorted()
    }

    package func open(_ path: String) throws(StorageError) -> File? {
        try self.begin(.open, path)
        return self.names[path].map {
            File(node: $0, generation: self.generation, lockPath: nil)
        }
    }

    package func create(_ path: String) throws(StorageError) -> File {
        try self.begin(.create, path)
        self.nodes.append(Node())
        self.change(.link(path, node: self.nodes.count - 1))
        return File(node: self.nodes.count - 1, generation: self.generation, lockPath: nil)
    }

    package func close(_ file: File) {
        if let path = file.lockPath, file.generation == self.generation { self.locks.remove(path) }
    }

    package func size(_ file: File) throws(StorageError) -> Int {
        self.nodes[self.node(file)].bytes.count
    }

    package func preallocate(_ file: File, bytes: Int) throws(StorageError) {
        try self.begin(.preallocate, "file \(file.node)")
        let node = self.node(file)
        guard self.usedBytes() + bytes - self.nodes[node].bytes.count <= self.capacityBytes else {
            throw Self.diskFull
        }
        self.nodes[node].bytes = [UInt8](repeating: 0, count: bytes)
    }

    package func write(_ bytes: Span<UInt8>, to file: File, at offset: Int) throws(StorageError) {
        let node = self.node(file)
        do {
            try self.begin(.write, "file \(file.node)")
        } catch {
            self.store(bytes, count: bytes.count / 2, node: node, at: offset)
            throw error
        }
        let growth = offset + bytes.count - self.nodes[node].bytes.count
        if growth > 0, self.usedBytes() > self.capacityBytes - growth {
            self.store(bytes, count: bytes.count / 2, node: node, at: offset)
            throw Self.diskFull
        }
        self.store(bytes, count: bytes.count, node: node, at: offset)
    }

    package func read(
        into buffer: inout MutableSpan<UInt8>,
        from file: File,
        at offset: Int
    ) throws(StorageError) -> Int {
        try self.begin(.read, "file \(file.node)")
        let node = self.node(file)
        let count = max(0, min(buffer.count, self.nodes[node].bytes.count - offset))
        // Copied as memory: a loop per byte dominated whole simulations in debug builds.
        unsafe buffer.withUnsafeMutableBufferPointer { target in
            unsafe self.nodes[node].bytes.withUnsafeBufferPointer { source in
                for position in 0..<count { unsafe target[position] = source[offset + position] }
            }
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
        self.durableNames = self.names
        self.nameChanges.removeAll()
    }

    package func rename(_ source: String, to destination: String) throws(StorageError) {
        try self.begin(.rename, source)
        guard self.names[source] != nil else { throw Self.failure("rename \(source)") }
        self.change(.rename(source, to: destination))
    }

    package func remove(_ path: String) throws(StorageError) {
        try self.begin(.remove, path)
        guard self.names[path] != nil else { throw Self.failure("remove \(path)") }
        self.change(.unlink(path))
    }

    package func lock(_ path: String) throws(StorageError) -> File {
        try self.begin(.open, path)
        guard self.locks.insert(path).inserted else {
            throw StorageError(code: .locked, message: "\(path) is held by another process")
        }
        self.nodes.append(Node())
        return File(node: self.nodes.count - 1, generation: self.generation, lockPath: path)
    }
}

extension SimulatedFileSystem {
    private static let diskFull = StorageError(
        code: .diskFull,
        message: "no space left on the simulated disk",
        systemError: 28
    )

    private static func failure(_ what: String) -> StorageError {
        StorageError(code: .inputOutput, message: "\(what): simulated failure", systemError: 5)
    }

    /// Counts a call and lets it fail if a fault was asked for.
    private func begin(_ operation: Operation, _ path: String) throws(StorageError) {
        if let stop = self.stopAtOperation, self.operations >= stop {
            throw Self.failure("\(operation) \(path)")
        }
        self.operations += 1
        for position in self.faults.indices where self.faults[position].operation == operation {
            if self.faults[position].skipping == 0 {
                let fault = self.faults.remove(at: position).fault
                if case .diskFull = fault { throw Self.diskFull }
                throw Self.failure("\(operation) \(path)")
            }
            self.faults[position].skipping -= 1
        }
    }

    private func node(_ file: File) -> Int {
        precondition(file.generation == self.generation, "the file was opened before a crash")
        return file.node
    }

    private func store(_ bytes: Span<UInt8>, count: Int, node: Int, at offset: Int) {
        guard count > 0 else { return }
        let end = offset + count
        for sector in offset / Self.sectorBytes...(end - 1) / Self.sectorBytes
        where self.nodes[node].unsynced[sector] == nil {
            self.nodes[node].unsynced[sector] = self.sector(sector, of: self.nodes[node])
        }
        if end > self.nodes[node].bytes.count {
            let missing = end - self.nodes[node].bytes.count
            self.nodes[node].bytes.append(contentsOf: repeatElement(0, count: missing))
        }
        // Copied as memory, see `read`.
        unsafe bytes.withUnsafeBufferPointer { source in
            unsafe self.nodes[node].bytes.withUnsafeMutableBufferPointer { target in
                for position in 0..<count { unsafe target[offset + position] = source[position] }
            }
        }
    }

    private func sector(_ sector: Int, of node: Node) -> [UInt8] {
        let start = min(sector * Self.sectorBytes, node.bytes.count)
        return Array(node.bytes[start..<min(start + Self.sectorBytes, node.bytes.count)])
    }

    /// Decides what a crash leaves of one file.
    private func settle(_ node: inout Node) {
        var lost = node.dropped
        for sector in node.unsynced.keys.sorted() where self.below(2) == 0 {
            if lost[sector] == nil { lost[sector] = node.unsynced[sector] }
        }
        for sector in lost.keys.sorted() {
            let old = lost[sector] ?? []
            let start = sector * Self.sectorBytes
            for position in start..<min(start + Self.sectorBytes, node.bytes.count) {
                node.bytes[position] = position - start < old.count ? old[position - start] : 0
            }
        }
        if node.bytes.count != node.durableSize, self.below(2) == 0 {
            let kept = min(node.durableSize, node.bytes.count)
            node.bytes.removeSubrange(kept...)
        }
        node.unsynced.removeAll()
        node.dropped.removeAll()
        node.durableSize = node.bytes.count
    }

    private func change(_ change: NameChange) {
        Self.perform(change, on: &self.names)
        self.nameChanges.append(change)
    }

    private static func perform(_ change: NameChange, on names: inout [String: Int]) {
        switch change {
        case .link(let path, let node): names[path] = node
        case .rename(let source, let destination):
            names[destination] = names.removeValue(forKey: source)
        case .unlink(let path): names[path] = nil
        }
    }

    private func usedBytes() -> Int {
        self.names.values.reduce(0) { $0 + self.nodes[$1].bytes.count }
    }

    /// A number below `bound` (SplitMix64).
    private func below(_ bound: Int) -> Int {
        self.random &+= 0x9E37_79B9_7F4A_7C15
        var mixed = self.random
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ mixed >> 31) % UInt64(bound))
    }
}
