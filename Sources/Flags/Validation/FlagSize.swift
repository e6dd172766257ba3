/// About the bytes that a flag's large parts take on the wire: the measure of
/// `FlagsLimits.flagBytesMax`.
struct FlagSize {
    private(set) var bytes = 0

    mutating func add(_ variations: [Variation]) {
        for index in variations.indices {
            self.bytes += variations[index].name.utf8.count + variations[index].value.sizeInBytes
        }
    }

    mutating func add(_ audience: Audience) {
        guard !audience.isEverybody else { return }
        for list in [audience.plans, audience.roles, audience.companies, audience.regions] {
            self.add(list)
        }
    }

    mutating func add(_ labels: FlagLabels) {
        self.add(labels.tags)
        if labels.schema != .null { self.bytes += labels.schema.sizeInBytes }
    }

    mutating func add(_ targeting: Targeting) {
        guard !targeting.isEmpty else { return }
        for prerequisite in targeting.prerequisites {
            self.bytes += prerequisite.flag.rawValue.utf8.count + 4
            self.add(prerequisite.variations)
        }
        for override in targeting.overrides {
            self.bytes += override.subject.utf8.count + override.variation.utf8.count + 8
        }
        for target in targeting.targets {
            self.bytes += target.variation.utf8.count + target.attribute.utf8.count + 6
            self.add(target.values)
        }
        for rule in targeting.rules {
            self.bytes += rule.id.utf8.count + rule.description.utf8.count + 8
            for clause in rule.clauses { self.bytes += clause.sizeInBytes }
            switch rule.serve {
            case .variation(let name): self.bytes += name.utf8.count
            case .split(let split): self.add(split.weights)
            }
        }
        self.add(targeting.weights)
    }

    private mutating func add(_ weights: [WeightedVariation]) {
        for weight in weights { self.bytes += weight.variation.utf8.count + 8 }
    }

    private mutating func add(_ texts: [String]) {
        for text in texts { self.bytes += text.utf8.count + 3 }
    }

    /// Requires that the parts together fit into a frame.
    static func check(
        _ variations: [Variation],
        _ audience: Audience,
        _ labels: FlagLabels,
        _ targeting: Targeting
    ) throws(FlagsError) {
        var size = FlagSize()
        size.add(variations)
        size.add(audience)
        size.add(labels)
        size.add(targeting)
        guard size.bytes <= FlagsLimits.flagBytesMax else {
            throw FlagsError(
                .limitExceeded,
                "variations, audience and targeting have \(size.bytes) bytes, more than "
                    + "\(FlagsLimits.flagBytesMax); segments hold long lists"
            )
        }
    }
}
