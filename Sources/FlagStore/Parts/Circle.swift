/// Looks for circles among things that name others.
enum Circle {
    /// The way from `start` back to itself, both ends included; `nil` when there is none.
    ///
    /// Each thing is looked at once, so it takes no longer than there are references.
    static func find<Node: Hashable>(from start: Node, _ named: (Node) -> [Node]) -> [Node]? {
        var path = [start]
        var open = [named(start)]
        var seen: Set<Node> = [start]
        while var rest = open.popLast() {
            guard let next = rest.popLast() else {
                path.removeLast()
                continue
            }
            open.append(rest)
            if next == start { return path + [start] }
            guard seen.insert(next).inserted else { continue }
            path.append(next)
            open.append(named(next))
        }
        return nil
    }
}
