/// A tenant: the isolation boundary.
public struct Organization: Hashable, Sendable {
    /// 1–64 of `a–z 0–9 -`.
    public var id: String
    /// For people.
    public var name: String
    /// How its pages and mails look.
    public var branding: Branding
    /// How much of everything it may have.
    public var quotas: Quotas
    /// The change that made it what it is now; the state machine sets it.
    public var revision: Revision

    /// Creates an organization, unchecked.
    public init(
        id: String,
        name: String,
        branding: Branding = Branding(),
        quotas: Quotas = Quotas(),
        revision: Revision = .zero
    ) {
        self.id = id
        self.name = name
        self.branding = branding
        self.quotas = quotas
        self.revision = revision
    }
}

/// How an organization presents itself; every part may be empty.
public struct Branding: Hashable, Sendable {
    /// An https address of a picture.
    public var logo: String
    /// `#rrggbb`.
    public var primaryColor: String
    /// `#rrggbb`.
    public var accentColor: String
    /// A language tag, such as `es-MX`.
    public var locale: String
    /// The name of the host that its panel is served at.
    public var host: String

    /// Creates branding, unchecked.
    public init(
        logo: String = "",
        primaryColor: String = "",
        accentColor: String = "",
        locale: String = "",
        host: String = ""
    ) {
        self.logo = logo
        self.primaryColor = primaryColor
        self.accentColor = accentColor
        self.locale = locale
        self.host = host
    }
}

/// How much of everything an organization may have; 0 means what the cluster allows anybody.
public struct Quotas: Hashable, Sendable {
    /// Flags of all its environments together, archived ones not counted.
    public var flags: UInt32
    /// Companies.
    public var companies: UInt32
    /// Watches on one node.
    public var watches: UInt32
    /// Changes in one second.
    public var writesPerSecond: UInt32

    /// Creates quotas.
    public init(
        flags: UInt32 = 0,
        companies: UInt32 = 0,
        watches: UInt32 = 0,
        writesPerSecond: UInt32 = 0
    ) {
        self.flags = flags
        self.companies = companies
        self.watches = watches
        self.writesPerSecond = writesPerSecond
    }
}

/// A place of an organization that flags live in, such as production.
public struct Environment: Hashable, Sendable {
    /// Where it belongs and its own id.
    public var id: EnvironmentID
    /// For people.
    public var name: String
    /// The change that made it what it is now; the state machine sets it.
    public var revision: Revision

    /// Creates an environment, unchecked.
    public init(id: EnvironmentID, name: String, revision: Revision = .zero) {
        self.id = id
        self.name = name
        self.revision = revision
    }
}

/// What an organization's customers can buy.
///
/// What a plan grants are the overrides of flags at its level.
public struct Plan: Hashable, Sendable {
    /// The organization that sells it.
    public var organization: String
    /// For example `ENTERPRISE`.
    public var id: String
    /// For people.
    public var name: String
    /// For people; may have several lines.
    public var description: String
    /// The change that made it what it is now; the state machine sets it.
    public var revision: Revision

    /// Creates a plan, unchecked.
    public init(
        organization: String,
        id: String,
        name: String,
        description: String = "",
        revision: Revision = .zero
    ) {
        self.organization = organization
        self.id = id
        self.name = name
        self.description = description
        self.revision = revision
    }
}

/// A customer of an organization.
public struct Company: Hashable, Sendable {
    /// The organization whose customer it is.
    public var organization: String
    /// 1-128 of `a-z A-Z 0-9 . _ -`.
    public var id: String
    /// For people.
    public var name: String
    /// The id of its plan; empty when it has none.
    public var plan: String
    /// The region that it is in; empty when unknown.
    public var region: String
    /// Whatever else is known of it, sorted by name.
    public var attributes: [Value.Field]
    /// The change that made it what it is now; the state machine sets it.
    public var revision: Revision

    /// Creates a company, unchecked.
    public init(
        organization: String,
        id: String,
        name: String,
        plan: String,
        region: String,
        attributes: [Value.Field] = [],
        revision: Revision = .zero
    ) {
        self.organization = organization
        self.id = id
        self.name = name
        self.plan = plan
        self.region = region
        self.attributes = attributes
        self.revision = revision
    }
}
