/// A tenant: the isolation boundary.
public struct Organization: Hashable, Sendable {
    /// 1–64 of `a–z 0–9 -`.
    public var id: String
    /// For people.
    public var name: String

    /// Creates an organization, unchecked.
    public init(id: String, name: String) {
        self.id = id
        self.name = name
    }
}

/// A place of an organization that flags live in, such as production.
public struct Environment: Hashable, Sendable {
    /// Where it belongs and its own id.
    public var id: EnvironmentID
    /// For people.
    public var name: String

    /// Creates an environment, unchecked.
    public init(id: EnvironmentID, name: String) {
        self.id = id
        self.name = name
    }
}

/// What an organization's customers can buy.
public struct Plan: Hashable, Sendable {
    /// The organization that sells it.
    public var organization: String
    /// For example `ENTERPRISE`.
    public var id: String
    /// For people.
    public var name: String

    /// Creates a plan, unchecked.
    public init(organization: String, id: String, name: String) {
        self.organization = organization
        self.id = id
        self.name = name
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

    /// Creates a company, unchecked.
    public init(organization: String, id: String, name: String, plan: String, region: String) {
        self.organization = organization
        self.id = id
        self.name = name
        self.plan = plan
        self.region = region
    }
}
