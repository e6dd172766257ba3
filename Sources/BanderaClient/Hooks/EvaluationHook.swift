public import Flags

/// Code that runs around evaluations, as in OpenFeature (specification, section 4): to add to the
/// context, to log, to measure, to check.
///
/// A client's hooks (``ClientConfiguration/hooks``) come first, then those of the call; after the
/// evaluation it is the other way around. All stages run on the evaluating thread, one after the
/// other. An evaluation without hooks does not pay for them.
///
/// ```swift
/// struct Trace: EvaluationHook {
///     func after(_ call: HookContext, _ details: EvaluationDetails<Value>) {
///         span.addEvent("feature_flag", details.flagKey, details.variant)
///     }
/// }
/// ```
public protocol EvaluationHook: Sendable {
    /// Before the evaluation; a context that is returned takes the place of the call's.
    ///
    /// When it throws, the flag is not evaluated and the caller gets the default.
    func before(_ call: HookContext) throws -> EvaluationContext?

    /// After an evaluation that gave a value; when it throws, the caller gets the default.
    func after(_ call: HookContext, _ details: EvaluationDetails<Value>) throws

    /// After an evaluation that gave no value, or a stage that threw.
    ///
    /// `error` is an ``EvaluationFailure`` or what was thrown.
    func error(_ call: HookContext, _ error: any Error)

    /// At the end, whatever happened; `details` is what the caller gets.
    func finally(_ call: HookContext, _ details: EvaluationDetails<Value>)
}

extension EvaluationHook {
    /// Keeps the context.
    public func before(_ call: HookContext) throws -> EvaluationContext? { nil }

    /// Does nothing.
    public func after(_ call: HookContext, _ details: EvaluationDetails<Value>) throws {}

    /// Does nothing.
    public func error(_ call: HookContext, _ error: any Error) {}

    /// Does nothing.
    public func finally(_ call: HookContext, _ details: EvaluationDetails<Value>) {}
}

/// The evaluation that a hook runs around.
public struct HookContext: Hashable, Sendable {
    /// Which flag.
    public let flagKey: FlagKey
    /// What the caller wants when there is no value; also says of which kind the value must be.
    public let defaultValue: Value
    /// Who it is evaluated for, as the hooks before this one left it.
    public internal(set) var context: EvaluationContext

    /// An evaluation of `flagKey` for `context`.
    public init(flagKey: FlagKey, defaultValue: Value, context: EvaluationContext) {
        self.flagKey = flagKey
        self.defaultValue = defaultValue
        self.context = context
    }
}

/// An evaluation that gave no value, as hooks are told of it.
public struct EvaluationFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// Why there is no value.
    public let code: EvaluationErrorCode
    /// Which flag.
    public let flagKey: FlagKey

    /// A failure.
    public init(code: EvaluationErrorCode, flagKey: FlagKey) {
        self.code = code
        self.flagKey = flagKey
    }

    /// The code and the flag.
    public var description: String { "\(self.code.rawValue): flag \(self.flagKey)" }
}
