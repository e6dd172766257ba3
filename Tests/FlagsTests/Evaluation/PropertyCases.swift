import FoundationEssentials

/// How many cases a property is tried with, and what chance begins from.
enum PropertyCases {
    /// `BANDERA_PROPERTY_CASES`, for a longer or a quicker run, else `full`.
    static func count(_ full: Int) -> Int {
        Self.number("BANDERA_PROPERTY_CASES").map { Int(clamping: $0) } ?? full
    }

    /// `BANDERA_PROPERTY_SEED`, else any; printed, so that a failure can be replayed.
    static func seed(_ name: String) -> UInt64 {
        let seed = Self.number("BANDERA_PROPERTY_SEED") ?? UInt64.random(in: 1...999_999)
        print("\(name): BANDERA_PROPERTY_SEED=\(seed)")
        return seed
    }

    private static func number(_ name: String) -> UInt64? {
        ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
    }
}

extension SeededGenerator {
    /// A number from 0 up to, not including, `bound`.
    mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }

    /// Whether something happens that happens once in `count` times.
    mutating func isOne(in count: Int) -> Bool { self.below(count) == 0 }

    /// One of `choices`, which are not empty.
    mutating func pick<Choice>(_ choices: [Choice]) -> Choice { choices[self.below(choices.count)] }

    /// Up to `most` of `choices`, repeats allowed.
    mutating func some<Choice>(_ choices: [Choice], most: Int) -> [Choice] {
        (0..<self.below(most + 1)).map { _ in self.pick(choices) }
    }
}
