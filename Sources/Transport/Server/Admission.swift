internal import Synchronization

/// Counts the open connections of one listener, over all of its loops, and numbers them.
final class Admission: Sendable {
    private let connectionsMax: Int
    private let open = Atomic<Int>(0)
    /// Ids are unique in the process, so that two listeners can share a table or a log.
    private static let lastID = Atomic<Int>(0)

    init(connectionsMax: Int) {
        self.connectionsMax = connectionsMax
    }

    /// Admits one more connection and returns its id, or nil when there are too many.
    func enter() -> Int? {
        let (_, count) = self.open.add(1, ordering: .relaxed)
        guard count <= self.connectionsMax else {
            self.leave()
            return nil
        }
        return Self.lastID.add(1, ordering: .relaxed).newValue
    }

    /// Says that an admitted connection is gone.
    func leave() {
        self.open.subtract(1, ordering: .relaxed)
    }
}
