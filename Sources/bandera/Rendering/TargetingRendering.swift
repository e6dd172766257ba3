internal import Flags

/// Parts of a flag's targeting as the program shows them.
enum TargetingRendering {
    /// Overrides, a row each.
    static func document(_ overrides: [Override]) -> Document {
        let table = Table(
            [
                .words(Texts.headingLevel), .words(Texts.headingSubject),
                .words(Texts.headingVariation), .words(Texts.headingLocked),
            ],
            rows: overrides.map { override in
                [
                    override.level.rawValue, override.subject, override.variation,
                    FlagRendering.yesNo(override.isLocked),
                ]
            }
        )
        return Document(table: table) { json in
            json.beginObject()
            json.name("overrides")
            json.documents(overrides)
            json.endObject()
        }
    }

    /// What is beyond audience and rollout, a line a thing, for the table of a flag.
    static func rows(_ flag: Flag) -> [(String, String)] {
        let targeting = flag.targeting
        return [
            (Texts.headingTags, FlagRendering.list(flag.labels.tags)),
            (Texts.headingOwner, flag.labels.owner),
            (Texts.headingSchema, FlagRendering.json(flag.labels.schema)),
            (
                Texts.headingPrerequisites,
                targeting.prerequisites.map {
                    "\($0.flag)=\($0.variations.joined(separator: ","))"
                }.joined(separator: "; ")
            ),
            (Texts.headingOverrides, targeting.overrides.map(self.text).joined(separator: "; ")),
            (
                Texts.headingTargets,
                targeting.targets.map(self.text).joined(separator: "; ")
            ),
            (
                Texts.headingRules,
                targeting.rules.map { "\($0.id): \(self.text($0))" }.joined(separator: "; ")
            ),
            (Texts.headingWeights, self.text(targeting.weights)),
            (Texts.headingRelease, flag.release.map(\.description) ?? ""),
        ]
    }

    private static func text(_ override: Override) -> String {
        let subject = override.subject.isEmpty ? "" : "=\(override.subject)"
        let lock = override.isLocked ? " \(Texts.locked)" : ""
        return "\(override.level.rawValue)\(subject): \(override.variation)\(lock)"
    }

    private static func text(_ target: Target) -> String {
        let attribute = target.attribute.isEmpty ? "" : "\(target.attribute) "
        return "\(target.variation): \(attribute)\(Texts.few(target.values))"
    }

    /// A rule as a sentence: its clauses, and what it gives.
    static func text(_ rule: Rule) -> String {
        let clauses = rule.clauses.map(self.text).joined(separator: " \(Texts.and) ")
        let serve =
            switch rule.serve {
            case .variation(let name): name
            case .split(let split): self.text(split.weights)
            }
        return "\(clauses.isEmpty ? Texts.audienceEverybody : clauses) → \(serve)"
    }

    /// A clause as a sentence.
    static func text(_ clause: Clause) -> String {
        let values = Texts.few(clause.values.map(FlagRendering.json))
        let parts = [
            clause.isNegated ? Texts.not : "", clause.attribute, clause.comparison.rawValue, values,
        ]
        return parts.filter { !$0.isEmpty }.joined(separator: " ")
    }

    private static func text(_ weights: [WeightedVariation]) -> String {
        weights.map { "\($0.variation) \(self.percent($0.weight))" }.joined(separator: ", ")
    }

    private static func percent(_ weight: UInt32) -> String {
        RolloutPercentage(thousandths: weight).map { "\($0) %" } ?? "\(weight)"
    }
}
