extension SegmentDefinition {
    /// Requires a key, bounded lists, and rules of valid clauses.
    ///
    /// Whether the segments that it names exist and lead back to it is not decided here.
    public func validate() throws(FlagsError) {
        try TextRules.checkIdentifier(self.key, "the segment's key")
        try TextRules.checkDisplayName(self.name, "the segment's name")
        try Flag.checkDescription(self.description)
        try TextRules.checkText(
            self.attribute,
            "the attribute of the segment",
            bytesMax: FlagsLimits.attributeNameBytesMax
        )
        try Self.check(self.included, "included entries")
        try Self.check(self.excluded, "excluded entries")
        try TextRules.checkCount(
            self.rules.count,
            "rules of a segment",
            max: FlagsLimits.rulesPerSegmentMax
        )
        try self.rules.checkPatternCount()
        for index in self.rules.indices {
            guard !self.rules[index].isEmpty else {
                throw FlagsError(
                    .invalidTargeting,
                    "rule \(index + 1) of the segment has no clauses"
                )
            }
            do {
                try self.rules[index].validate()
            } catch {
                throw FlagsError(error.code, "rule \(index + 1): \(error.message)")
            }
        }
        guard self.sizeInBytes <= FlagsLimits.segmentBytesMax else {
            throw FlagsError(
                .limitExceeded,
                "the segment has \(self.sizeInBytes) bytes, more than "
                    + "\(FlagsLimits.segmentBytesMax); divide it and name the parts in rules"
            )
        }
    }

    private static func check(_ entries: [String], _ what: String) throws(FlagsError) {
        try TextRules.checkCount(entries.count, what, max: FlagsLimits.segmentEntriesMax)
        try TextRules.checkEntries(entries, what, bytesMax: FlagsLimits.unitBytesMax)
    }

    private var sizeInBytes: Int {
        var size = 0
        for entry in self.included { size += entry.utf8.count + 3 }
        for entry in self.excluded { size += entry.utf8.count + 3 }
        for rule in self.rules {
            for clause in rule { size += clause.sizeInBytes }
        }
        return size
    }
}
