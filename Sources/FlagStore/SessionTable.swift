internal import Flags
internal import HashTreeCollections

/// The open sessions, in the order of their last use.
///
/// The order is a list linked through two tables, so that using, opening and ending a session each
/// cost the same however many there are, and a copy of the table costs nothing. It is exactly the
/// order of `lastUsed`, so it can be rebuilt from the sessions alone.
struct SessionTable: Sendable {
    /// A session's neighbours: `.zero` where there is none.
    private struct Link: Sendable {
        var older: Revision
        var newer: Revision
    }

    private var sessions: TreeDictionary<Revision, Session> = [:]
    private var links: TreeDictionary<Revision, Link> = [:]
    private var oldest: Revision = .zero
    private var newest: Revision = .zero

    init() {}

    /// Links `sessions`, of which no two were last used by the same command.
    init(restoring sessions: [Session]) {
        for session in sessions.sorted(by: { $0.lastUsed < $1.lastUsed }) { self.insert(session) }
    }

    var count: Int { self.sessions.count }

    /// The session that was used the longest ago.
    var leastRecentlyUsed: Session? { self.oldest == .zero ? nil : self.sessions[self.oldest] }

    /// All sessions, sorted by id.
    var all: [Session] { self.sessions.values.sorted { $0.id < $1.id } }

    subscript(id: Revision) -> Session? { self.sessions[id] }

    /// Adds a session that was used later than all others.
    mutating func insert(_ session: Session) {
        precondition(self.sessions[session.id] == nil, "session \(session.id) opened twice")
        self.sessions[session.id] = session
        self.appendLink(session.id)
    }

    /// Replaces a session that has now been used later than all others.
    mutating func use(_ session: Session) {
        self.sessions[session.id] = session
        guard session.id != self.newest else { return }
        // The link is overwritten where it is: taking it out and in again would rebuild its node twice.
        if let link = self.links[session.id] { self.closeGap(link) }
        self.appendLink(session.id)
    }

    mutating func remove(_ id: Revision) {
        self.sessions[id] = nil
        if let link = self.links.removeValue(forKey: id) { self.closeGap(link) }
    }

    private mutating func appendLink(_ id: Revision) {
        self.links[id] = Link(older: self.newest, newer: .zero)
        if self.newest == .zero {
            self.oldest = id
        } else {
            self.links[self.newest]?.newer = id
        }
        self.newest = id
    }

    /// Joins the neighbours of what was linked by `link`.
    private mutating func closeGap(_ link: Link) {
        if link.older == .zero {
            self.oldest = link.newer
        } else {
            self.links[link.older]?.newer = link.newer
        }
        if link.newer == .zero {
            self.newest = link.older
        } else {
            self.links[link.newer]?.older = link.older
        }
    }
}
