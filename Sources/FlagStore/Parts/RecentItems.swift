internal import Flags
internal import HashTreeCollections

/// Things by id, of which those that are over are kept up to a number: what was over first goes
/// first.
struct RecentItems<Item: Sendable>: Sendable {
    private var items: TreeDictionary<Revision, Item> = [:]
    /// The ids of what is over, in the order in which it ended.
    private var ended: [Revision] = []

    init() {}

    var count: Int { self.items.count }

    /// How many are over.
    var endedCount: Int { self.ended.count }

    /// In no order.
    var values: TreeDictionary<Revision, Item>.Values { self.items.values }

    /// Sorted by id.
    var sorted: [Item] {
        self.items.keys.sorted().compactMap { self.items[$0] }
    }

    subscript(id: Revision) -> Item? { self.items[id] }

    /// Adds or replaces.
    mutating func set(_ item: Item, for id: Revision) { self.items[id] = item }

    /// Notes that what is there by this id is over, later than all others that are.
    ///
    /// Gives the id of what had to go for it; `nil` when there was room.
    mutating func end(_ id: Revision, keeping countMax: Int) -> Revision? {
        self.ended.append(id)
        guard self.ended.count > countMax else { return nil }
        let oldest = self.ended.removeFirst()
        self.items.removeValue(forKey: oldest)
        return oldest
    }
}
