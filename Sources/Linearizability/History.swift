/// How an operation ended, as its client knows it.
package enum Outcome<Output: Sendable>: Sendable {
    /// It was done, at some moment before this time; what it answered can be unknown.
    case returned(Output?, at: UInt64)
    /// It was not done and never will be.
    case failed
    /// It can have been done, can still be done at any later time, or never.
    case unknown
}

/// One operation of one client.
package struct Operation<Input: Sendable, Output: Sendable>: Sendable {
    package let input: Input
    /// It was not done before this time.
    package let called: UInt64
    package var outcome: Outcome<Output>

    package init(input: Input, called: UInt64, outcome: Outcome<Output> = .unknown) {
        self.input = input
        self.called = called
        self.outcome = outcome
    }
}

/// What clients asked and were answered.
///
/// Record every call when it is made and every answer when it arrives: the order of these calls is
/// the real-time order. An operation without an answer counts as one that may still happen.
package struct History<Model: SequentialModel>: Sendable {
    package let model: Model
    package private(set) var operations: [Operation<Model.Input, Model.Output>] = []
    private var time: UInt64 = 0

    package init(_ model: Model) { self.model = model }

    /// Takes operations with times of their own, such as those of several processes on one clock.
    ///
    /// What returned at the very time at which another was called counts as overlapping it.
    package init(_ model: Model, _ operations: [Operation<Model.Input, Model.Output>]) {
        self.model = model
        self.operations = operations
        for operation in operations {
            self.time = max(self.time, operation.called)
            guard case .returned(_, let at) = operation.outcome else { continue }
            precondition(at >= operation.called, "returned at \(at), called \(operation.called)")
            self.time = max(self.time, at)
        }
    }

    /// A client calls; the result names the operation.
    package mutating func call(_ input: Model.Input) -> Int {
        self.time += 1
        self.operations.append(Operation(input: input, called: self.time))
        return self.operations.count - 1
    }

    /// An operation was answered.
    package mutating func returned(_ operation: Int, _ output: Model.Output?) {
        self.time += 1
        self.end(operation, .returned(output, at: self.time))
    }

    /// An operation was refused: it was not done and never will be.
    package mutating func failed(_ operation: Int) { self.end(operation, .failed) }

    private mutating func end(_ operation: Int, _ outcome: Outcome<Model.Output>) {
        guard case .unknown = self.operations[operation].outcome else {
            preconditionFailure("operation \(operation) ended twice")
        }
        self.operations[operation].outcome = outcome
    }
}
