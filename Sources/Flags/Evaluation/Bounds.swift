/// Quantities that another is compared with: numbers, moments, versions.
struct Bounds<Quantity: Comparable & Sendable>: Sendable {
    /// What must hold between a quantity and one of the bounds.
    enum Relation: Sendable {
        case equal
        case less
        case lessOrEqual
        case greater
        case greaterOrEqual
    }

    private let relation: Relation
    /// Sorted for `equal`; else the one that is easiest to meet.
    private let quantities: [Quantity]

    init(_ relation: Relation, _ quantities: [Quantity]) {
        self.relation = relation
        switch relation {
        case .equal: self.quantities = quantities.sorted()
        case .less, .lessOrEqual: self.quantities = quantities.max().map { [$0] } ?? []
        case .greater, .greaterOrEqual: self.quantities = quantities.min().map { [$0] } ?? []
        }
    }

    var isEmpty: Bool { self.quantities.isEmpty }

    /// Whether `quantity` stands so to any of the bounds.
    func admits(_ quantity: Quantity) -> Bool {
        guard !self.quantities.isEmpty else { return false }
        return switch self.relation {
        case .equal: self.has(quantity)
        case .less: quantity < self.quantities[0]
        case .lessOrEqual: quantity <= self.quantities[0]
        case .greater: quantity > self.quantities[0]
        case .greaterOrEqual: quantity >= self.quantities[0]
        }
    }

    private func has(_ quantity: Quantity) -> Bool {
        var low = 0
        var high = self.quantities.count
        while low < high {
            let middle = (low + high) / 2
            if self.quantities[middle] < quantity { low = middle + 1 } else { high = middle }
        }
        return low < self.quantities.count && self.quantities[low] == quantity
    }
}
