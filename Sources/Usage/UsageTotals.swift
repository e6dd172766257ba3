package import Flags

/// Everything that was ever reported of one flag, added up: what its metrics are computed from.
package struct UsageTotals: Hashable, Sendable {
    /// One variation's part.
    package struct Variation: Hashable, Sendable {
        /// Its name; empty for evaluations that gave none.
        package var name: String
        /// What happened.
        package var counts: UsageCounts
        /// Who used it: the 1,024 registers of a HyperLogLog, or empty for nobody.
        package var registers: [UInt8]

        package init(name: String, counts: UsageCounts = UsageCounts(), registers: [UInt8] = []) {
            self.name = name
            self.counts = counts
            self.registers = registers
        }
    }

    /// Where the flag lives.
    package var environment: EnvironmentID
    /// Which flag.
    package var flag: FlagKey
    /// Sorted by name.
    package var variations: [Variation]
    /// When the last report came.
    package var lastUpdated: Timestamp

    package init(
        environment: EnvironmentID,
        flag: FlagKey,
        variations: [Variation] = [],
        lastUpdated: Timestamp = Timestamp(milliseconds: 0)
    ) {
        self.environment = environment
        self.flag = flag
        self.variations = variations
        self.lastUpdated = lastUpdated
    }

    /// Evaluations of all variations.
    package var evaluations: UInt64 {
        self.variations.reduce(0) { sum, variation in
            let (next, isOver) = sum.addingReportingOverflow(variation.counts.evaluations)
            return isOver ? .max : next
        }
    }
}
