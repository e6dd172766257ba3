/// What the author of a segment decides.
public struct SegmentDefinition: Hashable, Sendable {
    /// Unique within the environment, 1-128 of `a-z A-Z 0-9 . _ -`.
    public var key: String
    /// For people.
    public var name: String
    /// For people; may have several lines.
    public var description: String
    /// The context attribute that `included` and `excluded` are values of; empty means
    /// `targetingKey`.
    public var attribute: String
    /// In, whatever the rules say, unless excluded too.
    public var included: [String]
    /// Out, whatever else says.
    public var excluded: [String]
    /// Each a list of clauses that must all hold; in when one does.
    ///
    /// They may name other segments, but not in a circle.
    public var rules: [[Clause]]

    /// Creates a definition, unchecked.
    public init(
        key: String,
        name: String = "",
        description: String = "",
        attribute: String = "",
        included: [String] = [],
        excluded: [String] = [],
        rules: [[Clause]] = []
    ) {
        self.key = key
        self.name = name
        self.description = description
        self.attribute = attribute
        self.included = included
        self.excluded = excluded
        self.rules = rules
    }
}

/// A named set of contexts that the rules of an environment's flags can ask for.
public struct Segment: Hashable, Sendable {
    /// What its author decided.
    public var definition: SegmentDefinition
    /// When it was created.
    public var createdAt: Timestamp
    /// Who created it.
    public var createdBy: String
    /// When it was last changed.
    public var updatedAt: Timestamp
    /// Who changed it last.
    public var updatedBy: String
    /// The change that made it what it is now.
    public var revision: Revision

    /// Its name in rules.
    public var key: String { self.definition.key }

    /// Creates a segment, unchecked.
    public init(
        definition: SegmentDefinition,
        createdAt: Timestamp,
        createdBy: String,
        updatedAt: Timestamp,
        updatedBy: String,
        revision: Revision
    ) {
        self.definition = definition
        self.createdAt = createdAt
        self.createdBy = createdBy
        self.updatedAt = updatedAt
        self.updatedBy = updatedBy
        self.revision = revision
    }
}
