internal import Flags
internal import HashTreeCollections

extension FlagStore {
    /// Raises an alert about the flag of a row; forgets the oldest of too many.
    mutating func raise(
        _ kind: Alert.Kind,
        of row: HistoryRow,
        _ message: String,
        _ stamp: CommandStamp
    ) -> [Effect] {
        let alert = Alert(
            id: stamp.revision,
            environment: row.environment,
            flag: row.after.key,
            kind: kind,
            message: message,
            // What is measured from here on are moments of nodes' clocks, not of the store's.
            raisedAt: stamp.time,
            raisedBy: stamp.actor
        )
        var effects: [Effect] = [.alert(alert)]
        if let forgotten = self.keep(alert) { effects.append(.alertForgotten(forgotten)) }
        effects.append(self.history(of: alert, .create, before: nil, stamp))
        return effects
    }

    mutating func acknowledge(
        _ id: Revision,
        of organization: String,
        _ stamp: CommandStamp
    ) throws(Refusal) -> [Effect] {
        guard let before = self.tenants[organization]?.alerts[id] else {
            throw .missing("alert \(id)", in: organization)
        }
        guard before.acknowledgedAt == nil else { return [] }
        var after = before
        after.acknowledgedAt = self.time
        after.acknowledgedBy = stamp.actor
        self.tenants[organization]?.alerts.set(after, for: id)
        return [.alert(after), self.history(of: after, .acknowledge, before: before, stamp)]
    }

    /// Notes how a node delivered the change that an alert is about; `nil` for one that is not
    /// kept.
    mutating func note(_ report: DeliveryReport) -> Alert? {
        guard let organization = self.alertHomes[report.alert],
            var alert = self.tenants[organization]?.alerts[report.alert]
        else { return nil }
        alert.deliveries.removeAll { $0.hasPlace(of: report.delivery) }
        guard alert.deliveries.count < self.limits.deliveriesPerAlertMax else { return nil }
        let index = alert.deliveries.firstIndex { report.delivery.precedes($0) }
        alert.deliveries.insert(report.delivery, at: index ?? alert.deliveries.endIndex)
        self.tenants[organization]?.alerts.set(alert, for: alert.id)
        return alert
    }

    /// Keeps an alert that is newer than all others; gives the one that had to go for it.
    mutating func keep(_ alert: Alert) -> Revision? {
        let organization = alert.environment.organization
        self.tenants[organization]?.alerts.set(alert, for: alert.id)
        self.alertHomes[alert.id] = organization
        let forgotten = self.tenants[organization]?.alerts.end(
            alert.id,
            keeping: self.limits.alertsMax
        )
        if let forgotten { self.alertHomes[forgotten] = nil }
        return forgotten
    }

    private func history(
        of alert: Alert,
        _ action: HistoryAction,
        before: Alert?,
        _ stamp: CommandStamp
    ) -> Effect {
        self.history(
            .alert,
            alert.id.description,
            of: alert.environment.organization,
            in: alert.environment,
            action,
            before: before?.document ?? .null,
            after: alert.document,
            stamp
        )
    }
}

extension Alert.Delivery {
    fileprivate func hasPlace(of other: Alert.Delivery) -> Bool {
        self.region == other.region && self.node == other.node
    }

    fileprivate func precedes(_ other: Alert.Delivery) -> Bool {
        (self.region, self.node) < (other.region, other.node)
    }
}
