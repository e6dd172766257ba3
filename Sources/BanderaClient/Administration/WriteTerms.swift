package import Flags

/// What a write is told beside what to do.
package struct WriteTerms: Hashable, Sendable {
    /// Why, for the history.
    package var reason: String
    /// The revision of the thing that the change is based on; `nil` when that does not matter.
    package var basedOn: Revision?
    /// Judge it and say what it would change, but change nothing.
    package var isDryRun: Bool

    /// Terms; by default there are none.
    package init(reason: String = "", basedOn: Revision? = nil, isDryRun: Bool = false) {
        self.reason = reason
        self.basedOn = basedOn
        self.isDryRun = isDryRun
    }
}
