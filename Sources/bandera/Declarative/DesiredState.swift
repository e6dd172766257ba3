internal import Flags

/// What a declarative file says is to be; nothing is said about what it does not name.
struct DesiredState: Sendable {
    /// A segment and where it is to be.
    struct PlacedSegment: Equatable, Sendable {
        let environment: EnvironmentID
        let definition: SegmentDefinition
    }

    /// A flag and where it is to be, as the file says; what it leaves out is filled in later.
    struct PlacedFlag: Equatable, Sendable {
        let environment: EnvironmentID
        let definition: FlagDefinition
    }

    var organizations: [Organization] = []
    var environments: [Environment] = []
    var plans: [Plan] = []
    var companies: [Company] = []
    var segments: [PlacedSegment] = []
    var flags: [PlacedFlag] = []

    /// The environment whose segments and flags it lists, should it list none.
    var emptied: EnvironmentID?

    /// The environments that it says something about.
    var places: [EnvironmentID] {
        let all = self.segments.map(\.environment) + self.flags.map(\.environment)
        guard !all.isEmpty else { return self.emptied.map { [$0] } ?? [] }
        return Set(all).sorted { $0.description < $1.description }
    }

    /// The organizations that it says something about.
    var owners: [String] {
        let all =
            self.organizations.map(\.id) + self.environments.map(\.id.organization)
            + self.plans.map(\.organization) + self.companies.map(\.organization)
            + self.places.map(\.organization)
        return Set(all).sorted()
    }

    /// Says nothing.
    init() {}

    /// Reads a file; `environment` is that of what names none.
    init(
        _ file: DeclarativeFile,
        in environment: EnvironmentID?
    ) throws(CommandFailure) {
        guard case .object(let members) = file.root.content else {
            throw file.failure(at: file.root.line, Texts.objectExpected)
        }
        var reader = Reader(file: file, environment: environment)
        try reader.readDefaults(members)
        for member in members { try reader.read(member) }
        self = reader.state
    }

    /// The names that a file may have at its top.
    static let names = [
        "organization", "environment", "organizations", "environments", "plans", "companies",
        "segments", "flags",
    ]
}

/// A file being read.
private struct Reader {
    let file: DeclarativeFile
    var environment: EnvironmentID?
    var organization: String?
    var state = DesiredState()
    private var seen: Set<String> = []

    init(file: DeclarativeFile, environment: EnvironmentID?) {
        self.file = file
        self.environment = environment
        self.organization = environment?.organization
    }

    /// `organization` and `environment`, which hold for what names none, wherever they stand.
    mutating func readDefaults(_ members: [FileNode.Member]) throws(CommandFailure) {
        for member in members where ["organization", "environment"].contains(member.name) {
            guard case .scalar(.string(let text)) = member.node.content else {
                throw self.file.failure(at: member.line, Texts.textExpected(member.name))
            }
            if member.name == "environment" {
                let environment = try self.file.checked(member.node) {
                    () throws(FlagsError) in try EnvironmentID(parsing: text)
                }
                self.environment = environment
                self.organization = self.organization ?? environment.organization
            } else {
                self.organization = text
            }
        }
        if let environment = self.environment,
            !members.contains(where: { $0.name == "organization" })
        {
            self.organization = environment.organization
        }
    }

    mutating func read(_ member: FileNode.Member) throws(CommandFailure) {
        switch member.name {
        case "organization", "environment": return
        case "organizations":
            try self.each(member) { (reader, node) throws(CommandFailure) in
                let item: Organization = try reader.file.item(node)
                try reader.check(node, "organization \(item.id)") { () throws(FlagsError) in
                    try item.validate()
                }
                reader.state.organizations.append(item)
            }
        case "environments":
            try self.each(member) { (reader, node) throws(CommandFailure) in
                let item: Environment = try reader.file.item(node)
                try reader.check(node, "environment \(item.id)") { () throws(FlagsError) in
                    try item.validate()
                }
                reader.state.environments.append(item)
            }
        case "plans":
            try self.each(member) { (reader, node) throws(CommandFailure) in
                var item: Plan = try reader.file.item(node)
                item.organization = try reader.owner(item.organization, node)
                try reader.check(node, "plan \(item.organization)/\(item.id)") {
                    () throws(FlagsError) in try item.validate()
                }
                reader.state.plans.append(item)
            }
        case "companies":
            try self.each(member) { (reader, node) throws(CommandFailure) in
                var item: Company = try reader.file.item(node)
                item.organization = try reader.owner(item.organization, node)
                try reader.check(node, "company \(item.organization)/\(item.id)") {
                    () throws(FlagsError) in try item.validate()
                }
                reader.state.companies.append(item)
            }
        case "segments":
            self.state.emptied = self.environment
            try self.each(member, Self.readSegment)
        case "flags":
            self.state.emptied = self.environment
            try self.each(member, Self.readFlag)
        default:
            throw self.file.failure(
                at: member.line,
                Texts.unknownName(member.name, known: DesiredState.names)
            )
        }
    }

    private static func readSegment(
        _ reader: inout Reader,
        _ node: FileNode
    ) throws(CommandFailure) {
        let (environment, rest) = try reader.placed(node)
        let definition: SegmentDefinition = try reader.file.item(rest)
        try reader.check(node, "segment \(environment)/\(definition.key)") {
            () throws(FlagsError) in
            try definition.validate()
            try definition.checkPatterns()
        }
        reader.state.segments.append(
            DesiredState.PlacedSegment(environment: environment, definition: definition)
        )
    }

    private static func readFlag(_ reader: inout Reader, _ node: FileNode) throws(CommandFailure) {
        let (environment, rest) = try reader.placed(node)
        let definition: FlagDefinition = try reader.file.item(rest)
        try reader.check(node, "flag \(environment)/\(definition.key)") {
            () throws(FlagsError) in
            _ = try definition.validatedInAnyStatus()
            try definition.checkPatterns()
        }
        reader.state.flags.append(
            DesiredState.PlacedFlag(environment: environment, definition: definition)
        )
    }

    private mutating func each(
        _ member: FileNode.Member,
        _ read: (inout Reader, FileNode) throws(CommandFailure) -> Void
    ) throws(CommandFailure) {
        if case .scalar(.null) = member.node.content { return }
        guard case .list(let nodes) = member.node.content else {
            throw self.file.failure(at: member.line, Texts.listExpected)
        }
        for node in nodes { try read(&self, node) }
    }

    /// Validates, and refuses what is named twice.
    private mutating func check(
        _ node: FileNode,
        _ name: String,
        _ validate: () throws(FlagsError) -> Void
    ) throws(CommandFailure) {
        try self.file.checked(node, validate)
        guard self.seen.insert(name).inserted else {
            throw self.file.failure(at: node.line, Texts.namedTwice(name))
        }
    }

    private func owner(_ given: String, _ node: FileNode) throws(CommandFailure) -> String {
        guard given.isEmpty else { return given }
        guard let organization = self.organization else {
            throw self.file.failure(at: node.line, Texts.noOrganizationInFile)
        }
        return organization
    }

    /// The environment of an item, and the item without it.
    private func placed(
        _ node: FileNode
    ) throws(CommandFailure) -> (EnvironmentID, FileNode) {
        guard case .object(let members) = node.content else {
            throw self.file.failure(at: node.line, Texts.objectExpected)
        }
        let rest = FileNode(.object(members.filter { $0.name != "environment" }), line: node.line)
        guard let own = members.first(where: { $0.name == "environment" }) else {
            guard let environment = self.environment else {
                throw self.file.failure(at: node.line, Texts.noEnvironmentInFile)
            }
            return (environment, rest)
        }
        guard case .scalar(.string(let text)) = own.node.content else {
            throw self.file.failure(at: own.line, Texts.textExpected("environment"))
        }
        return try self.file.checked(own.node) { () throws(FlagsError) in
            (try EnvironmentID(parsing: text), rest)
        }
    }
}
