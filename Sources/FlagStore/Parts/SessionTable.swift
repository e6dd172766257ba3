internal import Flags
internal import HashTreeCollections

/// The open sessions, in the order of their last use, all together and each actor's own.
///
/// Each session has a slot, and the orders are lists linked through the slots: using, opening and
/// ending a session each cost the same however many there are, and a copy of the table costs
/// nothing. The orders are exactly that of `lastUsed`, so they can be rebuilt from the sessions
/// alone; which slot a session has decides nothing.
struct SessionTable: Sendable {
    /// Where a session is while it is open.
    struct Slot: Hashable, Sendable {
        fileprivate var index: Int

        fileprivate static let none = Slot(index: -1)
    }

    private var slots: TreeDictionary<Revision, Slot> = [:]
    /// `nil` in free slots.
    private var sessions = ChunkedArray<Session?>()
    private var links = ChunkedArray<SessionLink>()
    /// The same slots, linked with those of the same actor only.
    private var actorLinks = ChunkedArray<SessionLink>()
    private var order = SessionOrder()
    /// Of those who have sessions.
    private var actorOrders: TreeDictionary<String, SessionOrder> = [:]
    private var firstFree = Slot.none

    init() {}

    /// Links `sessions`, of which no two were last used by the same command.
    init(restoring sessions: [Session]) {
        for session in sessions.sorted(by: { $0.lastUsed < $1.lastUsed }) { self.insert(session) }
    }

    var count: Int { self.slots.count }

    /// How many sessions an actor has.
    func count(of actor: String) -> Int { self.actorOrders[actor]?.count ?? 0 }

    /// The session that was used the longest ago.
    var leastRecentlyUsed: Session? { self.oldest(of: self.order) }

    /// The session of an actor that was used the longest ago.
    func leastRecentlyUsed(of actor: String) -> Session? {
        self.actorOrders[actor].flatMap { self.oldest(of: $0) }
    }

    private func oldest(of order: SessionOrder) -> Session? {
        order.oldest == .none ? nil : self.sessions[order.oldest.index]
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
        self.order.append(slot, &self.links)
        self.actorOrders[session.actor, default: SessionOrder()].append(slot, &self.actorLinks)
    }

    /// Replaces the session in `slot`, which has now been used later than all others; its actor
    /// MUST be the same.
    mutating func use(_ session: Session, in slot: Slot) {
        self.sessions[slot.index] = session
        guard slot != self.order.newest else { return }
        self.order.remove(slot, &self.links)
        self.order.append(slot, &self.links)
        // Most have one session, or use one at a time.
        guard let own = self.actorOrders[session.actor], slot != own.newest else { return }
        self.actorOrders[session.actor]?.remove(slot, &self.actorLinks)
        self.actorOrders[session.actor]?.append(slot, &self.actorLinks)
    }

    mutating func remove(_ id: Revision) {
        guard let slot = self.slots.removeValue(forKey: id), let session = self.sessions[slot.index]
        else { return }
        self.sessions[slot.index] = nil
        self.order.remove(slot, &self.links)
        self.actorOrders[session.actor]?.remove(slot, &self.actorLinks)
        if self.count(of: session.actor) == 0 { self.actorOrders[session.actor] = nil }
        self.links[slot.index] = SessionLink(older: .none, newer: self.firstFree)
        self.firstFree = slot
    }

    private mutating func takeFreeSlot() -> Slot {
        guard self.firstFree != .none else {
            self.sessions.append(nil)
            self.links.append(SessionLink())
            self.actorLinks.append(SessionLink())
            return Slot(index: self.sessions.count - 1)
        }
        let slot = self.firstFree
        self.firstFree = self.links[slot.index].newer
        return slot
    }
}

/// A session's neighbours in an order, or the next free slot after a free one.
private struct SessionLink: Sendable {
    var older = SessionTable.Slot.none
    var newer = SessionTable.Slot.none
}

/// The ends of a list that is linked through slots.
private struct SessionOrder: Sendable {
    private(set) var oldest = SessionTable.Slot.none
    private(set) var newest = SessionTable.Slot.none
    private(set) var count = 0

    mutating func append(_ slot: SessionTable.Slot, _ links: inout ChunkedArray<SessionLink>) {
        links[slot.index] = SessionLink(older: self.newest, newer: .none)
        if self.newest == .none {
            self.oldest = slot
        } else {
            links[self.newest.index].newer = slot
        }
        self.newest = slot
        self.count += 1
    }

    /// Joins the neighbours of a slot that is in it.
    mutating func remove(_ slot: SessionTable.Slot, _ links: inout ChunkedArray<SessionLink>) {
        let link = links[slot.index]
        if link.older == .none {
            self.oldest = link.newer
        } else {
            links[link.older.index].newer = link.newer
        }
        if link.newer == .none {
            self.newest = link.older
        } else {
            links[link.newer.index].older = link.older
        }
        self.count -= 1
    }
}
