/// What a comparison came to.
///
/// The last two make a clause false, negated or not. They differ in what a segment makes of them: a
/// context that lacks an attribute is not in it, but whether one is in it that could not be asked
/// for to the end nobody knows.
enum Verdict: Sendable {
    case holds
    case fails
    /// There is nothing to compare: the attribute is missing, or of the wrong kind.
    case undecided
    /// The answer was not found out: an operator or a segment that is not known here, segments that
    /// nest too deep, a regular expression or an evaluation that took too much.
    case unknown

    init(_ holds: Bool) { self = holds ? .holds : .fails }

    /// The answer for any of several: one that holds is enough.
    mutating func join(_ other: Verdict) {
        switch other {
        case .holds: self = .holds
        case .unknown: if self != .holds { self = .unknown }
        case .fails: if self == .undecided { self = .fails }
        case .undecided: break
        }
    }
}
