internal import Flags

/// One flag's minute on a node: rows by variation and value, with at most so many values of each
/// dimension.
struct UsagePeriod: Sendable {
    private struct Key: Hashable {
        var variation: String
        var dimension: UsageDimension
        var value: String
    }

    private var rows: [Key: UsageCounts] = [:]
    /// The values that are counted by name, by dimension.
    ///
    /// They outlive the rows: a minute is drained several times, and bounded as a whole.
    private var values: [UsageDimension: Set<String>] = [:]
    private var variations: Set<String> = []

    /// Whether anything waits to be drained.
    var hasRows: Bool { !self.rows.isEmpty }

    /// Counts once in all, and once by each dimension that is known; says how many rows are new.
    mutating func add(_ occasion: UsageAggregator.Occasion, _ counts: UsageCounts) -> Int {
        let variation = self.variation(occasion.variation)
        var added = self.add(Key(variation: variation, dimension: .total, value: ""), counts)
        for dimension in UsageDimension.allCases {
            let value: String
            switch dimension {
            case .total: continue
            case .company: value = occasion.company
            case .plan: value = occasion.plan
            case .role: value = occasion.role
            case .region: value = occasion.region
            }
            guard !value.isEmpty else { continue }
            let kept = self.value(value, of: dimension)
            added += self.add(Key(variation: variation, dimension: dimension, value: kept), counts)
        }
        return added
    }

    /// Adds a row that was drained before; says how many rows are new.
    mutating func add(_ row: UsageRow) -> Int {
        let key = Key(variation: row.variation, dimension: row.dimension, value: row.value)
        return self.add(key, row.counts)
    }

    /// Takes out at most `count` rows, in order, while the batch that they go into stays within
    /// `bytesMax`.
    mutating func take(
        _ count: Int,
        of period: UsageAggregator.Period,
        bytesMax: Int,
        size: inout UsageBatchSize
    ) -> [UsageRow] {
        let order = Self.order
        let keys = self.rows.keys.sorted {
            ($0.variation, order($0.dimension), $0.value)
                < ($1.variation, order($1.dimension), $1.value)
        }
        var taken: [UsageRow] = []
        for key in keys.prefix(count) {
            let row = UsageRow(
                environment: period.environment,
                flag: period.flag,
                variation: key.variation,
                dimension: key.dimension,
                value: key.value,
                start: period.start,
                counts: self.rows[key] ?? UsageCounts()
            )
            guard size.admit(row, limit: bytesMax) else { break }
            self.rows[key] = nil
            taken.append(row)
        }
        return taken
    }

    private static func order(_ dimension: UsageDimension) -> Int {
        switch dimension {
        case .total: 0
        case .company: 1
        case .plan: 2
        case .role: 3
        case .region: 4
        }
    }

    private mutating func add(_ key: Key, _ counts: UsageCounts) -> Int {
        let before = self.rows.count
        self.rows[key, default: UsageCounts()].add(counts)
        return self.rows.count - before
    }

    private mutating func value(_ value: String, of dimension: UsageDimension) -> String {
        Self.admit(
            value,
            to: &self.values[dimension, default: []],
            max: UsageLimits.valuesPerDimensionMax
        )
    }

    private mutating func variation(_ name: String) -> String {
        Self.admit(name, to: &self.variations, max: UsageLimits.variationsPerFlagMax)
    }

    /// `text` while there is room for it among the others.
    private static func admit(_ text: String, to seen: inout Set<String>, max: Int) -> String {
        if seen.contains(text) { return text }
        guard seen.count < max, text.utf8.count <= UsageLimits.valueBytesMax else {
            return UsageRow.others
        }
        seen.insert(text)
        return text
    }
}
