internal import Flags
internal import HashTreeCollections

/// The open sessions, in the order of their last use.
///
/// Each session has a slot, and the order is a list linked through the slots: using, opening and
/// ending a session each cost the same however many there are, and a copy of the table costs
/// nothing. The order is exactly that of `lastUsed`, so it can be rebuilt from the sessions alone;
/// which slot a session has decides nothing.
struct SessionTable: Sendable {
    /// Where a session is while it is open.
    struct Slot: Hashable, Sendable {
        fileprivate var index: Int

        fileprivate static let none = Slot(index: -1)
    }

    /// A session's neighbours, or the next free slot after a free one.
    private struct Link: Sendable {
        var older: Slot
        var newer: Slot
    }

    private var slots: TreeDictionary<Revision, Slot> = [:]
    /// `nil` in free slots.
    private var sessions = ChunkedArray<Session?>()
    private var links = ChunkedArray<Link>()
    private var oldest = Slot.none
    private var newest = Slot.none
    private var firstFree = Slot.none

    init() {}

    /// Links `sessions`, of which no two were last used by the same command.
    init(restoring sessions: [Session]) {
        for session in sessions.sorted(by: { $0.lastUsed < $1.lastUsed }) { self.insert(session) }
    }

    var count: Int { self.slots.count }

    /// The session that was used the longest ago.
    var leastRecentlyUsed: Session? {
        self.oldest == .none ? nil : self.sessions[self.oldest.index]
    }

    /// All sessions, sorted by id.
    var all: [Session] {
        var all: [Session] = []
        all.reserveCapacity(self.count)
        for index in 0..<self.sessions.count {
            if let session = self.sessions[index] { all.append(session) }
        }
        return all.sorted { $0.id < $1.id }
    }

    /// The slot of a session; `nil` when it is not open.
    func slot(of id: Revision) -> Slot? { self.slots[id] }

    subscript(slot: Slot) -> Session? { self.sessions[slot.index] }

    /// Adds a session that was used later than all others.
    mutating func insert(_ session: Session) {
        precondition(self.slots[session.id] == nil, "session \(session.id) opened twice")
        let slot = self.takeFreeSlot()
        self.slots[session.id] = slot
        self.sessions[slot.index] = session
        self.appendLink(slot)
    }

    /// Replaces the session in `slot`, which has now been used later than all others.
    mutating func use(_ session: Session, in slot: Slot) {
        self.sessions[slot.index] = session
        guard slot != self.newest else { return }
        self.closeGap(self.links[slot.index])
        self.appendLink(slot)
    }

    mutating func remove(_ id: Revision) {
        guard let slot = self.slots.removeValue(forKey: id) else { return }
        self.sessions[slot.index] = nil
        self.closeGap(self.links[slot.index])
        self.links[slot.index] = Link(older: .none, newer: self.firstFree)
        self.firstFree = slot
    }

    private mutating func takeFreeSlot() -> Slot {
        guard self.firstFree != .none else {
            self.sessions.append(nil)
            self.links.append(Link(older: .none, newer: .none))
            return Slot(index: self.sessions.count - 1)
        }
        let slot = self.firstFree
        self.firstFree = self.links[slot.index].newer
        return slot
    }

    private mutating func appendLink(_ slot: Slot) {
        self.links[slot.index] = Link(older: self.newest, newer: .none)
        if self.newest == .none {
            self.oldest = slot
        } else {
            self.links[self.newest.index].newer = slot
        }
        self.newest = slot
    }

    /// Joins the neighbours of what was linked by `link`.
    private mutating func closeGap(_ link: Link) {
        if link.older == .none {
            self.oldest = link.newer
        } else {
            self.links[link.older.index].newer = link.newer
        }
        if link.newer == .none {
            self.newest = link.older
        } else {
            self.links[link.newer.index].older = link.older
        }
    }
}
