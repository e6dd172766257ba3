/// A regular expression.
package final class Pattern: Sendable {
    /// What became of a match.
    package enum Outcome: Sendable { case matched, unmatched, limited }
    package init(_ source: String, ignoresCase: Bool) throws(PatternError) {}
    package func match(_ text: borrowing String) -> Outcome { .unmatched }
}
package struct PatternError: Error {}
