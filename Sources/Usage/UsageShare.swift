internal import Flags

/// What one organization's SDKs reported and is still to be replicated.
struct UsageShare: Sendable {
    /// What of a batch may be filled.
    struct Room {
        /// Rows and sketches that the batch may have.
        var rows: Int
        var sketches: Int
        /// Registers that may be added.
        var registers: Int
        /// Bytes that the batch may have.
        var bytes: Int

        /// Whether what is left is worth another's turn.
        func isEnough(after batch: UsageBatch, _ size: UsageBatchSize) -> Bool {
            batch.rows.count < self.rows && batch.sketches.count < self.sketches
                && self.registers >= UsageLimits.registersPerTurnMin
                && size.bytes + UsageLimits.bytesPerTurnMin <= self.bytes
        }

        /// What one of so many organizations may fill of it.
        func turn(of count: Int, after batch: UsageBatch, _ size: UsageBatchSize) -> Room {
            let bytes = max(self.bytes / count, UsageLimits.bytesPerTurnMin)
            let rows = max(self.rows / count, UsageLimits.rowsPerTurnMin)
            let sketches = max(self.sketches / count, UsageLimits.sketchesPerTurnMin)
            let registers = max(self.registers / count, UsageLimits.registersPerTurnMin)
            return Room(
                rows: min(self.rows, batch.rows.count + rows),
                sketches: min(self.sketches, batch.sketches.count + sketches),
                registers: min(self.registers, registers),
                bytes: min(self.bytes, size.bytes + bytes)
            )
        }
    }

    /// What it takes of what all organizations share.
    struct Extent {
        var rows = 0
        var periods = 0
        var sketches = 0
    }

    private var periods: [UsageAggregator.Period: UsagePeriod] = [:]
    /// Rows that wait, over all periods.
    private(set) var pendingRows = 0
    /// The latest minute that was counted in: values seen in earlier ones are forgotten.
    private var latest = Timestamp(milliseconds: .min)
    var sketches = SketchDesk()

    /// Flags and minutes that are counted.
    var periodCount: Int { self.periods.count }
    var extent: Extent {
        Extent(
            rows: self.pendingRows,
            periods: self.periods.count,
            sketches: self.sketches.count
        )
    }

    /// Whether anything is to be replicated.
    var isPending: Bool { self.pendingRows > 0 || self.sketches.isPending }
    /// Whether nothing of it need be remembered.
    var isForgotten: Bool { self.periods.isEmpty && self.sketches.count == 0 }

    func isCounted(_ period: UsageAggregator.Period) -> Bool { self.periods[period] != nil }

    mutating func add(
        _ occasion: UsageAggregator.Occasion,
        _ counts: UsageCounts,
        in period: UsageAggregator.Period
    ) {
        self.latest = max(self.latest, period.start)
        self.pendingRows += self.periods[period, default: UsagePeriod()].add(occasion, counts)
    }

    /// Adds a row that was drained before.
    mutating func add(_ row: UsageRow, in period: UsageAggregator.Period) {
        self.pendingRows += self.periods[period, default: UsagePeriod()].add(row)
    }

    /// Moves rows, earliest minutes first, and sketches into a batch, as far as there is room.
    mutating func drain(_ room: Room, into batch: inout UsageBatch, size: inout UsageBatchSize) {
        if self.pendingRows > 0 { self.drainRows(room, into: &batch, size: &size) }
        batch.sketches.append(
            contentsOf: self.sketches.drain(
                sketchesMax: max(0, room.sketches - batch.sketches.count),
                registersMax: room.registers,
                bytesMax: room.bytes,
                size: &size
            )
        )
    }

    private mutating func drainRows(
        _ room: Room,
        into batch: inout UsageBatch,
        size: inout UsageBatchSize
    ) {
        let order = self.periods.filter { $0.value.hasRows }.keys.sorted {
            ($0.start, $0.environment, $0.flag) < ($1.start, $1.environment, $1.flag)
        }
        for period in order {
            let count = room.rows - batch.rows.count
            guard count > 0 else { return }
            let rows =
                self.periods[period]?
                .take(count, of: period, bytesMax: room.bytes, size: &size) ?? []
            self.pendingRows -= rows.count
            batch.rows.append(contentsOf: rows)
            // What is left over of a period did not fit.
            if self.periods[period]?.hasRows == true { return }
        }
    }

    /// Forgets minutes that are over: what they have seen no longer bounds anything.
    mutating func forgetPast() {
        let latest = self.latest
        self.periods = self.periods.filter { $0.value.hasRows || $0.key.start >= latest }
    }
}
