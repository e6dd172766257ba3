/// A seeded source of chance (SplitMix64), so that a failure can be repeated.
package struct Chance: RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) { self.state = seed }

    package mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = self.state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    package mutating func bytes(_ range: ClosedRange<Int>) -> [UInt8] {
        let count = Int.random(in: range, using: &self)
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &self) }
    }

    package mutating func string(_ range: ClosedRange<Int> = 0...12) -> String {
        let alphabet: [Character] = ["a", "Z", "0", "-", "é", "日", "\u{0}", "🏴", "\"", "\n"]
        let count = Int.random(in: range, using: &self)
        return String(
            (0..<count).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &self)] }
        )
    }

    /// Small numbers more often than large ones, and the extremes.
    package mutating func number() -> UInt32 {
        switch Int.random(in: 0..<4, using: &self) {
        case 0: 0
        case 1: UInt32.max
        case 2: UInt32.random(in: 0...300, using: &self)
        default: UInt32.random(in: .min ... .max, using: &self)
        }
    }

    /// A fresh seed for a test, printed so that its failure can be repeated.
    package static func printedSeed(_ test: String = #function) -> UInt64 {
        let seed = UInt64.random(in: .min ... .max)
        print("seed \(seed) in \(test)")
        return seed
    }
}
