/// Whether a history is linearizable.
package enum Verdict: String, Hashable, Sendable {
    case linearizable
    case notLinearizable = "not-linearizable"
    /// The budget ended before the answer was found.
    case unknown
}

/// The answer of a check.
package struct Judgement: Hashable, Sendable {
    package let verdict: Verdict
    /// How many steps of the model it took.
    package let steps: Int
    /// Where the longest order ends, if the history is not linearizable.
    package let stuck: Stuck?

    /// The operation that the longest order found cannot go past.
    package struct Stuck: Hashable, Sendable {
        /// The position in `History.operations`.
        package let operation: Int
        /// How many operations on the same object could be put in order before.
        package let ordered: Int
        package let of: Int
    }
}

extension History {
    /// Decides whether an order of the operations exists that the model allows.
    ///
    /// The objects take turns, because one that is not linearizable decides and is often found
    /// quickly, while another one takes for ever. The budget is for all of them together.
    package func check(budget: Int = LinearizabilityLimits.stepsDefault) -> Judgement {
        precondition(budget >= 0, "a budget of \(budget) steps")
        var searches = self.partitions().map { Search(self, $0) }
        var steps = 0
        var turn = LinearizabilityLimits.firstTurnSteps
        var isUndecided = false
        while !searches.isEmpty {
            var left: [Int] = []
            for place in searches.indices {
                let before = searches[place].steps
                let answer = searches[place].run(steps: min(turn, budget - steps))
                steps += searches[place].steps - before
                switch answer {
                case .linearizable: break
                case .paused: left.append(place)
                case .tooLarge: isUndecided = true
                case .notLinearizable:
                    let stuck = searches[place].stuck
                    return Judgement(verdict: .notLinearizable, steps: steps, stuck: stuck)
                }
            }
            if steps >= budget, !left.isEmpty { isUndecided = true }
            searches = steps >= budget ? [] : left.map { searches[$0] }
            turn *= LinearizabilityLimits.turnGrowth
        }
        let verdict = isUndecided ? Verdict.unknown : .linearizable
        return Judgement(verdict: verdict, steps: steps, stuck: nil)
    }

    /// The positions of the operations on each object, in order of its first operation.
    private func partitions() -> [[Int]] {
        var places: [Model.Key: Int] = [:]
        var partitions: [[Int]] = []
        for (position, operation) in self.operations.enumerated() {
            let key = self.model.key(of: operation.input)
            if let place = places[key] {
                partitions[place].append(position)
            } else {
                places[key] = partitions.count
                partitions.append([position])
            }
        }
        return partitions
    }
}
