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
                    self.creation(of: wanted, in: place)
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
        wanted = try self.completed(wanted)
        let difference = Difference(
            kind: "flag",
            subject: wanted.key.rawValue,
            before: present.document,
            after: wanted.document
        )
        guard !difference.isEmpty else { return [] }
        return [
            ApplyStep(
                .update,
                difference,
                of: place.organization,
                in: place,
                basis: known.revision,
                try self.update(from: present, to: wanted, in: place)
            )
        ]
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
        return (patch.isEmpty ? [] : [.updateFlag(place, wanted.key, patch)])
            + overrides.removed.map { override in
                .removeOverride(place, wanted.key, override.level, subject: override.subject)
            }
            + overrides.set.map { .setOverride(place, wanted.key, $0) }
    }
}
