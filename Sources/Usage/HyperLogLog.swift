internal import Checksum

/// An estimate of how many distinct keys were seen, in 1,024 bytes and to about 3 %.
///
/// HyperLogLog (Flajolet et al., 2007) with precision 10 over XXH64 of the key's UTF-8, seed 0. Each
/// register keeps the greatest rank seen: the union of two sketches is the maximum of their
/// registers, in any order and any number of times. The estimator is Ertl's (New cardinality
/// estimation algorithms for HyperLogLog sketches, 2017, algorithm 6): it needs neither a
/// correction for small numbers nor tables, and only arithmetic that is the same on every machine.
package struct HyperLogLog: Hashable, Sendable {
    /// Bits of the hash that choose the register.
    package static let precision = 10
    /// How many registers there are.
    package static let registerCount = 1 << Self.precision
    /// The greatest rank: one more than the bits that are left of the hash.
    package static let rankMax = UInt8(64 - Self.precision + 1)

    /// Where a key belongs: its register, and the rank that it has there.
    package struct Position: Hashable, Sendable {
        /// 0 through 1,023.
        package let index: Int
        /// 1 through 55.
        package let rank: UInt8

        /// The position of a hashed key.
        @inline(__always)
        package init(hash: UInt64) {
            self.index = Int(truncatingIfNeeded: hash >> UInt64(64 - HyperLogLog.precision))
            let rest = hash << UInt64(HyperLogLog.precision)
            // The guard bit ends the count of zeros where the hash ends.
            let bounded = rest | 1 << UInt64(HyperLogLog.precision - 1)
            self.rank = UInt8(truncatingIfNeeded: bounded.leadingZeroBitCount + 1)
        }

        /// The position as a sketch carries it; `nil` when there is no such rank.
        package init?(sparse: UInt16) {
            self.index = Int(sparse >> 6)
            self.rank = UInt8(sparse & 0x3f)
            guard (1...HyperLogLog.rankMax).contains(self.rank) else { return nil }
        }

        /// `index << 6 | rank`.
        package var sparse: UInt16 { UInt16(self.index) << 6 | UInt16(self.rank) }
    }

    /// One rank for each register, 0 where nothing was seen; empty while nothing was seen at all.
    package private(set) var registers: [UInt8]

    /// Nobody was seen.
    package init() { self.registers = [] }

    /// The sketch of `registers`: 1,024 ranks, or none.
    ///
    /// `nil` for any other count, or for a rank that no key has.
    package init?(registers: [UInt8]) {
        guard registers.isEmpty || registers.count == Self.registerCount,
            registers.allSatisfy({ $0 <= Self.rankMax })
        else { return nil }
        self.registers = registers
    }

    /// The hash that every node and SDK uses, with seed 0.
    @inline(__always)
    package static func hash(_ key: String, seed: UInt64 = 0) -> UInt64 {
        XXH64.hash(key.utf8.span, seed: seed)
    }

    /// Whether nobody was seen.
    package var isEmpty: Bool { self.registers.isEmpty }

    /// Counts a key; whether the sketch changed.
    @discardableResult
    package mutating func insert(_ key: String) -> Bool {
        self.insert(Position(hash: Self.hash(key)))
    }

    /// Counts a key by its position; whether the sketch changed.
    @discardableResult
    package mutating func insert(_ position: Position) -> Bool {
        if self.registers.isEmpty {
            self.registers = [UInt8](repeating: 0, count: Self.registerCount)
        }
        guard self.registers[position.index] < position.rank else { return false }
        self.registers[position.index] = position.rank
        return true
    }

    /// Takes in what another sketch has seen.
    package mutating func merge(_ other: HyperLogLog) {
        if self.registers.isEmpty { self.registers = other.registers }
        for index in other.registers.indices where self.registers[index] < other.registers[index] {
            self.registers[index] = other.registers[index]
        }
    }

    /// Takes in registers as a sketch carries them; those that cannot be are passed over.
    package mutating func merge(sparse registers: [UInt16]) {
        for register in registers {
            if let position = Position(sparse: register) { self.insert(position) }
        }
    }

    /// The registers that are not zero, as a sketch carries them, sorted.
    package var sparse: [UInt16] {
        self.registers.indices.compactMap { index in
            let rank = self.registers[index]
            return rank == 0 ? nil : UInt16(index) << 6 | UInt16(rank)
        }
    }

    /// How many distinct keys were seen, about.
    package var estimate: UInt64 {
        guard !self.registers.isEmpty else { return 0 }
        let hashBits = 64 - Self.precision
        var histogram = [Int](repeating: 0, count: hashBits + 2)
        for rank in self.registers { histogram[Int(rank)] += 1 }
        let count = Double(Self.registerCount)
        var sum = count * Self.tau((count - Double(histogram[hashBits + 1])) / count)
        for rank in stride(from: hashBits, through: 1, by: -1) {
            sum = 0.5 * (sum + Double(histogram[rank]))
        }
        sum += count * Self.sigma(Double(histogram[0]) / count)
        // 1 / (2 ln 2): the constant of infinitely many registers.
        let estimate = (0.721_347_520_444_481_7 * count * count / sum).rounded()
        // Registers that somebody made up can ask for more than there are numbers.
        return UInt64(exactly: estimate) ?? .max
    }

    /// What the registers that are still empty say.
    private static func sigma(_ share: Double) -> Double {
        guard share < 1 else { return .infinity }
        var (power, weight, sum) = (share, 1.0, share)
        while true {
            power *= power
            let previous = sum
            sum += power * weight
            weight += weight
            if sum == previous { return sum }
        }
    }

    /// What the registers that can grow no more say.
    private static func tau(_ share: Double) -> Double {
        guard share > 0, share < 1 else { return 0 }
        var (root, weight, sum) = (share, 1.0, 1 - share)
        while true {
            root = root.squareRoot()
            let previous = sum
            weight *= 0.5
            sum -= (1 - root) * (1 - root) * weight
            if sum == previous { return sum / 3 }
        }
    }
}
