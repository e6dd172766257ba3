internal import CMessages
internal import Flags
internal import Wire

typealias RawDelivery = Bandera__Flags__V1__Delivery

extension Alert {
    /// Sets the fields of the C form.
    func fill(_ message: inout Bandera__Flags__V1__Alert, in arena: Arena) {
        message.id = self.id.rawValue
        message.flag = arena.flagID(self.environment, self.flag)
        message.kind = self.kind.raw
        message.message = arena.bytes(self.message)
        message.raised_at_ms = self.raisedAt.milliseconds
        message.raised_by = arena.bytes(self.raisedBy)
        if let acknowledgedAt = self.acknowledgedAt {
            message.acknowledged_case = BANDERA__FLAGS__V1__ALERT__ACKNOWLEDGED_ACKNOWLEDGED_AT_MS
            message.acknowledged_at_ms = acknowledgedAt.milliseconds
        }
        message.acknowledged_by = arena.bytes(self.acknowledgedBy)
        message.n_deliveries = self.deliveries.count
        message.deliveries = arena.messages(
            self.deliveries,
            bandera__flags__v1__delivery__init
        ) { $0.fill(&$1, in: arena) }
    }

    /// Reads the C form.
    init(_ message: UnsafePointer<Bandera__Flags__V1__Alert>) throws(WireError) {
        let raw = message.pointee
        let flag = try readFlagID(raw.flag)
        let isAcknowledged =
            raw.acknowledged_case == BANDERA__FLAGS__V1__ALERT__ACKNOWLEDGED_ACKNOWLEDGED_AT_MS
        self.init(
            id: Revision(raw.id),
            environment: flag.environment,
            flag: flag.key,
            kind: try Kind(raw.kind),
            message: try raw.message.text("message"),
            raisedAt: Timestamp(milliseconds: raw.raised_at_ms),
            raisedBy: try raw.raised_by.identifier("raised by"),
            acknowledgedAt: isAcknowledged
                ? Timestamp(milliseconds: raw.acknowledged_at_ms) : nil,
            acknowledgedBy: try raw.acknowledged_by.identifier("acknowledged by"),
            deliveries: try readMessages(
                raw.n_deliveries,
                raw.deliveries,
                max: ClientProtocolLimits.deliveriesMax,
                "deliveries"
            ) { (delivery) throws(WireError) -> Delivery in try Delivery(delivery) }
        )
    }
}

extension Alert.Delivery {
    /// Sets the fields of the C form.
    func fill(_ message: inout RawDelivery, in arena: Arena) {
        message.region = arena.bytes(self.region)
        message.node = self.node
        message.watchers = self.watchers
        message.acknowledged = self.acknowledged
        message.milliseconds = self.milliseconds
    }

    /// Reads the C form.
    init(_ message: UnsafePointer<RawDelivery>) throws(WireError) {
        let raw = message.pointee
        self.init(
            region: try raw.region.identifier("region"),
            node: raw.node,
            watchers: raw.watchers,
            acknowledged: raw.acknowledged,
            milliseconds: raw.milliseconds
        )
    }
}

extension Alert.Kind: WireEnum {
    /// The C form.
    var raw: Bandera__Flags__V1__AlertKind {
        switch self {
        case .emergencyRollback: BANDERA__FLAGS__V1__ALERT_KIND__ALERT_KIND_EMERGENCY_ROLLBACK
        case .rollback: BANDERA__FLAGS__V1__ALERT_KIND__ALERT_KIND_ROLLBACK
        case .releaseStopped: BANDERA__FLAGS__V1__ALERT_KIND__ALERT_KIND_RELEASE_STOPPED
        }
    }
}
