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

    /// Variations of one flag.
    public static let variationsMax = 64
    /// Entries of one audience list.
    public static let audienceEntriesMax = 1_000
    /// Bytes of one variation's value, measured by `Value.sizeInBytes`.
    public static let valueBytesMax = 65_536
    /// Bytes of a flag's variations and audience together: a flag must fit into one frame.
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
