package import Flags

extension UsageCounts {
    /// How many evaluations and events are counted: what is lost when there is no room for them.
    package var total: UInt64 {
        let parts = [
            self.evaluations, self.views, self.clicks, self.errors, self.conversions,
            self.latencies, self.feedbacks,
        ]
        return parts.reduce(0) { sum, part in
            let (next, isOver) = sum.addingReportingOverflow(part)
            return isOver ? .max : next
        }
    }
}

extension UsageTotals {
    /// Adds a row, when it counts everything together: the other dimensions count the same once
    /// more.
    package mutating func add(_ row: UsageRow, at time: Timestamp) {
        self.lastUpdated = max(self.lastUpdated, time)
        guard row.dimension == .total else { return }
        self.withVariation(row.variation) { $0.counts.add(row.counts) }
    }

    /// Takes in who used a variation.
    ///
    /// Registers that cannot be are passed over.
    package mutating func merge(_ sketch: UsageSketch) {
        self.withVariation(sketch.variation) { variation in
            // Registers that are no sketch's are not kept: they came from a damaged place.
            var users = HyperLogLog(registers: variation.registers) ?? HyperLogLog()
            users.merge(sparse: sketch.registers)
            variation.registers = users.registers
        }
    }

    /// Distinct users of the variations that `isCounted` names, about.
    package func users(where isCounted: (String) -> Bool = { _ in true }) -> UInt64 {
        self.sketch(where: isCounted).estimate
    }

    /// Who used the variations that `isCounted` names, together.
    package func sketch(where isCounted: (String) -> Bool = { _ in true }) -> HyperLogLog {
        var union = HyperLogLog()
        for variation in self.variations where isCounted(variation.name) {
            if let users = HyperLogLog(registers: variation.registers) { union.merge(users) }
        }
        return union
    }

    /// Changes a variation's part, which is created when there is none and there is room for it.
    private mutating func withVariation(_ name: String, _ change: (inout Variation) -> Void) {
        var index = self.position(name)
        if index == self.variations.count || self.variations[index].name != name {
            // The last place is kept for all the others.
            let isFull = self.variations.count >= UsageLimits.variationsPerFlagMax - 1
            let kept = isFull ? UsageRow.others : name
            index = self.position(kept)
            if index == self.variations.count || self.variations[index].name != kept {
                self.variations.insert(Variation(name: kept), at: index)
            }
        }
        change(&self.variations[index])
    }

    /// Where the variation is, or belongs, in the order of the names' bytes: no library's idea of
    /// text decides what is stored.
    private func position(_ name: String) -> Int {
        var (low, high) = (0, self.variations.count)
        while low < high {
            let middle = (low + high) / 2
            if self.variations[middle].name.utf8.lexicographicallyPrecedes(name.utf8) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }
}
