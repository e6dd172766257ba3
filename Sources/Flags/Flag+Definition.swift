extension Flag {
    /// The flag that `definition`, which has been validated, creates.
    public init(
        creating definition: FlagDefinition,
        time: Timestamp,
        actor: String,
        revision: Revision
    ) {
        self.init(
            key: definition.key,
            name: definition.name,
            description: definition.description,
            enabled: definition.enabled,
            status: definition.status,
            isArchived: false,
            rollout: definition.rollout,
            audience: definition.audience,
            start: definition.start,
            end: definition.end,
            variations: definition.variations,
            onVariation: definition.onVariation,
            offVariation: definition.offVariation,
            salt: definition.salt,
            bucketBy: definition.bucketBy,
            createdAt: time,
            createdBy: actor,
            updatedAt: time,
            updatedBy: actor,
            revision: revision,
            createdRevision: revision,
            labels: definition.labels,
            targeting: definition.targeting
        )
    }
}
