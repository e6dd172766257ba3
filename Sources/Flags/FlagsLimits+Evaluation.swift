extension FlagsLimits {
    /// How long a chain of prerequisites may be: a flag at the end of a longer one fails.
    public static let prerequisiteDepthMax = 16
    /// How deep segments may name segments: a clause that goes deeper is false.
    public static let segmentDepthMax = 8
    /// Flags and segments that one evaluation may look up; also what its regular expressions may
    /// cost.
    public static let evaluationStepsMax = 10_000
    /// Regular expressions of one flag's rules, or of one segment's.
    public static let patternsMax = 256
    /// UTF-8 bytes of an attribute up to which it is searched for a text.
    public static let searchedBytesMax = 8_192
    /// Steps of an evaluation that a regular expression costs when it gives up at its limits.
    static let limitedMatchSteps = 1_000
    /// UTF-8 bytes of a version.
    public static let versionBytesMax = 256
}
