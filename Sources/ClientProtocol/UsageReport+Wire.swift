internal import CMessages
internal import Flags
package import Wire

extension UsageReport: WireMessage {
    /// Company, plan, role and region.
    private static let cellWidth = 4

    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(
            arena.message(bandera__v1__usage_report__init) { message in
                message.environment = self.environment.build(in: arena)
                message.start_ms = self.start.milliseconds
                message.table = self.buildTable(in: arena)
                message.dropped = self.dropped
                message.client = self.client
                message.number = self.number
            }
        )
    }

    private func buildTable(in arena: Arena) -> UnsafeMutablePointer<RawUsageTable>? {
        guard !self.entries.isEmpty || !self.sketches.isEmpty else { return nil }
        var table = UsageTable()
        for entry in self.entries {
            let head = UsageTable.Head(
                flag: table.number(of: entry.flag.rawValue),
                variation: table.number(of: entry.variation)
            )
            let cell = UsageTable.Cell(
                table.number(of: entry.company),
                table.number(of: entry.plan),
                table.number(of: entry.role),
                table.number(of: entry.region)
            )
            table.add(head, cell, entry.counts)
        }
        return table.build(
            cellWidth: Self.cellWidth,
            sketches: self.sketches,
            ofOneEnvironment: true,
            in: arena
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> UsageReport {
        try arena.unpack(bytes, with: bandera__v1__usage_report__unpack) {
            (pointer) throws(WireError) -> UsageReport in
            let raw = pointer.pointee
            var report = UsageReport(
                environment: try EnvironmentID(raw.environment),
                start: Timestamp(milliseconds: raw.start_ms),
                dropped: raw.dropped,
                client: raw.client,
                number: raw.number
            )
            if raw.table != nil {
                try report.read(try UsageTableReader(raw.table, cellWidth: Self.cellWidth))
            }
            return report
        }
    }

    private mutating func read(_ table: UsageTableReader) throws(WireError) {
        var entries: [Entry] = []
        try table.forEachRow { (head, cell, counts) throws(WireError) in
            entries.append(
                Entry(
                    flag: FlagKey(try table.name(head.flag)),
                    variation: try table.name(head.variation),
                    company: try table.name(cell[0]),
                    plan: try table.name(cell[1]),
                    role: try table.name(cell[2]),
                    region: try table.name(cell[3]),
                    counts: counts
                )
            )
        }
        let environment = self.environment
        self.entries = entries
        self.sketches = try table.sketches { _ in environment }
    }
}
