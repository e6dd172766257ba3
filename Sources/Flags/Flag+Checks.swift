/// The checks that a definition and a patch share.
extension Flag {
    static func checkName(_ name: String) throws(FlagsError) {
        try TextRules.checkText(name, "the flag's name", bytesMax: FlagsLimits.nameBytesMax)
    }

    static func checkDescription(_ description: String) throws(FlagsError) {
        try TextRules.checkText(
            description,
            "the description",
            bytesMax: FlagsLimits.descriptionBytesMax,
            allowsLines: true
        )
    }

    static func checkWindow(start: Timestamp?, end: Timestamp?) throws(FlagsError) {
        for (moment, what) in [(start, "start"), (end, "end")] {
            guard let moment else { continue }
            guard moment >= FlagsLimits.timestampMin, moment <= FlagsLimits.timestampMax else {
                throw FlagsError(.invalidWindow, "the \(what) is outside the years 0000 to 9999")
            }
        }
        guard let start, let end, end <= start else { return }
        throw FlagsError(
            .invalidWindow,
            "the end \(end.rfc3339) must be after the start \(start.rfc3339)"
        )
    }

    static func checkAudience(_ entries: [String], _ what: String) throws(FlagsError) {
        try TextRules.checkCount(entries.count, what, max: FlagsLimits.audienceEntriesMax)
        try TextRules.checkEntries(entries, what, bytesMax: FlagsLimits.audienceEntryBytesMax)
    }

    static func checkVariations(_ variations: [Variation]) throws(FlagsError) {
        guard let first = variations.first else {
            throw FlagsError(.invalidVariations, "a flag needs at least one variation")
        }
        try TextRules.checkCount(
            variations.count,
            "variations",
            max: FlagsLimits.variationsMax
        )
        let kind = first.value.kind
        for index in variations.indices {
            try Self.checkVariationName(variations[index].name)
            for earlier in 0..<index where variations[earlier].name == variations[index].name {
                let name = TextRules.quoted(variations[index].name)
                throw FlagsError(.invalidVariations, "two variations are named \(name)")
            }
            try variations[index].value.checkAsVariation(named: variations[index].name)
            guard variations[index].value.kind == kind else {
                let kinds = [first, variations[index]].map {
                    "\(TextRules.quoted($0.name)) is \($0.value.kind?.rawValue ?? "null")"
                }
                throw FlagsError(
                    .invalidVariations,
                    "variations must be of one kind: \(kinds.joined(separator: ", "))"
                )
            }
        }
    }

    static func checkVariationName(_ name: String) throws(FlagsError) {
        guard !name.isEmpty else {
            throw FlagsError(.invalidVariations, "a variation without a name")
        }
        try TextRules.checkText(
            name,
            "a variation's name",
            bytesMax: FlagsLimits.variationNameBytesMax
        )
    }

    static func checkServed(
        on: String,
        off: String,
        of variations: [Variation]
    ) throws(FlagsError) {
        try Self.checkServed(on, "on", of: variations)
        try Self.checkServed(off, "off", of: variations)
    }

    private static func checkServed(
        _ name: String,
        _ what: String,
        of variations: [Variation]
    ) throws(FlagsError) {
        try Self.checkHas(name, variations) { "to serve when \(what)" }
    }

    /// Requires a variation named `name`; what it is for is put into words only for an error.
    static func checkHas(
        _ name: String,
        _ variations: [Variation],
        _ purpose: () -> String
    ) throws(FlagsError) {
        for index in variations.indices where variations[index].name == name { return }
        let names = variations.map(\.name).joined(separator: ", ")
        throw FlagsError(
            .invalidVariations,
            "no variation \(TextRules.quoted(name)) \(purpose()); there are: \(names)"
        )
    }
}

extension Value {
    /// Requires a value that a variation can have: of a kind, finite, bounded, its objects in
    /// order.
    func checkAsVariation(named name: String) throws(FlagsError) {
        guard self.kind != nil else {
            throw FlagsError(.invalidValue, "\(Self.naming(name)) is null")
        }
        try self.check(bytesMax: FlagsLimits.valueBytesMax) { Self.naming(name) }
    }

    /// Requires a value that is bounded and finite, its objects in order.
    ///
    /// What it is is put into words only for an error: most values are as they should be.
    func check(bytesMax: Int, _ what: () -> String) throws(FlagsError) {
        guard self.nests(atMost: FlagsLimits.valueDepthMax) else {
            throw FlagsError(
                .limitExceeded,
                "\(what()) nests deeper than \(FlagsLimits.valueDepthMax) levels"
            )
        }
        guard self.sizeInBytes <= bytesMax else {
            throw FlagsError(
                .limitExceeded,
                "\(what()) has \(self.sizeInBytes) bytes, more than \(bytesMax)"
            )
        }
        guard self.isWellFormed else {
            throw FlagsError(
                .invalidValue,
                "\(what()) has a number that is not finite, or an object whose names "
                    + "are repeated or not in order"
            )
        }
    }

    private static func naming(_ variation: String) -> String {
        "the value of variation \(TextRules.quoted(variation))"
    }

    private var isWellFormed: Bool {
        switch self {
        case .null, .bool, .string:
            return true
        case .number(let number):
            return number.isFinite
        case .array(let elements):
            return elements.allSatisfy(\.isWellFormed)
        case .object(let fields):
            for index in fields.indices.dropFirst()
            where fields[index - 1].name >= fields[index].name {
                return false
            }
            return fields.allSatisfy(\.value.isWellFormed)
        }
    }
}
