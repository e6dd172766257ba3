extension Flag {
    /// The fields in which the flag differs from `before`, in the order that they are written.
    ///
    /// What every change sets (`updated_at`, `updated_by`, `revision`) is not among them.
    public func changedFields(since before: Flag) -> [Field] {
        var fields: [Field] = []
        for field in Field.inOrder where self.differs(in: field, from: before) {
            fields.append(field)
        }
        return fields
    }

    private func differs(in field: Field, from before: Flag) -> Bool {
        switch field {
        case .key: self.key != before.key
        case .name: self.name != before.name
        case .description: self.description != before.description
        case .enabled: self.enabled != before.enabled
        case .status: self.status != before.status
        case .archived: self.isArchived != before.isArchived
        case .rollout: self.rollout != before.rollout
        case .plans: self.audience.plans != before.audience.plans
        case .roles: self.audience.roles != before.audience.roles
        case .companies: self.audience.companies != before.audience.companies
        case .regions: self.audience.regions != before.audience.regions
        case .start: self.start != before.start
        case .end: self.end != before.end
        case .variations: self.variations != before.variations
        case .onVariation: self.onVariation != before.onVariation
        case .offVariation: self.offVariation != before.offVariation
        case .salt: self.salt != before.salt
        case .bucketBy: self.bucketBy != before.bucketBy
        case .tags: self.labels.tags != before.labels.tags
        case .owner: self.labels.owner != before.labels.owner
        case .schema: self.labels.schema != before.labels.schema
        case .prerequisites: self.targeting.prerequisites != before.targeting.prerequisites
        case .overrides: self.targeting.overrides != before.targeting.overrides
        case .targets: self.targeting.targets != before.targeting.targets
        case .rules: self.targeting.rules != before.targeting.rules
        case .weights: self.targeting.weights != before.targeting.weights
        case .recordedStart: self.recordedStart != before.recordedStart
        case .recordedEnd: self.recordedEnd != before.recordedEnd
        case .release: self.release != before.release
        case .createdAt: self.createdAt != before.createdAt
        case .createdBy: self.createdBy != before.createdBy
        case .createdRevision: self.createdRevision != before.createdRevision
        case .updatedAt, .updatedBy, .revision: false
        }
    }
}
