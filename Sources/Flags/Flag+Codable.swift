extension Flag: Codable {
    /// The fields of a flag by the names that JSON and the record store have for them.
    public enum Field: String, CodingKey, CaseIterable, Sendable {
        case key
        case name
        case description
        case enabled
        case status
        case archived
        case rollout = "rollout_percentage"
        case plans = "target_plans"
        case roles = "target_roles"
        case companies = "target_companies"
        case regions = "target_regions"
        case start = "start_date"
        case end = "end_date"
        case variations
        case onVariation = "on_variation"
        case offVariation = "off_variation"
        case salt
        case bucketBy = "bucket_by"
        case createdAt = "created_at"
        case createdBy = "created_by"
        case updatedAt = "updated_at"
        case updatedBy = "updated_by"
        case revision
        case createdRevision = "created_revision"

        /// All fields, made once: `allCases` makes an array each time.
        static let inOrder = Field.allCases
    }

    /// Reads what `JSONWriter.flag` writes.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Field.self)
        self.init(
            key: try fields.decode(FlagKey.self, forKey: .key),
            name: try fields.decode(String.self, forKey: .name),
            description: try fields.decode(String.self, forKey: .description),
            enabled: try fields.decode(Bool.self, forKey: .enabled),
            status: try fields.decode(FlagStatus.self, forKey: .status),
            isArchived: try fields.decode(Bool.self, forKey: .archived),
            rollout: try fields.decode(RolloutPercentage.self, forKey: .rollout),
            audience: Audience(
                plans: try fields.decode([String].self, forKey: .plans),
                roles: try fields.decode([String].self, forKey: .roles),
                companies: try fields.decode([String].self, forKey: .companies),
                regions: try fields.decode([String].self, forKey: .regions)
            ),
            start: try fields.decodeIfPresent(Timestamp.self, forKey: .start),
            end: try fields.decodeIfPresent(Timestamp.self, forKey: .end),
            variations: try fields.decode([Variation].self, forKey: .variations),
            onVariation: try fields.decode(String.self, forKey: .onVariation),
            offVariation: try fields.decode(String.self, forKey: .offVariation),
            salt: try fields.decode(String.self, forKey: .salt),
            bucketBy: try fields.decode(String.self, forKey: .bucketBy),
            createdAt: try fields.decode(Timestamp.self, forKey: .createdAt),
            createdBy: try fields.decode(String.self, forKey: .createdBy),
            updatedAt: try fields.decode(Timestamp.self, forKey: .updatedAt),
            updatedBy: try fields.decode(String.self, forKey: .updatedBy),
            revision: try fields.decode(Revision.self, forKey: .revision),
            createdRevision: try fields.decode(Revision.self, forKey: .createdRevision)
        )
    }

    /// Writes what `JSONWriter.flag` writes.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: Field.self)
        try fields.encode(self.key, forKey: .key)
        try fields.encode(self.name, forKey: .name)
        try fields.encode(self.description, forKey: .description)
        try fields.encode(self.enabled, forKey: .enabled)
        try fields.encode(self.status, forKey: .status)
        try fields.encode(self.isArchived, forKey: .archived)
        try fields.encode(self.rollout, forKey: .rollout)
        try fields.encode(self.audience.plans, forKey: .plans)
        try fields.encode(self.audience.roles, forKey: .roles)
        try fields.encode(self.audience.companies, forKey: .companies)
        try fields.encode(self.audience.regions, forKey: .regions)
        try fields.encode(self.start, forKey: .start)
        try fields.encode(self.end, forKey: .end)
        try fields.encode(self.variations, forKey: .variations)
        try fields.encode(self.onVariation, forKey: .onVariation)
        try fields.encode(self.offVariation, forKey: .offVariation)
        try fields.encode(self.salt, forKey: .salt)
        try fields.encode(self.bucketBy, forKey: .bucketBy)
        try fields.encode(self.createdAt, forKey: .createdAt)
        try fields.encode(self.createdBy, forKey: .createdBy)
        try fields.encode(self.updatedAt, forKey: .updatedAt)
        try fields.encode(self.updatedBy, forKey: .updatedBy)
        try fields.encode(self.revision, forKey: .revision)
        try fields.encode(self.createdRevision, forKey: .createdRevision)
    }
}
