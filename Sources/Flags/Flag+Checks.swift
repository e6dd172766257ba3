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
        guard entries.count <= FlagsLimits.audienceEntriesMax else {
            throw FlagsError(
                .limitExceeded,
                "\(entries.count) \(what), more than \(FlagsLimits.audienceEntriesMax)"
            )
        }
        for entry in entries {
            guard !entry.isEmpty else {
                throw FlagsError(.invalidText, "an empty text among the \(what)")
            }
            try TextRules.checkText(
                entry,
                "an entry of the \(what)",
                bytesMax: FlagsLimits.audienceEntryBytesMax
            )
        }
    }

    static func checkVariations(_ variations: [Variation]) throws(FlagsError) {
        guard let first = variations.first else {
            throw FlagsError(.invalidVariations, "a flag needs at least one variation")
        }
        guard variations.count <= FlagsLimits.variationsMax else {
            throw FlagsError(
                .limitExceeded,
                "\(variations.count) variations, more than \(FlagsLimits.variationsMax)"
            )
        }
        for index in variations.indices {
            let variation = variations[index]
            try Self.checkVariationName(variation.name)
            if variations[..<index].contains(where: { $0.name == variation.name }) {
                let name = TextRules.quoted(variation.name)
                throw FlagsError(.invalidVariations, "two variations are named \(name)")
            }
            try variation.value.checkAsVariation(named: variation.name)
            guard variation.value.kind == first.value.kind else {
                let kinds = [first, variation].map {
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
        for (name, what) in [(on, "on"), (off, "off")]
        where !variations.contains(where: { $0.name == name }) {
            let names = variations.map(\.name).joined(separator: ", ")
            throw FlagsError(
                .invalidVariations,
                "no variation \(TextRules.quoted(name)) to serve when \(what); there are: \(names)"
            )
        }
    }

    static func checkSize(variations: [Variation], audience: Audience) throws(FlagsError) {
        var size = 0
        for variation in variations {
            size += variation.name.utf8.count + variation.value.sizeInBytes
        }
        for list in [audience.plans, audience.roles, audience.companies, audience.regions] {
            for entry in list { size += entry.utf8.count + 3 }
        }
        guard size <= FlagsLimits.flagBytesMax else {
            throw FlagsError(
                .limitExceeded,
                "variations and audience have \(size) bytes, more than \(FlagsLimits.flagBytesMax)"
            )
        }
    }
}

extension Value {
    /// Requires a value that a variation can have: of a kind, finite, bounded, its objects in
    /// order.
    func checkAsVariation(named name: String) throws(FlagsError) {
        let what = "the value of variation \(TextRules.quoted(name))"
        guard self.kind != nil else { throw FlagsError(.invalidValue, "\(what) is null") }
        guard self.nests(atMost: FlagsLimits.valueDepthMax) else {
            throw FlagsError(
                .limitExceeded,
                "\(what) nests deeper than \(FlagsLimits.valueDepthMax) levels"
            )
        }
        guard self.sizeInBytes <= FlagsLimits.valueBytesMax else {
            throw FlagsError(
                .limitExceeded,
                "\(what) has \(self.sizeInBytes) bytes, more than \(FlagsLimits.valueBytesMax)"
            )
        }
        guard self.isWellFormed else {
            throw FlagsError(
                .invalidValue,
                "\(what) has a number that is not finite, or an object whose names are repeated "
                    + "or not in order"
            )
        }
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
