internal import ArgumentParser
internal import Flags

/// Who gets what of a flag, beyond audience and rollout, and what people say about it.
struct FlagTargetingOptions: ParsableArguments {
    @Option(
        name: .customLong("tag"),
        help: ArgumentHelp("Its tags; with '' none. May be repeated.", valueName: "tag[,…]")
    )
    var tags: [String] = []

    @Option(help: "Who answers for it.")
    var owner: String?

    @Option(
        help: ArgumentHelp(
            "A JSON schema that object values must conform to; null takes it away.",
            valueName: "JSON"
        )
    )
    var schema: String?

    @Option(
        name: .customLong("prerequisite"),
        help: ArgumentHelp(
            "Another flag that must give one of these variations first; with '' none. May be "
                + "repeated.",
            valueName: "key=variation[,…]"
        )
    )
    var prerequisites: [String] = []

    @Option(
        name: .customLong("target"),
        help: ArgumentHelp(
            "Users who are given a variation one by one; with '' none. May be repeated.",
            valueName: "variation=user[,…]"
        )
    )
    var targets: [String] = []

    @Option(
        name: .customLong("rule"),
        help: ArgumentHelp(
            "A rule as 'flag get -o json' shows it; the first that matches decides; with '' none. "
                + "May be repeated.",
            valueName: "JSON"
        )
    )
    var rules: [String] = []

    @Option(
        name: .customLong("rules-file"),
        help: ArgumentHelp("A YAML or JSON file with a list of rules.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml", "json"])
    )
    var rulesFile: String?

    @Option(
        name: .customLong("weight"),
        help: ArgumentHelp(
            "How the rollout's share is divided among variations, 100 in all; with '' it all goes "
                + "to the on variation. May be repeated.",
            valueName: "variation=percent"
        )
    )
    var weights: [String] = []
}

extension FlagTargetingOptions {
    /// Adds what the options say to a change.
    func add(to patch: inout FlagPatch) throws(CommandFailure) {
        patch.tags = FlagFields.names(self.tags)
        patch.owner = self.owner
        if let schema {
            guard let value = JSONText.value(schema) else { throw .usage(Texts.badJSON(schema)) }
            patch.schema = value
        }
        patch.prerequisites = try Self.list(self.prerequisites, Self.prerequisite)
        patch.targets = try Self.list(self.targets, Self.target)
        patch.weights = try Self.list(self.weights, Self.weight)
        patch.rules = try self.givenRules()
    }

    private func givenRules() throws(CommandFailure) -> [Rule]? {
        guard let rulesFile else { return try Self.list(self.rules, Self.rule) }
        guard self.rules.isEmpty else {
            throw .usage(Texts.exclusive("--rule", "--rules-file"))
        }
        return try DeclarativeFile.read(rulesFile).rules()
    }

    /// `nil` when the option was not given; empty when it was given as ''.
    private static func list<Item>(
        _ texts: [String],
        _ item: (String) throws(CommandFailure) -> Item
    ) throws(CommandFailure) -> [Item]? {
        guard !texts.isEmpty else { return nil }
        var items: [Item] = []
        for text in texts where !text.isEmpty { items.append(try item(text)) }
        return items
    }

    private static func prerequisite(_ text: String) throws(CommandFailure) -> Prerequisite {
        let (key, variations) = try Self.assignment(text, option: "--prerequisite")
        return Prerequisite(flag: FlagKey(key), variations: FlagFields.names([variations]) ?? [])
    }

    private static func target(_ text: String) throws(CommandFailure) -> Target {
        let (variation, users) = try Self.assignment(text, option: "--target")
        return Target(variation: variation, values: FlagFields.names([users]) ?? [])
    }

    private static func weight(_ text: String) throws(CommandFailure) -> WeightedVariation {
        let (variation, percent) = try Self.assignment(text, option: "--weight")
        let share = try FlagFields.rollout(percent)
        return WeightedVariation(variation: variation, weight: share.thousandths)
    }

    private static func rule(_ text: String) throws(CommandFailure) -> Rule {
        guard let document = JSONText.value(text) else { throw .usage(Texts.badJSON(text)) }
        do throws(FlagsError) {
            return try Rule(document: document)
        } catch {
            throw .usage(Texts.badRule(error.message))
        }
    }

    private static func assignment(
        _ text: String,
        option: String
    ) throws(CommandFailure) -> (name: String, value: String) {
        guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
            throw .usage(Texts.badPair(text, option: option))
        }
        return (String(text[..<equals]), String(text[text.index(after: equals)...]))
    }
}
