package import Flags

/// How large a batch becomes when it is written down: never less than its encoding has.
///
/// Names are counted once, as they are written once; everything else as if it took the most room
/// that it can. Rows must be admitted in the order in which they are in the batch.
package struct UsageBatchSize: Sendable {
    /// What rows have in common that are written as one group.
    private struct Group: Equatable {
        var environment: EnvironmentID
        var flag: FlagKey
        var variation: String
        var start: Timestamp
    }

    /// A field's number and its length.
    private static let headerBytes = 6
    /// A number of up to 64 bits, with its field's number.
    private static let numberBytes = 11
    /// The number of a name, with its field's.
    private static let nameNumberBytes = 4

    /// An upper bound of the encoded bytes of what was admitted.
    package private(set) var bytes = 8 * Self.numberBytes
    private var names: Set<String> = []
    private var group: Group?

    /// The size of a batch with nothing in it.
    package init() {}

    /// Counts a row, unless the batch would become larger than `limit` with it.
    package mutating func admit(_ row: UsageRow, limit: Int) -> Bool {
        let group = Group(
            environment: row.environment,
            flag: row.flag,
            variation: row.variation,
            start: row.start
        )
        // Its cell, the head and the mask.
        var cost = 5 + 5 + 2 + row.counts.bytes
        if group != self.group {
            cost += 2 * Self.headerBytes + 4 * Self.nameNumberBytes + Self.numberBytes
        }
        let names = [
            row.environment.organization, row.environment.environment, row.flag.rawValue,
            row.variation, row.value,
        ]
        guard self.admit(cost, names: names, limit: limit) else { return false }
        self.group = group
        return true
    }

    /// Counts a sketch, unless the batch would become larger than `limit` with it.
    package mutating func admit(_ sketch: UsageSketch, limit: Int) -> Bool {
        // Of a register there are 16 bits.
        let cost =
            2 * Self.headerBytes + 4 * Self.nameNumberBytes + 3 * sketch.registers.count
        let names = [
            sketch.environment.organization, sketch.environment.environment,
            sketch.flag.rawValue, sketch.variation,
        ]
        return self.admit(cost, names: names, limit: limit)
    }

    /// Counts a refused call, unless the batch would become larger than `limit` with it.
    package mutating func admit(_ attempt: DeniedAttempt, limit: Int) -> Bool {
        let texts =
            attempt.actor.utf8.count + attempt.organization.utf8.count + attempt.method.utf8.count
        return self.admit(4 * Self.headerBytes + texts + Self.numberBytes, names: [], limit: limit)
    }

    /// Counts a report, unless the batch would become larger than `limit` with it.
    package mutating func admit(_ report: DeliveryReport, limit: Int) -> Bool {
        let region = Self.headerBytes + report.delivery.region.utf8.count
        return self.admit(
            2 * Self.headerBytes + region + 5 * Self.numberBytes,
            names: [],
            limit: limit
        )
    }

    private mutating func admit(_ cost: Int, names: [String], limit: Int) -> Bool {
        var cost = cost
        for name in names where !name.isEmpty && !self.names.contains(name) {
            cost += Self.headerBytes + name.utf8.count
        }
        guard self.bytes + cost <= limit else { return false }
        self.bytes += cost
        self.names.formUnion(names)
        return true
    }
}

extension UsageCounts {
    /// What the counts that are not 0 take when they are written down.
    fileprivate var bytes: Int {
        var sum = 0
        func add(_ count: UInt64) {
            if count != 0 { sum += (70 - count.leadingZeroBitCount) / 7 }
        }
        add(self.evaluations)
        add(self.views)
        add(self.clicks)
        add(self.errors)
        add(self.conversions)
        add(self.latencies)
        add(self.latencyMicroseconds)
        add(self.feedbacks)
        add(self.feedbackThousandths)
        return sum
    }
}
