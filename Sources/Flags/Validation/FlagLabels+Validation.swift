extension FlagLabels {
    static func check(tags: [String]) throws(FlagsError) {
        try TextRules.checkCount(tags.count, "tags", max: FlagsLimits.tagsMax)
        try TextRules.checkEntries(tags, "tags", bytesMax: FlagsLimits.tagBytesMax)
    }

    static func check(owner: String) throws(FlagsError) {
        try TextRules.checkText(owner, "the owner", bytesMax: FlagsLimits.ownerBytesMax)
    }

    /// Requires a schema, or none, that the values of all variations conform to.
    static func check(schema: Value, _ variations: [Variation]) throws(FlagsError) {
        guard schema != .null else { return }
        let compiled = try JSONSchema(schema)
        // Of all variations together: a flag may have many, and each may be large.
        var steps = 0
        for variation in variations {
            guard variation.value.kind == .object else {
                throw FlagsError(
                    .invalidSchema,
                    "only a flag whose values are objects may have a schema"
                )
            }
            do {
                try compiled.check(variation.value, &steps)
            } catch {
                throw FlagsError(
                    error.code,
                    "variation \(TextRules.quoted(variation.name)) does not conform to the "
                        + "schema: \(error.message)"
                )
            }
        }
    }

    /// Sorted, each once.
    static func inOrder(_ tags: [String]) -> [String] {
        var sorted: [String] = []
        for tag in tags.sorted() where sorted.last != tag { sorted.append(tag) }
        return sorted
    }
}
