internal import Flags
internal import Linearizability

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

        /// A read without an answer says nothing.
        var matters: Bool { self.isWrite || self.outcome == .done }
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

    /// What is wrong with it, if no order of the operations explains what the clients saw.
    ///
    /// The checker knows nothing of revisions, terms or logs: it judges by the values alone.
    func violation() -> String? {
        typealias Model = Register<FlagKey, UInt64>
        var history: [Linearizability.Operation<Model.Input, Model.Output>] = []
        var places: [Int] = []
        for (place, operation) in self.operations.enumerated() where operation.matters {
            let outcome: Linearizability.Outcome<Model.Output>
            switch (operation.outcome, operation.completed) {
            case (.done, .some(let completed)):
                let output = Model.Output.value(operation.value == 0 ? nil : operation.value)
                outcome = .returned(operation.isWrite ? .done : output, at: completed)
            case (.failed, _): outcome = .failed
            default: outcome = .unknown
            }
            places.append(place)
            history.append(
                Linearizability.Operation(
                    input: Model.Input(
                        operation.key,
                        operation.isWrite ? .write(operation.value) : .read
                    ),
                    called: operation.invoked,
                    outcome: outcome
                )
            )
        }
        let judgement = History(Model(), history).check(
            budget: SimulationLimits.linearizabilityStepsMax
        )
        guard judgement.verdict == .notLinearizable else { return nil }
        let stuck = judgement.stuck.map { "\(self.operations[places[$0.operation]])" }
        return "the clients' history is not linearizable, no order goes past \(stuck ?? "it")"
    }
}
