internal import CMessages
internal import Flags
internal import Wire

extension UsageBatch {
    /// Makes the C form.
    func build(in arena: Arena) -> UnsafeMutablePointer<Bandera__Flags__V1__UsageBatch> {
        arena.message(bandera__flags__v1__usage_batch__init) { message in
            message.node = self.node
            message.table = arena.usage(self.rows, sketches: self.sketches)
            message.n_denied = self.denied.count
            message.denied = arena.messages(
                self.denied,
                bandera__flags__v1__denied_attempt__init
            ) {
                $1.actor = arena.bytes($0.actor)
                $1.organization = arena.bytes($0.organization)
                $1.method = arena.bytes($0.method)
                $1.count = $0.count
            }
            message.n_deliveries = self.deliveries.count
            message.deliveries = arena.messages(
                self.deliveries,
                bandera__flags__v1__delivery_report__init
            ) { report, message in
                message.alert = report.alert.rawValue
                message.delivery = arena.message(bandera__flags__v1__delivery__init) {
                    report.delivery.fill(&$0, in: arena)
                }
            }
            message.dropped = self.dropped
        }
    }

    /// Reads the C form.
    init(_ message: UnsafePointer<Bandera__Flags__V1__UsageBatch>) throws(WireError) {
        let raw = message.pointee
        let (rows, sketches) = try readUsage(raw.table)
        self.init(
            node: raw.node,
            rows: rows,
            sketches: sketches,
            denied: try readMessages(
                raw.n_denied,
                raw.denied,
                max: ClientProtocolLimits.deniedMax,
                "denied"
            ) { (denied) throws(WireError) -> DeniedAttempt in
                DeniedAttempt(
                    actor: try denied.pointee.actor.identifier("actor"),
                    organization: try denied.pointee.organization.identifier("organization"),
                    method: try denied.pointee.method.identifier("method"),
                    count: denied.pointee.count
                )
            },
            deliveries: try readMessages(
                raw.n_deliveries,
                raw.deliveries,
                max: ClientProtocolLimits.deliveriesMax,
                "deliveries"
            ) { (report) throws(WireError) -> DeliveryReport in
                DeliveryReport(
                    alert: Revision(report.pointee.alert),
                    delivery: try Alert.Delivery(try require(report.pointee.delivery, "delivery"))
                )
            },
            dropped: raw.dropped
        )
    }
}

extension Arena {
    /// Builds rows and sketches; `nil` when there are none.
    func usage(
        _ rows: [UsageRow],
        sketches: [UsageSketch] = []
    ) -> UnsafeMutablePointer<RawUsageTable>? {
        guard !rows.isEmpty || !sketches.isEmpty else { return nil }
        var table = UsageTable()
        for row in rows {
            let head = UsageTable.Head(
                organization: table.number(of: row.environment.organization),
                environment: table.number(of: row.environment.environment),
                flag: table.number(of: row.flag.rawValue),
                variation: table.number(of: row.variation),
                start: row.start.milliseconds
            )
            let cell = table.number(of: row.value) << 3 | row.dimension.raw.rawValue
            table.add(head, UsageTable.Cell(cell, 0, 0, 0), row.counts)
        }
        return table.build(cellWidth: 1, sketches: sketches, ofOneEnvironment: false, in: self)
    }
}

/// Reads rows and sketches; absent means none.
func readUsage(
    _ message: UnsafeMutablePointer<RawUsageTable>?
) throws(WireError) -> (rows: [UsageRow], sketches: [UsageSketch]) {
    guard message != nil else { return ([], []) }
    let table = try UsageTableReader(message, cellWidth: 1)
    var rows: [UsageRow] = []
    try table.forEachRow { (head, cell, counts) throws(WireError) in
        rows.append(
            UsageRow(
                environment: EnvironmentID(
                    organization: try table.name(head.organization),
                    environment: try table.name(head.environment)
                ),
                flag: FlagKey(try table.name(head.flag)),
                variation: try table.name(head.variation),
                dimension: try UsageDimension(.init(rawValue: cell[0] & 7)),
                value: try table.name(cell[0] >> 3),
                start: Timestamp(milliseconds: head.start),
                counts: counts
            )
        )
    }
    let sketches = try table.sketches { (sketch) throws(WireError) in
        EnvironmentID(
            organization: try table.name(sketch.organization),
            environment: try table.name(sketch.environment)
        )
    }
    return (rows, sketches)
}

extension UsageDimension: WireEnum {
    /// The C form.
    var raw: Bandera__Flags__V1__UsageDimension {
        switch self {
        case .total: BANDERA__FLAGS__V1__USAGE_DIMENSION__USAGE_DIMENSION_TOTAL
        case .company: BANDERA__FLAGS__V1__USAGE_DIMENSION__USAGE_DIMENSION_COMPANY
        case .plan: BANDERA__FLAGS__V1__USAGE_DIMENSION__USAGE_DIMENSION_PLAN
        case .role: BANDERA__FLAGS__V1__USAGE_DIMENSION__USAGE_DIMENSION_ROLE
        case .region: BANDERA__FLAGS__V1__USAGE_DIMENSION__USAGE_DIMENSION_REGION
        }
    }
}
