/// What a power failure leaves.
extension SimulatedFileSystem {
    /// A change of names that is not durable yet.
    enum NameChange {
        case makeDirectory(String)
        case link(String, node: Int)
        case rename(String, to: String)
        case unlink(String)

        /// The names that it changes.
        var paths: [String] {
            switch self {
            case .makeDirectory(let path), .link(let path, _), .unlink(let path): [path]
            case .rename(let source, let destination): [source, destination]
            }
        }

        /// Whether a sync of `directory` makes it durable.
        func isIn(_ directory: String) -> Bool {
            self.paths.contains { SimulatedFileSystem.parent(of: $0) == directory }
        }

        func perform(on names: inout Names) {
            switch self {
            case .makeDirectory(let path): names.directories.insert(path)
            case .link(let path, let node): names.files[path] = node
            case .rename(let source, let destination):
                names.files[destination] = names.files.removeValue(forKey: source)
            case .unlink(let path): names.files[path] = nil
            }
        }
    }

    /// Stops the machine and starts it again: what was not durable is lost or kept in part.
    ///
    /// Open files and locks are gone, planned faults and `stopAtOperation` are void.
    package func crash() {
        self.faults.removeAll()
        for position in self.nodes.indices { self.settle(&self.nodes[position]) }
        self.settleNames()
        self.restartProcess()
        self.forgetUnreachable()
    }

    /// Ends the process but not the machine: nothing is lost, locks and open files are released.
    package func restartProcess() {
        self.generation += 1
        self.stopAtOperation = nil
        self.locks.removeAll()
        for position in self.nodes.indices { self.nodes[position].handles = 0 }
    }

    /// Replaces the disk by an empty one of the same capacity.
    ///
    /// As an operator does who swaps it, or a container that lost its volume.
    package func wipe() {
        self.faults.removeAll()
        self.damages.removeAll()
        self.restartProcess()
        self.names = Names()
        self.durableNames = Names()
        self.nameChanges.removeAll()
        self.forgetUnreachable()
    }

    /// Decides what is left of one file.
    private func settle(_ node: inout Node) {
        guard
            !node.unsynced.isEmpty || !node.dropped.isEmpty || node.bytes.count != node.durableSize
        else { return }
        // Everything, nearly everything, about a half, or nearly nothing arrived.
        let lostOfEight = [0, 1, 4, 7, 8][self.below(5)]
        var lost = node.dropped
        for sector in node.unsynced.keys.sorted() where self.below(8) < lostOfEight {
            if lost[sector] == nil { lost[sector] = node.unsynced[sector] }
        }
        for sector in lost.keys.sorted() {
            let old = lost[sector] ?? []
            let start = sector * self.sectorBytes
            for position in start..<max(start, min(start + self.sectorBytes, node.bytes.count)) {
                node.bytes[position] = position - start < old.count ? old[position - start] : 0
            }
        }
        if node.bytes.count > node.durableSize, self.below(2) == 0 {
            node.bytes.removeSubrange(node.durableSize...)
        }
        node.unsynced.removeAll()
        node.dropped.removeAll()
        node.durableSize = node.bytes.count
    }

    /// Decides which changes of names are left: the first ones, as a journal keeps them, or any.
    private func settleNames() {
        let isJournaled = self.below(2) == 0
        let kept = self.below(self.nameChanges.count + 1)
        var lost: Set<String> = []
        for (number, change) in self.nameChanges.enumerated() {
            let isLost = isJournaled ? number >= kept : self.below(2) == 0
            // What builds on a lost change is lost with it.
            if isLost || change.paths.contains(where: { lost.contains($0) }) {
                lost.formUnion(change.paths)
            } else {
                change.perform(on: &self.durableNames)
            }
        }
        self.nameChanges.removeAll()
        let names = self.durableNames
        self.durableNames.directories = names.directories.filter { names.holdsParent(of: $0) }
        self.durableNames.files = names.files.filter { names.holdsParent(of: $0.key) }
        self.names = self.durableNames
    }

    /// Frees the bytes of files that no name and no open file leads to; their numbers stay.
    func forgetUnreachable() {
        var reachable = Set(self.names.files.values)
        reachable.formUnion(self.durableNames.files.values)
        for change in self.nameChanges {
            if case .link(_, let node) = change { reachable.insert(node) }
        }
        for position in self.nodes.indices
        where !reachable.contains(position) && self.nodes[position].handles == 0 {
            self.nodes[position] = Node()
        }
    }
}
