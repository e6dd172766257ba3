extension Sequence where Element: Comparable {
    /// The smallest elements, sorted, at most `count`: one look at each, whatever their number.
    func smallest(_ count: Int) -> [Element] {
        guard count > 0 else { return [] }
        var chosen: [Element] = []
        var limit: Element?
        for element in self {
            if let limit, element >= limit { continue }
            chosen.append(element)
            guard chosen.count >= 2 * count else { continue }
            chosen.sort()
            chosen.removeLast(chosen.count - count)
            limit = chosen.last
        }
        return Array(chosen.sorted().prefix(count))
    }
}
