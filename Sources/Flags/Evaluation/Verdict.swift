/// What a comparison came to.
///
/// The third answer is for what cannot be compared: it makes a clause false, negated or not.
enum Verdict: Sendable {
    case holds
    case fails
    case undecided

    init(_ holds: Bool) { self = holds ? .holds : .fails }

    /// The answer for any of several: one that holds is enough.
    mutating func join(_ other: Verdict) {
        switch other {
        case .holds: self = .holds
        case .fails: if self == .undecided { self = .fails }
        case .undecided: break
        }
    }
}
