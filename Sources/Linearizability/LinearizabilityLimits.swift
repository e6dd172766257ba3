/// Every bound of a check.
package enum LinearizabilityLimits {
    /// Model steps after which a check gives up, unless the caller says otherwise.
    package static let stepsDefault = 50_000_000
    /// Memory for the configurations that were seen, in words of 8 bytes, per object.
    static let seenWordsMax = 32 << 20
    /// Steps for each object before the next one gets its turn; from turn to turn eight times more.
    static let firstTurnSteps = 1 << 12
    static let turnGrowth = 8
    /// What a parser takes of one line.
    static let lineBytesMax = 1 << 20
}
