extension Revision {
    /// Reads a number.
    public init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(UInt64.self))
    }

    /// Writes a number.
    public func encode(to encoder: any Encoder) throws {
        var single = encoder.singleValueContainer()
        try single.encode(self.rawValue)
    }
}

extension FlagKey {
    /// Reads a string.
    public init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(String.self))
    }

    /// Writes a string.
    public func encode(to encoder: any Encoder) throws {
        var single = encoder.singleValueContainer()
        try single.encode(self.rawValue)
    }
}

extension EnvironmentID {
    /// Reads `organization/environment`.
    public init(from decoder: any Decoder) throws {
        try self.init(parsing: try decoder.singleValueContainer().decode(String.self))
    }

    /// Writes `organization/environment`.
    public func encode(to encoder: any Encoder) throws {
        var single = encoder.singleValueContainer()
        try single.encode(self.description)
    }
}

extension Timestamp {
    /// Reads RFC 3339.
    public init(from decoder: any Decoder) throws {
        try self.init(parsing: try decoder.singleValueContainer().decode(String.self))
    }

    /// Writes RFC 3339.
    public func encode(to encoder: any Encoder) throws {
        var single = encoder.singleValueContainer()
        try single.encode(self.rfc3339)
    }
}

extension RolloutPercentage: Codable {
    /// Reads a number of percent.
    public init(from decoder: any Decoder) throws {
        try self.init(percent: try decoder.singleValueContainer().decode(Double.self))
    }

    /// Writes a number of percent.
    public func encode(to encoder: any Encoder) throws {
        var single = encoder.singleValueContainer()
        try single.encode(self.percent)
    }
}
