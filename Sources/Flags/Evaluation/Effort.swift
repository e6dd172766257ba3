/// What one evaluation may still look up: data from a peer can name itself in circles, or fan out.
struct Effort: ~Copyable {
    private var steps = FlagsLimits.evaluationStepsMax

    init() {}

    /// Whether there were `count` steps left; takes them.
    mutating func spend(_ count: Int = 1) -> Bool {
        guard self.steps >= count else {
            self.steps = 0
            return false
        }
        self.steps -= count
        return true
    }
}
