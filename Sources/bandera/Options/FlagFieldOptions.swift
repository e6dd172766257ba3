internal import ArgumentParser
internal import Flags

/// The fields of a flag that both `flag create` and `flag update` can set.
struct FlagFieldOptions: ParsableArguments {
    @Option(help: "A name for people.")
    var name: String?

    @Option(help: "What the flag is for.")
    var description: String?

    @Option(
        help: ArgumentHelp(
            "draft, active, paused, completed or rolled_back. Only an active flag is evaluated.",
            valueName: "status"
        ),
        completion: .list(FlagStatus.allCases.map(\.rawValue))
    )
    var status: String?

    @Option(
        help: ArgumentHelp(
            "The share of the audience that gets the on variation, 0 to 100, such as 10 or 12.5.",
            valueName: "percent"
        )
    )
    var rollout: String?

    @Option(
        name: .customLong("target-plans"),
        help: ArgumentHelp(
            "Only these plans; with '' every plan. May be repeated.",
            valueName: "plan[,…]"
        )
    )
    var plans: [String] = []

    @Option(
        name: .customLong("target-roles"),
        help: ArgumentHelp(
            "Only these roles; with '' every role. May be repeated.",
            valueName: "role[,…]"
        )
    )
    var roles: [String] = []

    @Option(
        name: .customLong("target-companies"),
        help: ArgumentHelp(
            "Only these companies; with '' every company. May be repeated.",
            valueName: "company[,…]"
        )
    )
    var companies: [String] = []

    @Option(
        name: .customLong("target-regions"),
        help: ArgumentHelp(
            "Only these regions; with '' every region. May be repeated.",
            valueName: "region[,…]"
        )
    )
    var regions: [String] = []

    @Option(
        help: ArgumentHelp(
            "From when on, such as 2026-01-31T09:00:00Z; 'none' for always.",
            valueName: "date"
        )
    )
    var start: String?

    @Option(
        help: ArgumentHelp(
            "Until when, not included; 'none' for ever.",
            valueName: "date"
        )
    )
    var end: String?

    @Option(
        name: .customLong("variation"),
        help: ArgumentHelp(
            "A value that the flag can take, such as blue='\"#00f\"'. May be repeated; without any "
                + "the flag is on=true, off=false.",
            valueName: "name=JSON"
        )
    )
    var variations: [String] = []

    @Option(
        name: .customLong("on-variation"),
        help: ArgumentHelp(
            "The variation that the rollout gives; the first one unless said.",
            valueName: "name"
        )
    )
    var onVariation: String?

    @Option(
        name: .customLong("off-variation"),
        help: ArgumentHelp(
            "The variation that everybody else gets; the last one unless said.",
            valueName: "name"
        )
    )
    var offVariation: String?

    @OptionGroup var targeting: FlagTargetingOptions
}

extension FlagFieldOptions {
    /// The checked change that the options describe.
    func patch() throws(CommandFailure) -> FlagPatch {
        var patch = FlagPatch()
        patch.name = self.name
        patch.description = self.description
        if let status { patch.status = try FlagFields.status(status) }
        if let rollout { patch.rollout = try FlagFields.rollout(rollout) }
        patch.plans = FlagFields.names(self.plans)
        patch.roles = FlagFields.names(self.roles)
        patch.companies = FlagFields.names(self.companies)
        patch.regions = FlagFields.names(self.regions)
        patch.start = try self.start.map(FlagFields.bound)
        patch.end = try self.end.map(FlagFields.bound)
        if case .at(let start) = patch.start, case .at(let end) = patch.end, end <= start {
            throw .usage(
                Texts.windowIsEmpty(start: start.rfc3339, end: end.rfc3339)
            )
        }
        if !self.variations.isEmpty {
            patch.variations = try FlagFields.variations(self.variations)
        }
        patch.onVariation = self.onVariation
        patch.offVariation = self.offVariation
        try self.targeting.add(to: &patch)
        try FlagFields.checkNames(patch)
        return patch
    }
}

/// How the fields of a flag are written on a command line.
enum FlagFields {
    /// A percentage, or a refusal that says what one looks like.
    static func rollout(_ text: String) throws(CommandFailure) -> RolloutPercentage {
        do throws(FlagsError) {
            return try RolloutPercentage(
                parsing: text.hasSuffix("%") ? String(text.dropLast()) : text
            )
        } catch {
            throw .usage(Texts.badPercentage(error.message))
        }
    }

    /// A status, or a refusal that lists them.
    static func status(_ text: String) throws(CommandFailure) -> FlagStatus {
        guard let status = FlagStatus(rawValue: text) else {
            throw .usage(
                Texts.unknownStatus(text, allowed: FlagStatus.allCases.map(\.rawValue))
            )
        }
        return status
    }

    /// A date, or `none`.
    static func bound(_ text: String) throws(CommandFailure) -> FlagPatch.Bound {
        guard text != "none" else { return .none }
        do throws(FlagsError) {
            return .at(try Timestamp(parsing: text))
        } catch {
            throw .usage(Texts.badDate(error.message))
        }
    }

    /// `nil` when the option was not given; empty when it was given as ''.
    static func names(_ texts: [String]) -> [String]? {
        guard !texts.isEmpty else { return nil }
        return texts.flatMap { $0.split(separator: ",") }.map(\.trimmingSpaces)
            .filter { !$0.isEmpty }
    }

    /// `name=JSON` texts, whose names must differ.
    static func variations(_ texts: [String]) throws(CommandFailure) -> [Variation] {
        try self.fields(texts, option: "--variation")
            .map { Variation(name: $0.name, value: $0.value) }
    }

    /// `name=JSON` texts of `option`, whose names must differ.
    static func fields(
        _ texts: [String],
        option: String
    ) throws(CommandFailure) -> [Value.Field] {
        var fields: [Value.Field] = []
        for text in texts {
            guard let field = JSONText.field(text) else {
                throw .usage(Texts.badAssignment(text, option: option))
            }
            guard !fields.contains(where: { $0.name == field.name }) else {
                throw .usage(Texts.repeatedName(field.name, option: option))
            }
            fields.append(field)
        }
        return fields
    }

    /// The on and off variations must be among the variations, when those are given too.
    static func checkNames(_ patch: FlagPatch) throws(CommandFailure) {
        guard let known = patch.variations?.map(\.name) else { return }
        let named = [
            ("--on-variation", patch.onVariation), ("--off-variation", patch.offVariation),
        ]
        for (option, name) in named {
            if let name, !known.contains(name) {
                throw .usage(Texts.unknownVariation(name, option: option, known: known))
            }
        }
    }
}
