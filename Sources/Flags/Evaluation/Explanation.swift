/// How an evaluation came about, step by step.
public struct Explanation: Hashable, Sendable {
    /// One step of the evaluation order (design, section 7).
    public struct Step: Hashable, Sendable {
        /// For example `prerequisite`, `override`, `rule`.
        public var name: String
        /// What it looked at, for people: names and values.
        public var inputs: [Value.Field]
        /// What came of it, for people, such as `no match`, `matched`, `serves on`.
        public var outcome: String
        /// Whether the evaluation ended here.
        public var isDecisive: Bool

        /// Creates a step.
        public init(
            name: String,
            inputs: [Value.Field] = [],
            outcome: String,
            isDecisive: Bool = false
        ) {
            self.name = name
            self.inputs = inputs
            self.outcome = outcome
            self.isDecisive = isDecisive
        }
    }

    /// In order; the last one decided.
    public var steps: [Step]
    /// What came of it: the same as without an explanation.
    public var evaluation: Evaluation
    /// Operators in the flag that this version does not know: such clauses are false.
    public var unknownOperators: [String]

    /// Creates an explanation.
    public init(steps: [Step], evaluation: Evaluation, unknownOperators: [String] = []) {
        self.steps = steps
        self.evaluation = evaluation
        self.unknownOperators = unknownOperators
    }
}
