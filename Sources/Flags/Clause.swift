/// One condition of a rule: an attribute of the context compared with values.
///
/// Holds when the comparison holds for any of `values`, and for any element when the attribute is
/// an array. An attribute that is missing or of the wrong type makes it false, negated or not: never
/// an error, never a crash. An operator that this version does not know makes it false too.
public struct Clause: Hashable, Sendable {
    /// `targetingKey`, `company`, `plan`, `role`, `region`, the name of an attribute, or a path into
    /// an object, such as `/device/os`.
    ///
    /// Empty for `ClauseOperator.segment`.
    public var attribute: String
    /// How the attribute is compared.
    public var comparison: ClauseOperator
    /// What it is compared with; keys of segments for `ClauseOperator.segment`; empty for
    /// `ClauseOperator.exists`.
    public var values: [Value]
    /// Whether the outcome is turned around.
    public var isNegated: Bool
    /// Whether texts are compared without regard to case (Unicode's simple lower-casing).
    public var ignoresCase: Bool

    /// Creates a clause, unchecked.
    public init(
        attribute: String,
        _ comparison: ClauseOperator,
        _ values: [Value] = [],
        isNegated: Bool = false,
        ignoresCase: Bool = false
    ) {
        self.attribute = attribute
        self.comparison = comparison
        self.values = values
        self.isNegated = isNegated
        self.ignoresCase = ignoresCase
    }
}

/// How a clause compares, by name: a newer version's operator is kept, evaluated as false, and
/// reported, never refused from a peer.
public struct ClauseOperator: Hashable, Sendable, CustomStringConvertible {
    /// The name as it is stored, sent and written in files.
    public let rawValue: String

    /// Names an operator, known or not.
    public init(_ rawValue: String) { self.rawValue = rawValue }

    /// Equal to a value: texts, numbers and Booleans each to their own kind.
    public static let isIn = ClauseOperator("in")
    /// A text begins with a value.
    public static let startsWith = ClauseOperator("starts_with")
    /// A text ends with a value.
    public static let endsWith = ClauseOperator("ends_with")
    /// A text has a value in it.
    public static let contains = ClauseOperator("contains")
    /// A text matches a regular expression (PCRE2, bounded).
    public static let matches = ClauseOperator("matches")
    /// A number equals a value.
    public static let numberEqual = ClauseOperator("number_equal")
    /// A number is less than a value.
    public static let numberLess = ClauseOperator("number_less")
    /// A number is at most a value.
    public static let numberLessOrEqual = ClauseOperator("number_less_or_equal")
    /// A number is greater than a value.
    public static let numberGreater = ClauseOperator("number_greater")
    /// A number is at least a value.
    public static let numberGreaterOrEqual = ClauseOperator("number_greater_or_equal")
    /// A moment (RFC 3339 text, or milliseconds since 1970 as a number) is before a value.
    public static let before = ClauseOperator("before")
    /// A moment is after a value.
    public static let after = ClauseOperator("after")
    /// A version (SemVer 2.0) has the same precedence as a value.
    public static let versionEqual = ClauseOperator("semver_equal")
    /// A version is lower than a value.
    public static let versionLess = ClauseOperator("semver_less")
    /// A version is at most a value.
    public static let versionLessOrEqual = ClauseOperator("semver_less_or_equal")
    /// A version is higher than a value.
    public static let versionGreater = ClauseOperator("semver_greater")
    /// A version is at least a value.
    public static let versionGreaterOrEqual = ClauseOperator("semver_greater_or_equal")
    /// An IP address is within a network, such as `10.0.0.0/8` or `2001:db8::/32`.
    public static let inNetwork = ClauseOperator("cidr")
    /// The attribute is there; takes no values.
    public static let exists = ClauseOperator("exists")
    /// The context is in a segment; values are keys of segments.
    public static let segment = ClauseOperator("segment")

    /// The operators that this version knows, in the order in which they are documented.
    public static let known: [ClauseOperator] = [
        .isIn, .startsWith, .endsWith, .contains, .matches, .numberEqual, .numberLess,
        .numberLessOrEqual, .numberGreater, .numberGreaterOrEqual, .before, .after, .versionEqual,
        .versionLess, .versionLessOrEqual, .versionGreater, .versionGreaterOrEqual, .inNetwork,
        .exists, .segment,
    ]

    /// Whether this version knows it.
    public var isKnown: Bool { Self.known.contains(self) }

    /// The name.
    public var description: String { self.rawValue }
}
