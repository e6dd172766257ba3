/// The largest of everything that a flag or a tenant may be: checked when a command is judged.
public enum FlagsLimits {
    /// Flags of one environment, archived ones included, since their keys stay taken.
    public static let flagsPerEnvironmentMax = 20_000
    /// Organizations of a cluster.
    public static let organizationsMax = 10_000
    /// Environments of one organization.
    public static let environmentsPerOrganizationMax = 100
    /// Plans of one organization.
    public static let plansPerOrganizationMax = 1_000
    /// Companies of one organization.
    public static let companiesPerOrganizationMax = 100_000

    /// Segments of one environment.
    public static let segmentsPerEnvironmentMax = 10_000
    /// Members of one organization.
    public static let membersPerOrganizationMax = 10_000
    /// Tokens of one organization, revoked and expired ones included: of those the oldest goes when
    /// another one needs its place.
    public static let tokensPerOrganizationMax = 10_000
    /// Alerts of one organization that are kept; the oldest goes first.
    public static let alertsPerOrganizationMax = 1_000
    /// Ended releases of one organization that are kept; the oldest goes first.
    public static let endedReleasesPerOrganizationMax = 1_000

    /// UTF-8 bytes of a flag's key.
    public static let keyBytesMax = 128
    /// UTF-8 bytes of an organization's or environment's id.
    public static let tenantBytesMax = 64
    /// UTF-8 bytes of a plan's, company's or region's id.
    public static let identifierBytesMax = 128
    /// UTF-8 bytes of a display name.
    public static let nameBytesMax = 256
    /// UTF-8 bytes of a description.
    public static let descriptionBytesMax = 4_096
    /// UTF-8 bytes of the reason that a change is given for.
    public static let reasonBytesMax = 1_024
    /// UTF-8 bytes of a variation's name.
    public static let variationNameBytesMax = 128
    /// UTF-8 bytes of a salt.
    public static let saltBytesMax = 256
    /// UTF-8 bytes of the name of the attribute that is bucketed by.
    public static let attributeNameBytesMax = 256
    /// UTF-8 bytes of one entry of an audience list.
    public static let audienceEntryBytesMax = 256

    /// UTF-8 bytes of a tag.
    public static let tagBytesMax = 64
    /// UTF-8 bytes of the name of who answers for a flag.
    public static let ownerBytesMax = 256
    /// UTF-8 bytes of a value of a target, a segment's list or an override's subject.
    public static let unitBytesMax = 256
    /// UTF-8 bytes of a text that a clause compares with.
    public static let clauseTextBytesMax = 1_024
    /// UTF-8 bytes of a regular expression.
    public static let patternBytesMax = 1_024
    /// UTF-8 bytes of the address of a logo.
    public static let addressBytesMax = 2_048
    /// UTF-8 bytes of a host's name.
    public static let hostBytesMax = 253
    /// UTF-8 bytes of a language tag.
    public static let localeBytesMax = 35

    /// Tags of one flag.
    public static let tagsMax = 64
    /// Rules of one flag.
    public static let rulesPerFlagMax = 500
    /// Clauses of one rule.
    public static let clausesPerRuleMax = 100
    /// Values of one clause.
    public static let valuesPerClauseMax = 4_096
    /// Individual targets of one flag: lists, not values.
    public static let targetsPerFlagMax = 256
    /// Values of one target.
    public static let valuesPerTargetMax = 10_000
    /// Overrides of one flag.
    public static let overridesPerFlagMax = 1_000
    /// Prerequisites of one flag.
    public static let prerequisitesPerFlagMax = 32
    /// Flags or segments that are looked at for one check of dependencies.
    public static let dependenciesVisitedMax = 10_000
    /// Differences that one comparison of documents names one by one.
    public static let differencesMax = 1_000
    /// Rules of one segment.
    public static let rulesPerSegmentMax = 200
    /// Entries of one list of a segment.
    public static let segmentEntriesMax = 16_384
    /// Bytes of a segment's lists and rules together: its command must fit into one frame.
    public static let segmentBytesMax = 786_432
    /// Parts of an attribute's path.
    public static let attributePathDepthMax = 16
    /// Attributes of one company.
    public static let companyAttributesMax = 64
    /// Bytes of a company's attributes together.
    public static let companyAttributesBytesMax = 16_384
    /// Bytes of a schema, measured by `Value.sizeInBytes`.
    public static let schemaBytesMax = 65_536
    /// Values and subschemas that are looked at when a flag's values are checked against its schema.
    public static let schemaStepsMax = 200_000
    /// Steps of one release.
    public static let releaseStepsMax = 100
    /// Approvals that one step of a release may wait for.
    public static let approvalsPerStepMax = 20
    /// How long one step of a release may hold: 366 days.
    public static let holdMillisecondsMax: Int64 = 366 * 86_400_000

    /// Variations of one flag.
    public static let variationsMax = 64
    /// Entries of one audience list.
    public static let audienceEntriesMax = 1_000
    /// Bytes of one variation's value, measured by `Value.sizeInBytes`.
    public static let valueBytesMax = 65_536
    /// Bytes of a flag's variations, audience, labels and targeting together: a flag must fit into
    /// one frame.
    public static let flagBytesMax = 262_144
    /// How deep arrays and objects may nest in a value.
    public static let valueDepthMax = 16
    /// Attributes of an evaluation context.
    public static let contextAttributesMax = 256

    /// Bytes of a JSON text that is read: a file, or a recorded document.
    public static let documentBytesMax = 16 << 20
    /// How deep arrays and objects may nest in a JSON text.
    public static let documentDepthMax = 64
    /// Values in a JSON text.
    public static let documentValuesMax = 2_000_000

    /// The first and the last moment that RFC 3339 can write: years 0000 through 9999.
    public static let timestampMin = Timestamp(milliseconds: -62_167_219_200_000)
    /// The last millisecond of the year 9999.
    public static let timestampMax = Timestamp(milliseconds: 253_402_300_799_999)

    /// Entries up to which a membership list is searched in order rather than hashed.
    static let membershipScanMax = 8
}
