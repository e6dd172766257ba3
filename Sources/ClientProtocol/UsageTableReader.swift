internal import CMessages
internal import Flags
internal import Wire

/// Reads a table of usage, and checks every number in it.
struct UsageTableReader {
    private let raw: RawUsageTable
    /// What is named by number.
    private let names: [String]
    private let cellWidth: Int

    /// Reads the names of a table, which must be there.
    init(
        _ message: UnsafeMutablePointer<RawUsageTable>?,
        cellWidth: Int
    ) throws(WireError) {
        let raw = try require(message, "table").pointee
        self.raw = raw
        self.cellWidth = cellWidth
        self.names =
            [""]
            + (try readIdentifiers(
                raw.n_names,
                raw.names,
                max: ClientProtocolLimits.usageNamesMax,
                "names"
            ))
    }

    /// The name with a number.
    func name(_ number: UInt32) throws(WireError) -> String {
        guard number < self.names.count else {
            throw WireError(code: .outOfRange, message: "there is no name \(number)")
        }
        return self.names[Int(number)]
    }

    /// Hands out every row: what its group has in common, its cell and its counts.
    func forEachRow(
        _ body: (UsageTable.Head, UsageTable.Cell, UsageCounts) throws(WireError) -> Void
    ) throws(WireError) {
        var start: Int64 = 0
        var rowsLeft = ClientProtocolLimits.usageRowsMax
        let groups = try readMessages(
            self.raw.n_groups,
            self.raw.groups,
            max: ClientProtocolLimits.usageRowsMax,
            "groups"
        ) { (group) throws(WireError) -> RawUsageGroup in group.pointee }
        for group in groups {
            start &+= group.start_after_ms
            let head = UsageTable.Head(
                organization: group.organization,
                environment: group.environment,
                flag: group.flag,
                variation: group.variation,
                start: start
            )
            var rows = UsageRowReader(
                UnsafeBufferPointer(start: group.rows, count: group.n_rows),
                cells: self.raw.n_cells / self.cellWidth
            )
            while let row = try rows.next() {
                guard rowsLeft > 0 else {
                    throw WireError(code: .tooLarge, message: "too many rows of usage")
                }
                rowsLeft -= 1
                try body(head, self.cell(row.cell), row.counts)
            }
        }
    }

    private func cell(_ number: Int) -> UsageTable.Cell {
        var cell = UsageTable.Cell()
        guard let cells = self.raw.cells else { return cell }
        for index in 0..<self.cellWidth { cell[index] = cells[number * self.cellWidth + index] }
        return cell
    }

    /// Reads the sketches; `environment` says whose a sketch is.
    func sketches(
        _ environment: (RawUsageSketch) throws(WireError) -> EnvironmentID
    ) throws(WireError) -> [UsageSketch] {
        try readMessages(
            self.raw.n_sketches,
            self.raw.sketches,
            max: ClientProtocolLimits.usageSketchesMax,
            "sketches"
        ) { (message) throws(WireError) -> UsageSketch in
            UsageSketch(
                environment: try environment(message.pointee),
                flag: FlagKey(try self.name(message.pointee.flag)),
                variation: try self.name(message.pointee.variation),
                registers: try readRegisters(message.pointee)
            )
        }
    }
}

/// Reads the registers of a sketch: they come out sorted, each once, whatever the bytes are.
private func readRegisters(_ sketch: RawUsageSketch) throws(WireError) -> [UInt16] {
    var registers: [UInt16] = []
    var next: UInt32 = 0
    for register in UnsafeBufferPointer(start: sketch.registers, count: sketch.n_registers) {
        let index = next + register >> 6
        let rank = register & 63
        guard index < ClientProtocolLimits.usageRegistersMax,
            (1...ClientProtocolLimits.usageRankMax).contains(rank)
        else {
            throw WireError(code: .outOfRange, message: "there is no register \(index), \(rank)")
        }
        registers.append(UInt16(index << 6 | rank))
        next = index + 1
    }
    return registers
}

/// Takes the rows of a group apart.
private struct UsageRowReader {
    private let numbers: UnsafeBufferPointer<UInt64>
    private let cells: Int
    private var position = 0
    private var cell = -1

    init(_ numbers: UnsafeBufferPointer<UInt64>, cells: Int) {
        self.numbers = numbers
        self.cells = cells
    }

    /// The next row; `nil` at the end.
    mutating func next() throws(WireError) -> (cell: Int, counts: UsageCounts)? {
        guard self.position < self.numbers.count else { return nil }
        let head = try self.take()
        let step = Int64(bitPattern: head >> 2) ^ -Int64(head >> 1 & 1)
        self.cell = self.cell &+ 1 &+ Int(step)
        guard (0..<self.cells).contains(self.cell) else {
            throw WireError(code: .outOfRange, message: "there is no cell \(self.cell)")
        }
        let mask = head & 1 == 0 ? UInt64(UsageCounts.onlyEvaluations) : try self.take()
        guard mask < 1 << UsageCounts.count else {
            throw WireError(code: .outOfRange, message: "a count of no known kind")
        }
        var counts = UsageCounts()
        for index in 0..<UsageCounts.count where mask & 1 << index != 0 {
            counts[index] = try self.take()
        }
        return (self.cell, counts)
    }

    private mutating func take() throws(WireError) -> UInt64 {
        guard self.position < self.numbers.count else {
            throw WireError(code: .malformed, message: "a row of usage is cut off")
        }
        defer { self.position += 1 }
        return self.numbers[self.position]
    }
}
