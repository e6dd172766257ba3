/// The search for an order of the operations on one object (Wing and Gong, 1993).
///
/// Depth first, over a list of calls and returns in real-time order: the next operation may be any
/// whose call comes before the first return that is left. An operation whose outcome is unknown has
/// no return; it is taken only where it changes the state, and it need never be taken.
struct Search<Model: SequentialModel> {
    enum Answer {
        case linearizable
        case notLinearizable
        /// The steps of this turn ended.
        case paused
        /// There is no memory left for what was seen.
        case tooLarge
    }

    /// Something to try next.
    private enum Candidate {
        /// An entry of the list: a call, or the return at which the calls end.
        case entry(Int)
        /// An operation of unknown outcome, if it was called before the entry `boundary`.
        case indefinite(Int, boundary: Int)
    }

    /// What was taken, and how to go back.
    private struct Taken {
        let candidate: Candidate
        let state: Int
        /// Nothing is lost by having taken it at once, so no other candidate is tried.
        let isForced: Bool
    }

    private let model: Model
    private let operations: [Operation<Model.Input, Model.Output>]
    private var list: EntryList
    private var states: StateTable<Model.State>
    private var state = 0
    private var taken: [Taken] = []
    private var definite: OperationSet
    private var indefinite: OperationSet
    private var seen = SeenConfigurations()
    private var key: [UInt64] = []
    private var candidate: Candidate
    private var stepsMax = 0

    private(set) var steps = 0
    /// Where the longest order so far ends.
    private(set) var stuck: Judgement.Stuck?

    init(_ history: History<Model>, _ members: [Int]) {
        self.model = history.model
        self.operations = history.operations
        self.list = EntryList(history, members)
        self.states = StateTable(initial: history.model.initial)
        self.definite = OperationSet(count: self.list.definite.count, salt: 0)
        self.indefinite = OperationSet(count: self.list.indefinite.count, salt: 1 << 63)
        self.candidate = .entry(self.list.first)
    }

    /// Goes on for so many steps.
    mutating func run(steps: Int) -> Answer {
        self.stepsMax = self.steps + steps
        while !self.list.isEmpty {
            if self.seen.isFull { return .tooLarge }
            switch self.candidate {
            case .entry(let entry) where self.list.isReturn(entry):
                self.note(blockedBy: entry)
                self.candidate = .indefinite(0, boundary: entry)
            case .entry(let entry):
                guard self.steps < self.stepsMax else { return .paused }
                self.candidate = .entry(
                    self.take(entry) ? self.list.first : self.list.next(entry)
                )
            case .indefinite(let number, let boundary):
                guard number < self.list.indefinite.count,
                    self.list.indefinite[number].entry <= boundary
                else {
                    guard self.goBack() else { return .notLinearizable }
                    continue
                }
                guard self.steps < self.stepsMax else { return .paused }
                self.candidate =
                    self.takeIndefinite(number, boundary)
                    ? .entry(self.list.first) : .indefinite(number + 1, boundary: boundary)
            }
        }
        return .linearizable
    }

    /// Gives back what was taken last, to try the next candidate instead of it.
    ///
    /// Returns false if there is nothing to give back.
    private mutating func goBack() -> Bool {
        while let last = self.taken.popLast() {
            self.state = last.state
            switch last.candidate {
            case .entry(let entry):
                self.list.restore(entry)
                self.definite.remove(self.list.number(of: entry))
                guard !last.isForced else { continue }
                self.candidate = .entry(self.list.next(entry))
            case .indefinite(let number, let boundary):
                self.indefinite.remove(number)
                self.candidate = .indefinite(number + 1, boundary: boundary)
            }
            return true
        }
        return false
    }

    private mutating func take(_ entry: Int) -> Bool {
        let number = self.list.number(of: entry)
        let operation = self.operations[self.list.definite[number]]
        guard case .returned(let output, _) = operation.outcome else {
            preconditionFailure("the outcome of \(number) is not known")
        }
        guard let state = self.step(operation.input, output) else { return false }
        self.definite.insert(number)
        guard self.isNew(state) else {
            self.definite.remove(number)
            return false
        }
        let isForced = self.model.isObservation(operation.input, output)
        precondition(!isForced || state == self.state, "an observation changed the state")
        self.taken.append(
            Taken(candidate: .entry(entry), state: self.state, isForced: isForced)
        )
        self.list.lift(entry)
        self.state = state
        return true
    }

    private mutating func takeIndefinite(_ number: Int, _ boundary: Int) -> Bool {
        let candidate = self.list.indefinite[number]
        // Of equal operations the one that was called first can stand for any of them.
        if let twin = candidate.twin, !self.indefinite.contains(twin) { return false }
        guard !self.indefinite.contains(number) else { return false }
        let input = self.operations[candidate.operation].input
        // One that changes nothing here is better kept for where it does.
        guard let state = self.step(input, nil), state != self.state else { return false }
        self.indefinite.insert(number)
        guard self.isNew(state) else {
            self.indefinite.remove(number)
            return false
        }
        self.taken.append(
            Taken(
                candidate: .indefinite(number, boundary: boundary),
                state: self.state,
                isForced: false
            )
        )
        self.state = state
        return true
    }

    private mutating func step(_ input: Model.Input, _ output: Model.Output?) -> Int? {
        self.steps += 1
        guard let state = self.model.step(self.states[self.state], input, output) else {
            return nil
        }
        return self.states.number(of: state)
    }

    private mutating func isNew(_ state: Int) -> Bool {
        self.key.removeAll(keepingCapacity: true)
        self.key.append(UInt64(state))
        self.definite.describe(into: &self.key)
        self.indefinite.describe(into: &self.key)
        let hash = self.definite.hash ^ self.indefinite.hash ^ mixed(UInt64(state) ^ 1 << 62)
        return self.seen.insert(self.key, hash: hash)
    }

    private mutating func note(blockedBy entry: Int) {
        let ordered = self.list.definite.count - self.list.remaining
        guard ordered >= self.stuck?.ordered ?? 0 else { return }
        self.stuck = Judgement.Stuck(
            operation: self.list.definite[self.list.number(of: entry)],
            ordered: ordered,
            of: self.list.definite.count
        )
    }
}

/// Numbers for states, so that a configuration holds one word of it.
private struct StateTable<State: Hashable> {
    private var numbers: [State: Int]
    private var states: [State]

    init(initial: State) {
        self.numbers = [initial: 0]
        self.states = [initial]
    }

    subscript(_ number: Int) -> State { self.states[number] }

    mutating func number(of state: State) -> Int {
        if let known = self.numbers[state] { return known }
        self.numbers[state] = self.states.count
        self.states.append(state)
        return self.states.count - 1
    }
}
