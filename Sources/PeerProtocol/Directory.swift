package import Raft

/// Who is who in a cluster: the context of a cluster configuration in the log.
package struct Directory: Hashable, Sendable {
    /// Ascending by id, each once.
    package private(set) var members: [Member]
    /// Nodes that were removed, ascending.
    ///
    /// Their ids are never given out again: a majority may remember what such a node once promised.
    package private(set) var retired: [NodeID]

    package init(members: [Member] = [], retired: [NodeID] = []) {
        self.members = []
        self.retired = []
        for member in members { self.put(member) }
        for node in retired { self.retire(node) }
    }

    package static let empty = Directory()

    /// The member with this id.
    package subscript(_ id: NodeID) -> Member? { self.members.first { $0.id == id } }

    package func isRetired(_ id: NodeID) -> Bool {
        let index = self.position(of: id)
        return index < self.retired.count && self.retired[index] == id
    }

    /// Adds a member, or describes it anew.
    package mutating func put(_ member: Member) {
        if let index = self.members.firstIndex(where: { $0.id >= member.id }) {
            if self.members[index].id == member.id {
                self.members[index] = member
            } else {
                self.members.insert(member, at: index)
            }
        } else {
            self.members.append(member)
        }
    }

    /// Strikes a member out, for good.
    package mutating func retire(_ id: NodeID) {
        self.members.removeAll { $0.id == id }
        let index = self.position(of: id)
        if index == self.retired.count || self.retired[index] != id {
            self.retired.insert(id, at: index)
        }
    }

    /// The first place in `retired` whose id is not less.
    private func position(of id: NodeID) -> Int {
        var low = 0
        var high = self.retired.count
        while low < high {
            let middle = (low + high) / 2
            if self.retired[middle] < id { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
