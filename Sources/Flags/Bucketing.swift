/// How units are spread over buckets, as data: which hash, of what text, by which attribute.
///
/// Flags imported from other systems keep their own bucketing: each will be a `HashAlgorithm` and a
/// prefix.
struct Bucketing: Sendable {
    /// The hash functions that a compiled flag can name.
    enum HashAlgorithm: Sendable {
        /// The state after everything that precedes the unit (the salt and "."), hashed once.
        case murmur3(prefix: Murmur3)
    }

    /// The part of the context that is bucketed by.
    enum Unit: Sendable {
        case targetingKey
        case company
        case plan
        case role
        case region
        case attribute(String)

        init(name: String) {
            switch name {
            case "", Flag.targetingKeyName: self = .targetingKey
            case "company": self = .company
            case "plan": self = .plan
            case "role": self = .role
            case "region": self = .region
            default: self = .attribute(name)
            }
        }
    }

    private let algorithm: HashAlgorithm
    private let unit: Unit

    /// Bandera's own bucketing.
    init(salt: String, bucketBy: String) {
        var prefix = Murmur3()
        prefix.update(salt)
        prefix.update(UInt8(ascii: "."))
        self.algorithm = .murmur3(prefix: prefix)
        self.unit = Unit(name: bucketBy)
    }

    /// The context's bucket; `nil` when the context does not have the unit.
    func bucket(_ context: borrowing EvaluationContext) -> Bucket? {
        switch self.unit {
        case .targetingKey: self.bucket(text: context.targetingKey)
        case .company: self.bucket(text: context.company)
        case .plan: self.bucket(text: context.plan)
        case .role: self.bucket(text: context.role)
        case .region: self.bucket(text: context.region)
        case .attribute(let name): self.bucket(value: context.attribute(name))
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

    /// Strings and whole numbers are units; anything else would differ from one language to the
    /// next.
    private func bucket(value: Value?) -> Bucket? {
        switch value {
        case .string(let text): self.bucket(text: text)
        case .number(let number): self.bucket(number: number)
        case .null, .bool, .array, .object, nil: nil
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
