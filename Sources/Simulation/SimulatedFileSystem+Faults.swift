internal import RaftStorage

/// How to break the disk, once per call.
///
/// All of it is decided by the seed and by the order of calls.
extension SimulatedFileSystem {
    /// A kind of call that can be made to fail.
    package enum Operation: Int, Sendable, CaseIterable {
        case list
        case open
        /// Of a file or a directory.
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
    package enum Fault: Sendable, Hashable {
        /// The call fails; a failed write has written its first half, a failed sync drops sectors.
        case inputOutput
        /// The call finds no space; a write after its first half.
        ///
        /// For lasting lack of space use `capacityBytes`.
        case diskFull
        /// A write claims to succeed and changes nothing.
        case lost
        /// A write claims to succeed and lands in other sectors, of the same file or of another one.
        case misdirected
        /// One bit is wrong: in what a write leaves on the disk, or in what a read returns.
        case flipped
    }

    struct PlannedFault {
        var operation: Operation
        var skipping: Int
        var fault: Fault
    }

    /// Bytes that are not what was written there.
    package struct Damage: Hashable, Sendable {
        package var path: String
        package var bytes: Range<Int>
        package var fault: Fault
    }

    /// Makes one call go wrong: the next of its kind after `skipping` others.
    ///
    /// `.lost` and `.misdirected` are for writes, `.flipped` is for writes and reads; they appear in
    /// `damages` once they happened, unless it was a read. A log notices them when it reads the
    /// place again, at the latest when it is opened; except when the write was its last batch and
    /// landed where nothing is: that batch is gone as if it had never been written.
    package func fail(_ operation: Operation, with fault: Fault = .inputOutput, skipping: Int = 0) {
        switch fault {
        case .inputOutput, .diskFull: break
        case .lost, .misdirected:
            precondition(operation == .write, "\(fault) says what happens to a write")
        case .flipped:
            precondition(
                operation == .write || operation == .read,
                "only transferred bytes can be wrong"
            )
        }
        self.faults.append(
            PlannedFault(operation: operation, skipping: skipping, fault: fault)
        )
    }

    /// Whether every fault that was asked for has happened, or was withdrawn.
    package var isWithoutPlannedFaults: Bool { self.faults.isEmpty }

    /// Withdraws the faults that did not happen yet.
    package func cancelFaults() { self.faults.removeAll() }

    /// Lets one bit rot in what a directory's files hold, durably; `nil` if they hold nothing.
    ///
    /// `suffix` narrows down the files, for example to `.log`. Space never written to does not rot.
    @discardableResult
    package func rot(in directory: String, suffix: String = "") -> Damage? {
        let candidates = self.paths(in: directory).filter { path in
            path.hasSuffix(suffix) && self.contents(path)?.contains { $0 != 0 } == true
        }
        guard !candidates.isEmpty else { return nil }
        return self.rot(candidates[self.below(candidates.count)])
    }

    /// Lets one bit of a file's content rot, durably; `nil` if it holds nothing.
    @discardableResult
    package func rot(_ path: String) -> Damage? {
        guard let bytes = self.contents(path), let end = bytes.lastIndex(where: { $0 != 0 }) else {
            return nil
        }
        let offset = self.below(end + 1)
        self.flip(path, at: offset, mask: 1 << UInt8(self.below(8)))
        return self.damages.last
    }

    /// Damages one byte at rest, durably.
    package func flip(_ path: String, at offset: Int, mask: UInt8 = 0x01) {
        let node = self.existing(path)
        self.nodes[node].bytes[offset] ^= mask
        let sector = offset / self.sectorBytes
        for older in [\Node.unsynced, \Node.dropped] {
            let place = offset - sector * self.sectorBytes
            if let count = self.nodes[node][keyPath: older][sector]?.count, place < count {
                self.nodes[node][keyPath: older][sector]?[place] ^= mask
            }
        }
        self.damages.append(Damage(path: path, bytes: offset..<offset + 1, fault: .flipped))
    }

    /// Cuts a file at rest, durably.
    package func truncate(_ path: String, to size: Int) {
        let node = self.existing(path)
        self.nodes[node].bytes.removeSubrange(size...)
        self.nodes[node].durableSize = size
    }

    /// A file's bytes as a reader would see them; `nil` if there is none.
    package func contents(_ path: String) -> [UInt8]? {
        self.names.files[path].map { self.nodes[$0].bytes }
    }

    /// Replaces or creates a file at rest, and its directory, durably.
    package func replace(_ path: String, with bytes: [UInt8]) {
        self.nodes.append(Node(bytes: bytes, durableSize: bytes.count))
        for names in [\SimulatedFileSystem.names, \.durableNames] {
            self[keyPath: names].files[path] = self.nodes.count - 1
            self[keyPath: names].directories.insert(Self.parent(of: path))
        }
    }

    /// Loses a file at rest, durably.
    package func lose(_ path: String) {
        self.names.files[path] = nil
        self.durableNames.files[path] = nil
    }

    /// Performs a write that claims to succeed.
    func storeWrongly(_ bytes: Span<UInt8>, node: Int, at offset: Int, fault: Fault) {
        let intended = offset..<offset + bytes.count
        self.note(node, intended, fault)
        switch fault {
        case .misdirected:
            guard let (other, start) = self.landing(of: intended, in: node) else { return }
            self.store(bytes, count: bytes.count, node: other, at: start)
            self.note(other, start..<start + bytes.count, fault)
        case .flipped:
            self.store(bytes, count: bytes.count, node: node, at: offset)
            self.nodes[node].bytes[offset + self.below(bytes.count)] ^= 1 << UInt8(self.below(8))
        case .lost, .inputOutput, .diskFull:
            break
        }
    }

    /// Chooses where a misdirected write lands: whole sectors away, in a place that exists.
    ///
    /// `nil` if there is none: then it is lost.
    private func landing(of intended: Range<Int>, in node: Int) -> (node: Int, offset: Int)? {
        let inSector = intended.lowerBound % self.sectorBytes
        // Half of them hit what was written before, in the same file.
        if self.below(2) == 0, intended.lowerBound >= self.sectorBytes {
            let sector = self.below(intended.lowerBound / self.sectorBytes)
            return (node, sector * self.sectorBytes + inSector)
        }
        let others = self.names.files.keys.sorted().compactMap { self.names.files[$0] }
            .filter { self.nodes[$0].bytes.count >= inSector + intended.count }
        guard !others.isEmpty else { return nil }
        let other = others[self.below(others.count)]
        let free = self.nodes[other].bytes.count - inSector - intended.count
        var sector = self.below(free / self.sectorBytes + 1)
        if other == node, sector == intended.lowerBound / self.sectorBytes {
            guard free >= self.sectorBytes else { return nil }
            sector = sector == 0 ? free / self.sectorBytes : sector - 1
        }
        return (other, sector * self.sectorBytes + inSector)
    }

    private func note(_ node: Int, _ bytes: Range<Int>, _ fault: Fault) {
        let path = self.names.files.keys.sorted().first { self.names.files[$0] == node }
        self.damages.append(Damage(path: path ?? "", bytes: bytes, fault: fault))
    }

    private func existing(_ path: String) -> Int {
        guard let node = self.names.files[path] else {
            preconditionFailure("\(path) does not exist")
        }
        return node
    }
}
