internal import Flags

/// What clients did, as they saw it: the input of the linearizability check.
struct ClientHistory {
    enum Outcome: Hashable {
        case pending
        case done
        case failed
        /// It may have happened at any time since it was invoked, or may still happen.
        case unknown
    }

    struct Operation: Hashable {
        let client: Int
        let key: FlagKey
        let isWrite: Bool
        var value: UInt64
        let invoked: SimulatedTime
        var completed: SimulatedTime?
        var outcome = Outcome.pending
    }

    private(set) var operations: [Operation] = []

    /// An operation begins; returns where it is recorded, if it is one on a register.
    mutating func invoked(
        _ client: Int,
        _ kind: ClientOperation.Kind,
        _ key: FlagKey,
        at time: SimulatedTime
    ) -> Int? {
        var written: UInt64?
        switch kind {
        case .write(let value): written = value
        case .read: break
        case .openSession, .readAtLeast: return nil
        }
        self.operations.append(
            Operation(
                client: client,
                key: key,
                isWrite: written != nil,
                value: written ?? 0,
                invoked: time
            )
        )
        return self.operations.count - 1
    }

    /// The client knows, or gives up.
    mutating func completed(
        _ position: Int?,
        _ outcome: Outcome,
        value: UInt64? = nil,
        at time: SimulatedTime
    ) {
        guard let position else { return }
        self.operations[position].outcome = outcome
        self.operations[position].completed = time
        if let value { self.operations[position].value = value }
    }
}
