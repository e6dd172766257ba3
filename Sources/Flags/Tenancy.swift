/// A tenant: the isolation boundary.
public struct Organization: Hashable, Sendable {
    /// 1–64 of `a–z 0–9 -`.
    public var id: String
    public var name: String

    public init(id: String, name: String) {
        self.id = id
        self.name = name
    }
}

/// A place of an organization that flags live in, such as production.
public struct Environment: Hashable, Sendable {
    public var id: EnvironmentID
    public var name: String

    public init(id: EnvironmentID, name: String) {
        self.id = id
        self.name = name
    }
}

/// What an organization's customers can buy.
public struct Plan: Hashable, Sendable {
    public var organization: String
    /// For example `ENTERPRISE`.
    public var id: String
    public var name: String

    public init(organization: String, id: String, name: String) {
        self.organization = organization
        self.id = id
        self.name = name
    }
}

/// A customer of an organization.
public struct Company: Hashable, Sendable {
    public var organization: String
    public var id: String
    public var name: String
    public var plan: String
    public var region: String

    public init(organization: String, id: String, name: String, plan: String, region: String) {
        self.organization = organization
        self.id = id
        self.name = name
        self.plan = plan
        self.region = region
    }
}
