/// The position of a change in the one order of all changes: its Raft log index; 0 is before any.
public struct Revision: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    /// The log index.
    public let rawValue: UInt64

    /// Names a position.
    public init(_ rawValue: UInt64) { self.rawValue = rawValue }

    /// Before the first change.
    public static let zero = Revision(0)

    /// The number.
    public var description: String { String(self.rawValue) }

    /// Compares positions.
    public static func < (lhs: Revision, rhs: Revision) -> Bool { lhs.rawValue < rhs.rawValue }
}

/// A moment of wall-clock time, in milliseconds since 1970-01-01T00:00:00Z.
///
/// It enters the state machine only inside a replicated command, so that every node sees the same.
public struct Timestamp: Hashable, Comparable, Sendable, Codable {
    /// Since 1970-01-01T00:00:00Z; negative before.
    public let milliseconds: Int64

    /// Names a moment.
    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// Compares moments.
    public static func < (lhs: Timestamp, rhs: Timestamp) -> Bool {
        lhs.milliseconds < rhs.milliseconds
    }
}

/// The name of an organization's environment, written `acme/production`.
public struct EnvironmentID: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    /// 1-64 of `a-z 0-9 -`, checked at write time.
    public let organization: String
    /// 1-64 of `a-z 0-9 -`, unique within the organization.
    public let environment: String

    /// Names an environment, unchecked.
    public init(organization: String, environment: String) {
        self.organization = organization
        self.environment = environment
    }

    /// The id as it is written.
    public var description: String { "\(self.organization)/\(self.environment)" }

    /// Orders by organization, then environment.
    public static func < (lhs: EnvironmentID, rhs: EnvironmentID) -> Bool {
        (lhs.organization, lhs.environment) < (rhs.organization, rhs.environment)
    }
}

/// A flag's name within its environment: 1–128 of `a–z A–Z 0–9 . _ -`, checked at write time.
public struct FlagKey: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    /// The key as it is written.
    public let rawValue: String

    /// Names a flag, unchecked.
    public init(_ rawValue: String) { self.rawValue = rawValue }

    /// The key as it is written.
    public var description: String { self.rawValue }

    /// Orders alphabetically.
    public static func < (lhs: FlagKey, rhs: FlagKey) -> Bool { lhs.rawValue < rhs.rawValue }
}
