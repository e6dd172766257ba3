public import Flags

/// A type that a flag's value can be asked for as: `Bool`, `String`, `Double`, and ``Value`` for
/// objects and arrays.
///
/// These four are all the kinds that there are; there is no need to conform other types.
public protocol FlagRepresentable: Sendable {
    /// What `evaluation` gives as this type: `fallback` when it failed or is of another kind.
    static func resolve(_ evaluation: Evaluation, default fallback: Self) -> Resolution<Self>

    /// The value as flags hold it.
    var flagValue: Value { get }
}

extension Bool: FlagRepresentable {
    /// The Boolean that `evaluation` gives, or `fallback`.
    public static func resolve(
        _ evaluation: Evaluation,
        default fallback: Bool
    ) -> Resolution<Bool> {
        evaluation.bool(default: fallback)
    }

    /// The Boolean as flags hold it.
    public var flagValue: Value { .bool(self) }
}

extension String: FlagRepresentable {
    /// The string that `evaluation` gives, or `fallback`.
    public static func resolve(
        _ evaluation: Evaluation,
        default fallback: String
    ) -> Resolution<String> {
        evaluation.string(default: fallback)
    }

    /// The string as flags hold it.
    public var flagValue: Value { .string(self) }
}

extension Double: FlagRepresentable {
    /// The number that `evaluation` gives, or `fallback`.
    public static func resolve(
        _ evaluation: Evaluation,
        default fallback: Double
    ) -> Resolution<Double> {
        evaluation.number(default: fallback)
    }

    /// The number as flags hold it.
    public var flagValue: Value { .number(self) }
}

extension Value: FlagRepresentable {
    /// The object or array that `evaluation` gives, or `fallback`.
    public static func resolve(
        _ evaluation: Evaluation,
        default fallback: Value
    ) -> Resolution<Value> {
        evaluation.object(default: fallback)
    }

    /// The value itself.
    public var flagValue: Value { self }
}
