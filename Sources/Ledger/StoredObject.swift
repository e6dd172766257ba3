internal import FlagStore
internal import Flags
internal import GRDB
internal import Releases
internal import Usage

/// A thing with a table of its own: a document, after columns for whoever looks into the file.
protocol StoredObject {
    static var table: String { get }
    /// The table's columns but for the document.
    static var columns: [String] { get }
    /// How many of the columns, from the first on, are the key.
    static var keyCount: Int { get }

    /// The values of `columns`, in their order.
    var values: [DatabaseValue] { get }
    /// Everything that the node needs to have the thing again.
    var document: Value { get }

    /// Reads the thing from its document; `row` has its columns too.
    init(document: Value, row: Row) throws
}

extension StoredObject {
    static var order: String { Self.columns.prefix(Self.keyCount).joined(separator: ", ") }

    fileprivate static var insertion: String {
        let marks = [String](repeating: "?", count: Self.columns.count + 1)
        return "INSERT OR REPLACE INTO \(Self.table) VALUES (\(marks.joined(separator: ", ")))"
    }

    /// The document as it is stored.
    fileprivate var text: String {
        var writer = JSONWriter(reservingBytes: 512)
        writer.value(self.document)
        return writer.text
    }
}

extension StoredObject where Self: Documented {
    init(document: Value, row: Row) throws { try self.init(document: document) }
}

extension Database {
    /// Writes the object in the place of the one with the same key.
    func write(_ object: some StoredObject) throws {
        let statement = try self.cachedStatement(sql: type(of: object).insertion)
        try statement.execute(
            arguments: StatementArguments(object.values + [object.text.databaseValue])
        )
    }

    /// Removes the row whose key is `key`, if there is one.
    func remove<Object: StoredObject>(_ type: Object.Type, _ key: [String]) throws {
        let condition = Object.columns.prefix(Object.keyCount).map { "\($0) = ?" }
        let statement = try self.cachedStatement(
            sql: "DELETE FROM \(Object.table) WHERE \(condition.joined(separator: " AND "))"
        )
        try statement.execute(arguments: StatementArguments(key))
    }

    /// Removes the row whose id is `id`, if there is one.
    func remove<Object: StoredObject>(_ type: Object.Type, _ id: Revision) throws {
        let statement = try self.cachedStatement(sql: "DELETE FROM \(Object.table) WHERE id = ?")
        try statement.execute(arguments: [id.stored])
    }

    /// Every object of a kind, sorted by its key.
    ///
    /// Throws for a row whose columns say something else than its document: somebody changed it.
    func objects<Object: StoredObject>(_ type: Object.Type = Object.self) throws -> [Object] {
        var objects: [Object] = []
        let rows = try Row.fetchCursor(
            self,
            sql: "SELECT * FROM \(Object.table) ORDER BY \(Object.order)"
        )
        while let row = try rows.next() {
            let object = try Object(
                document: try JSONReader.value(try row.text("document")),
                row: row
            )
            guard row.databaseValues.dropLast().elementsEqual(object.values) else {
                throw DatabaseError(
                    resultCode: .SQLITE_CORRUPT,
                    message: "a row of \(Object.table) does not match its document"
                )
            }
            objects.append(object)
        }
        return objects
    }
}

extension Revision {
    var stored: DatabaseValue { Int64(bitPattern: self.rawValue).databaseValue }
}

extension Timestamp? {
    fileprivate var stored: DatabaseValue { self?.milliseconds.databaseValue ?? .null }
}

extension Organization: StoredObject {
    static let table = "organizations"
    static let columns = ["id", "name", "revision"]
    static let keyCount = 1

    var values: [DatabaseValue] {
        [self.id.databaseValue, self.name.databaseValue, self.revision.stored]
    }
}

extension Flags.Environment: StoredObject {
    static let table = "environments"
    static let columns = ["organization", "id", "name", "revision"]
    static let keyCount = 2

    var values: [DatabaseValue] {
        [
            self.id.organization.databaseValue, self.id.environment.databaseValue,
            self.name.databaseValue, self.revision.stored,
        ]
    }
}

extension Plan: StoredObject {
    static let table = "plans"
    static let columns = ["organization", "id", "name", "revision"]
    static let keyCount = 2

    var values: [DatabaseValue] {
        [
            self.organization.databaseValue, self.id.databaseValue, self.name.databaseValue,
            self.revision.stored,
        ]
    }
}

extension Company: StoredObject {
    static let table = "companies"
    static let columns = ["organization", "id", "name", "plan", "region", "revision"]
    static let keyCount = 2

    var values: [DatabaseValue] {
        [
            self.organization.databaseValue, self.id.databaseValue, self.name.databaseValue,
            self.plan.databaseValue, self.region.databaseValue, self.revision.stored,
        ]
    }
}

extension TeamMember: StoredObject {
    static let table = "members"
    static let columns = ["organization", "name", "role", "revision"]
    static let keyCount = 2

    var values: [DatabaseValue] {
        [
            self.organization.databaseValue, self.name.databaseValue,
            self.role.rawValue.databaseValue, self.revision.stored,
        ]
    }
}

extension AccessToken: StoredObject {
    static let table = "tokens"
    static let columns = [
        "organization", "id", "environment", "role", "member", "expires_at_ms", "revoked_at_ms",
        "revision",
    ]
    static let keyCount = 2

    var values: [DatabaseValue] {
        [
            self.organization.databaseValue, self.id.databaseValue, self.environment.databaseValue,
            self.role.rawValue.databaseValue, self.member.databaseValue, self.expiresAt.stored,
            self.revokedAt.stored, self.revision.stored,
        ]
    }
}

extension FlagStoreContents.PlacedSegment: StoredObject {
    static let table = "segments"
    static let columns = ["organization", "environment", "key", "name", "revision"]
    static let keyCount = 3

    var values: [DatabaseValue] {
        [
            self.environment.organization.databaseValue, self.environment.environment.databaseValue,
            self.segment.key.databaseValue, self.segment.definition.name.databaseValue,
            self.segment.revision.stored,
        ]
    }

    var document: Value { self.segment.document }

    init(document: Value, row: Row) throws {
        let environment = EnvironmentID(
            organization: try row.text("organization"),
            environment: try row.text("environment")
        )
        self.init(environment: environment, segment: try Segment(document: document))
    }
}

extension Release: StoredObject {
    static let table = "releases"
    static let columns = [
        "id", "organization", "environment", "flag", "state", "step", "started_by", "started_at_ms",
        "finished_at_ms", "revision",
    ]
    static let keyCount = 1

    var values: [DatabaseValue] {
        [
            self.id.stored, self.environment.organization.databaseValue,
            self.environment.environment.databaseValue, self.flag.rawValue.databaseValue,
            self.state.rawValue.databaseValue, Int64(self.step).databaseValue,
            self.startedBy.databaseValue, self.startedAt.milliseconds.databaseValue,
            self.finishedAt.stored, self.revision.stored,
        ]
    }
}

extension Alert: StoredObject {
    static let table = "alerts"
    static let columns = [
        "id", "organization", "environment", "flag", "kind", "raised_by", "raised_at_ms",
        "acknowledged_at_ms",
    ]
    static let keyCount = 1

    var values: [DatabaseValue] {
        [
            self.id.stored, self.environment.organization.databaseValue,
            self.environment.environment.databaseValue, self.flag.rawValue.databaseValue,
            self.kind.rawValue.databaseValue, self.raisedBy.databaseValue,
            self.raisedAt.milliseconds.databaseValue, self.acknowledgedAt.stored,
        ]
    }
}

extension UsageTotals: StoredObject {
    static let table = "usage_totals"
    static let columns = [
        "organization", "environment", "flag", "evaluations", "last_updated_ms",
    ]
    static let keyCount = 3

    var values: [DatabaseValue] {
        [
            self.environment.organization.databaseValue, self.environment.environment.databaseValue,
            self.flag.rawValue.databaseValue, Int64(clamping: self.evaluations).databaseValue,
            self.lastUpdated.milliseconds.databaseValue,
        ]
    }
}
