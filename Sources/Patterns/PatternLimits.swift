/// The largest of everything that a regular expression may be, and the most that a match may cost.
///
/// They are the same on every machine, so that nodes and SDKs agree on what gives up.
package enum PatternLimits {
    /// UTF-8 bytes of a pattern.
    package static let patternBytesMax = 1_024
    /// Bytes of a pattern when it is compiled: a short one may repeat itself into a large one.
    package static let compiledBytesMax = 16_384
    /// How deep parentheses may nest in a pattern.
    package static let parenthesesDepthMax: UInt32 = 64
    /// UTF-8 bytes of a text that is matched: a longer one is given up at once.
    package static let subjectBytesMax = 8_192
    /// How often one match may call into itself: bounds its time.
    package static let matchStepsMax: UInt32 = 20_000
    /// How deep one match may go back on what it tried: bounds its memory.
    package static let matchDepthMax: UInt32 = 10_000
    /// Memory of one match, which each thread that matches keeps.
    package static let matchKibibytesMax: UInt32 = 2_048
}
