extension FlagPatch {
    /// The least patch that makes a flag that is as `before` says what `after` says.
    ///
    /// `after` is completed and validated; where it leaves the salt or the attribute to bucket by
    /// empty, they stay. Overrides are not part of a patch: see `Override.changes(from:to:)`.
    ///
    /// - Throws: when `after` is not valid, or changes what is fixed for ever: key, salt, bucketing.
    public init(from before: FlagDefinition, to after: FlagDefinition) throws(FlagsError) {
        let target = try Self.target(before, after)
        self.init()
        self.name = Self.changed(before.name, target.name)
        self.description = Self.changed(before.description, target.description)
        self.enabled = Self.changed(before.enabled, target.enabled)
        self.status = Self.changed(before.status, target.status)
        self.rollout = Self.changed(before.rollout, target.rollout)
        self.plans = Self.changed(before.audience.plans, target.audience.plans)
        self.roles = Self.changed(before.audience.roles, target.audience.roles)
        self.companies = Self.changed(before.audience.companies, target.audience.companies)
        self.regions = Self.changed(before.audience.regions, target.audience.regions)
        self.start = Self.changed(Bound(before.start), Bound(target.start))
        self.end = Self.changed(Bound(before.end), Bound(target.end))
        self.variations = Self.changed(before.variations, target.variations)
        self.onVariation = Self.changed(before.onVariation, target.onVariation)
        self.offVariation = Self.changed(before.offVariation, target.offVariation)
        self.tags = Self.changed(before.labels.tags, target.labels.tags)
        self.owner = Self.changed(before.labels.owner, target.labels.owner)
        self.schema = Self.changed(before.labels.schema, target.labels.schema)
        self.prerequisites = Self.changed(
            before.targeting.prerequisites,
            target.targeting.prerequisites
        )
        self.targets = Self.changed(before.targeting.targets, target.targeting.targets)
        self.rules = Self.changed(before.targeting.rules, target.targeting.rules)
        self.weights = Self.changed(before.targeting.weights, target.targeting.weights)
    }

    /// Whether it changes nothing.
    public var isEmpty: Bool {
        var rest = self
        rest.reason = ""
        return rest == FlagPatch()
    }

    private static func target(
        _ before: FlagDefinition,
        _ after: FlagDefinition
    ) throws(FlagsError) -> FlagDefinition {
        var target = after
        if target.salt.isEmpty { target.salt = before.salt }
        if target.bucketBy.isEmpty { target.bucketBy = before.bucketBy }
        target = try target.validatedInAnyStatus()
        guard target.key == before.key else {
            throw FlagsError(.invalidName, "flag \(before.key) cannot become \(target.key)")
        }
        guard target.salt == before.salt, target.bucketBy == before.bucketBy else {
            throw FlagsError(
                .invalidText,
                "the salt and the attribute to bucket by of flag \(before.key) cannot change: "
                    + "everybody would fall into another bucket"
            )
        }
        return target
    }

    private static func changed<Field: Equatable>(_ before: Field, _ after: Field) -> Field? {
        before == after ? nil : after
    }
}

extension FlagPatch.Bound {
    /// A bound at `moment`, or none.
    public init(_ moment: Timestamp?) {
        self = moment.map { .at($0) } ?? .none
    }
}

extension Override {
    /// What to remove and what to set, in order, so that `before` becomes `after`.
    public static func changes(
        from before: [Override],
        to after: [Override]
    ) -> (removed: [Override], set: [Override]) {
        let earlier = Set(before)
        let kept = Set(after.map(\.place))
        return (
            removed: before.filter { !kept.contains($0.place) },
            set: after.filter { !earlier.contains($0) }
        )
    }
}
