public import Flags

/// A flag's key together with the type of its values and the default, written down once.
///
/// ```swift
/// extension TypedFlagKey<Bool> {
///     static let newSearch = TypedFlagKey("new_search", default: false)
/// }
///
/// if flags.value(.newSearch, context: context) { … }
/// ```
///
/// A flag whose values are of another type gives the default, like a flag that does not exist.
public struct TypedFlagKey<FlagValue: FlagRepresentable>: Sendable {
    /// Which flag.
    public let key: FlagKey
    /// What is returned when the flag has no value for somebody.
    public let defaultValue: FlagValue

    /// Names a flag, unchecked, and says what to return without it.
    public init(_ key: String, default defaultValue: FlagValue) {
        self.key = FlagKey(key)
        self.defaultValue = defaultValue
    }
}
