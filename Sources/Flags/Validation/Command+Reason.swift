extension Command {
    /// Requires of the reason that a command is given for that it is bounded, and fit to be shown.
    public static func checkReason(_ reason: String) throws(FlagsError) {
        try TextRules.checkText(
            reason,
            "the reason",
            bytesMax: FlagsLimits.reasonBytesMax,
            allowsLines: true
        )
    }
}
