internal import Flags
internal import HashTreeCollections
internal import Usage

extension FlagStore {
    /// Adds what a node counted; passes over what is about flags and alerts that there are not.
    mutating func record(_ batch: UsageBatch) -> [Effect] {
        var effects: [Effect] = []
        var changed: Set<PlacedKey> = []
        var rows: [UsageRow] = []
        for counted in batch.rows {
            var row = counted
            row.variation = self.known(row.variation, of: row.flag, in: row.environment)
            let key = PlacedKey(row.environment, row.flag)
            let isKnown = self.changeTotals(key, &changed) { $0.add(row, at: $1) }
            if isKnown { rows.append(row) }
        }
        for counted in batch.sketches {
            var sketch = counted
            sketch.variation = self.known(
                sketch.variation,
                of: sketch.flag,
                in: sketch.environment
            )
            let isKnown = self.changeTotals(
                PlacedKey(sketch.environment, sketch.flag),
                &changed
            ) { totals, _ in
                totals.merge(sketch)
            }
            guard isKnown else { continue }
            self.tenants[sketch.environment.organization]?.users.merge(sparse: sketch.registers)
        }
        if !rows.isEmpty { effects.append(.usage(rows)) }
        for key in changed.sorted() {
            guard let totals = self.places[key.environment]?.totals[key.flag] else { continue }
            effects.append(.totals(totals))
            self.noteEvaluations(of: key.flag, in: key.environment)
        }
        if !batch.denied.isEmpty { effects.append(.denied(batch.denied, at: self.time)) }
        if batch.dropped > 0 {
            let (sum, isOver) = self.dropped.addingReportingOverflow(batch.dropped)
            self.dropped = isOver ? .max : sum
            effects.append(.dropped(self.dropped))
        }
        for report in batch.deliveries {
            if let alert = self.note(report) { effects.append(.alert(alert)) }
        }
        return effects
    }

    /// A variation that a flag has, or none, as it is; any other name stands for all that were made
    /// up, so that no report lets what is kept of a flag grow.
    private func known(
        _ variation: String,
        of key: FlagKey,
        in environment: EnvironmentID
    ) -> String {
        guard !variation.isEmpty, let flag = self.places[environment]?.flags[key]?.flag,
            !flag.variations.contains(where: { $0.name == variation })
        else { return variation }
        return UsageRow.others
    }

    /// Changes a flag's totals; false when there is no such flag.
    private mutating func changeTotals(
        _ key: PlacedKey,
        _ changed: inout Set<PlacedKey>,
        _ change: (inout UsageTotals, Timestamp) -> Void
    ) -> Bool {
        guard self.places[key.environment]?.flags[key.flag] != nil else { return false }
        let empty = UsageTotals(environment: key.environment, flag: key.flag)
        let time = self.time
        if self.places[key.environment]?.totals[key.flag] == nil {
            self.places[key.environment]?.totals[key.flag] = empty
        }
        self.places[key.environment]?.changeTotals(of: key.flag) { change(&$0, time) }
        changed.insert(key)
        return true
    }

    /// Puts a release on the agenda that has been evaluated as often as it must be.
    private mutating func noteEvaluations(of key: FlagKey, in environment: EnvironmentID) {
        guard let id = self.flag(environment, key)?.flag.release,
            let release = self.release(id, of: environment.organization)
        else { return }
        _ = self.store(release)
    }
}

extension FlagStore.Place {
    fileprivate mutating func changeTotals(
        of flag: FlagKey,
        _ change: (inout UsageTotals) -> Void
    ) {
        guard var totals = self.totals.removeValue(forKey: flag) else { return }
        change(&totals)
        self.totals[flag] = totals
    }
}

/// A flag's name in the cluster.
private struct PlacedKey: Hashable, Comparable {
    let environment: EnvironmentID
    let flag: FlagKey

    init(_ environment: EnvironmentID, _ flag: FlagKey) {
        self.environment = environment
        self.flag = flag
    }

    static func < (lhs: PlacedKey, rhs: PlacedKey) -> Bool {
        (lhs.environment, lhs.flag) < (rhs.environment, rhs.flag)
    }
}
