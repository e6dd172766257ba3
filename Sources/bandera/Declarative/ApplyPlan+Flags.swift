internal import Flags

extension ApplyPlan {
    /// The steps that make one flag what it is to be; none when it is so already.
    static func flag(
        _ item: DesiredState.PlacedFlag,
        _ known: Flag?
    ) throws(CommandFailure) -> [ApplyStep] {
        let place = item.environment
        guard let known else {
            let wanted = try self.completed(item.definition)
            let difference = Difference(
                kind: "flag",
                subject: wanted.key.rawValue,
                before: .null,
                after: wanted.document
            )
            return [
                ApplyStep(
                    .create,
                    difference,
                    of: place.organization,
                    in: place,
                    basis: .zero,
                    self.creation(of: wanted, in: place),
                    needs: self.needs(of: wanted, in: place)
                )
            ]
        }
        guard !known.isArchived else {
            throw .usage(Texts.archivedFlag(known.key.rawValue, place.description))
        }
        let present = FlagDefinition(known)
        var wanted = item.definition
        // What a file leaves out of what is fixed for ever stays as it is.
        if wanted.salt.isEmpty { wanted.salt = present.salt }
        if wanted.bucketBy.isEmpty { wanted.bucketBy = present.bucketBy }
        // What a running release sets is the release's.
        if known.release != nil {
            wanted.rollout = present.rollout
            wanted.audience = present.audience
            wanted.targeting.weights = present.targeting.weights
        }
        wanted = try self.completed(wanted)
        let difference = Difference(
            kind: "flag",
            subject: wanted.key.rawValue,
            before: present.document,
            after: wanted.document
        )
        guard !difference.isEmpty else { return [] }
        let commands = try self.update(from: present, to: wanted, in: place)
        return [
            ApplyStep(
                .update,
                difference,
                of: place.organization,
                in: place,
                basis: known.revision,
                commands,
                judgedAlone: self.independent(commands, of: present),
                needs: self.needs(of: wanted, in: place)
            )
        ]
    }

    /// The names of what a flag can be made with only when it is there.
    static func needs(of flag: FlagDefinition, in place: EnvironmentID) -> [String] {
        flag.targeting.prerequisites.map { "flag \(place)/\($0.flag)" }
            + flag.targeting.rules.flatMap(\.clauses).segments.map { "segment \(place)/\($0)" }
            + self.needs(in: place)
    }

    /// The names of what everything in an environment needs.
    static func needs(in place: EnvironmentID) -> [String] {
        ["environment \(place)", "organization \(place.organization)"]
    }

    private static func completed(
        _ definition: FlagDefinition
    ) throws(CommandFailure) -> FlagDefinition {
        do throws(FlagsError) {
            return try definition.validatedInAnyStatus()
        } catch {
            throw .usage(error.message)
        }
    }

    /// A flag can only begin as a draft or active: the way to other statuses leads through those,
    /// switched off, so that nobody gets it meanwhile.
    private static func creation(
        of wanted: FlagDefinition,
        in place: EnvironmentID
    ) -> [Command] {
        guard wanted.status != .draft, wanted.status != .active else {
            return [.createFlag(place, wanted)]
        }
        var first = wanted
        first.status = .active
        first.enabled = false
        var last = FlagPatch()
        last.status = wanted.status
        last.enabled = wanted.enabled
        return [.createFlag(place, first), .updateFlag(place, wanted.key, last)]
    }

    private static func update(
        from present: FlagDefinition,
        to wanted: FlagDefinition,
        in place: EnvironmentID
    ) throws(CommandFailure) -> [Command] {
        let patch: FlagPatch
        do throws(FlagsError) {
            patch = try FlagPatch(from: present, to: wanted)
        } catch {
            throw .usage(error.message)
        }
        let overrides = Override.changes(
            from: present.targeting.overrides,
            to: wanted.targeting.overrides
        )
        // What names a variation that goes must have gone before, and what takes its place may name
        // one that comes with the patch.
        let lasting = wanted.variations.map(\.name)
        let replaced = present.targeting.overrides.filter { old in
            !lasting.contains(old.variation)
                && overrides.set.contains { $0.level == old.level && $0.subject == old.subject }
        }
        return (overrides.removed + replaced).map { override in
            .removeOverride(place, wanted.key, override.level, subject: override.subject)
        }
            + (patch.isEmpty ? [] : [.updateFlag(place, wanted.key, patch)])
            + overrides.set.map { .setOverride(place, wanted.key, $0) }
    }

    /// Those of the commands that can be judged upon the flag as it is, without those before.
    private static func independent(
        _ commands: [Command],
        of present: FlagDefinition
    ) -> [Command] {
        let names = present.variations.map(\.name)
        return commands.filter { command in
            switch command {
            case .updateFlag(_, _, let patch):
                let lasting = patch.variations?.map(\.name) ?? names
                return present.targeting.overrides.allSatisfy { lasting.contains($0.variation) }
            case .setOverride(_, _, let override):
                return names.contains(override.variation)
            default:
                return true
            }
        }
    }
}
