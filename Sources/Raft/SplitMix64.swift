/// Seeded randomness: the same seed gives the same node, bit for bit (Steele et al., SplitMix).
package struct SplitMix64: Hashable, Sendable {
    private var state: UInt64

    package init(seed: UInt64) { self.state = seed }

    /// The next 64 random bits.
    package mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = self.state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number within the range, both ends included.
    package mutating func next(in range: ClosedRange<UInt64>) -> UInt64 {
        let width = range.upperBound - range.lowerBound
        precondition(width < UInt64.max, "the width of \(range) must not overflow")
        // The bias of the multiplication is far below what an election could notice.
        let (high, _) = self.next().multipliedFullWidth(by: width + 1)
        precondition(high <= width, "\(high) exceeds \(width)")
        return range.lowerBound + high
    }
}
