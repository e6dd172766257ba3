/// Where a unit falls in a flag's population: 0 through 99,999.
///
/// `(murmur3_x86_32(salt "." unit) × 100000) >> 32`: a unit is in when its bucket is below the
/// rollout's thousandths, so raising a percentage never moves a unit out.
public struct Bucket: Hashable, Comparable, Sendable {
    /// How many buckets there are.
    public static let count: UInt32 = 100_000

    /// 0 through 99,999.
    public let rawValue: UInt32

    /// The bucket of a finished hash.
    public init(hash: UInt32) {
        self.rawValue = UInt32(truncatingIfNeeded: (UInt64(hash) &* UInt64(Self.count)) >> 32)
    }

    /// The bucket of `unit` under `salt`.
    public init(salt: String, unit: String) {
        var hash = Murmur3()
        hash.update(salt)
        hash.update(UInt8(ascii: "."))
        hash.update(unit)
        self.init(hash: hash.finalized())
    }

    /// Compares positions.
    public static func < (lhs: Bucket, rhs: Bucket) -> Bool { lhs.rawValue < rhs.rawValue }
}
