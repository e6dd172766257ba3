extension Flag {
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
        case tags
        case owner
        case schema
        case prerequisites
        case overrides
        case targets
        case rules
        case weights
        case recordedStart = "recorded_start"
        case recordedEnd = "recorded_end"
        case release
        case createdAt = "created_at"
        case createdBy = "created_by"
        case updatedAt = "updated_at"
        case updatedBy = "updated_by"
        case revision
        case createdRevision = "created_revision"

        /// All fields, made once: `allCases` makes an array each time.
        static let inOrder = Field.allCases
    }
}
