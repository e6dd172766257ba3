/// How units are spread over buckets, as data: which hash, of what text, by which attribute.
///
/// Flags imported from other systems keep their own bucketing: each will be a `HashAlgorithm` and a
/// prefix.
struct Bucketing: ~Copyable, Sendable {
    /// The hash functions that a compiled flag can name.
    enum HashAlgorithm: Sendable {
        /// The state after everything that precedes the unit (the salt and "."), hashed once.
        case murmur3(prefix: Murmur3)
    }

    /// What a bucket decides: each is hashed apart, so that one tells nothing of the other.
    enum Purpose: Sendable {
        /// Whether a unit is in: `salt "." unit`.
        case share
        /// Which variation a unit that is in gets: `salt ".weights." unit`.
        case weights

        private var infix: String {
            switch self {
            case .share: "."
            case .weights: ".weights."
            }
        }

        fileprivate func prefix(salt: String) -> Murmur3 {
            var prefix = Murmur3()
            prefix.update(salt)
            prefix.update(self.infix)
            return prefix
        }
    }

    private let algorithm: HashAlgorithm
    private let unit: AttributeReference

    /// Bandera's own bucketing.
    init(salt: String, bucketBy: String, for purpose: Purpose = .share) {
        self.algorithm = .murmur3(prefix: purpose.prefix(salt: salt))
        self.unit = AttributeReference(bucketBy)
    }

    /// The context's bucket; `nil` when the context does not have the unit.
    func bucket(_ context: borrowing EvaluationContext) -> Bucket? {
        self.bucket(value: self.unit.value(in: context))
    }

    /// Strings and whole numbers are units; anything else would differ from one language to the
    /// next.
    private func bucket(value: Value?) -> Bucket? {
        switch value {
        case .string(let text): self.bucket(text: text)
        case .number(let number): self.bucket(number: number)
        case .null, .bool, .array, .object, nil: nil
        }
    }

    private func bucket(text: String) -> Bucket? {
        guard !text.isEmpty else { return nil }
        switch self.algorithm {
        case .murmur3(var hash):
            hash.update(text)
            return Bucket(hash: hash.finalized())
        }
    }

    /// Hashes the decimal digits without making a string of them: an evaluation does not allocate.
    private func bucket(number: Double) -> Bucket? {
        guard number.magnitude <= Value.wholeNumberMax, let whole = Int64(exactly: number) else {
            return nil
        }
        switch self.algorithm {
        case .murmur3(var hash):
            if whole < 0 { hash.update(UInt8(ascii: "-")) }
            var divisor: UInt64 = 1
            while whole.magnitude / divisor >= 10 { divisor *= 10 }
            while divisor > 0 {
                hash.update(UInt8(ascii: "0") + UInt8(whole.magnitude / divisor % 10))
                divisor /= 10
            }
            return Bucket(hash: hash.finalized())
        }
    }
}
