internal import Flags
internal import GRDB

/// A flag that is being taken back, row by row of its history, to what it was.
struct PastFlag {
    private var fields: [String: Value] = [:]
    /// The revision at which it is as far as it has been taken back.
    private(set) var revision: Revision

    /// Begins with the flag as it is.
    init(_ flag: Flag) {
        self.revision = flag.revision
        guard case .object(let members) = flag.document else {
            preconditionFailure("a flag's document is an object")
        }
        for member in members { self.fields[member.name] = member.value }
    }

    /// Undoes the change of `row`, which made the flag what it is; answers whether there was one
    /// before.
    mutating func undo(_ row: Row) throws -> Bool {
        let old = try row.text("old_value")
        guard !old.isEmpty else { return false }
        let previous = try row.revision("previous_revision")
        guard previous < self.revision, case .object(let members) = try JSONReader.value(old) else {
            throw DatabaseError(
                resultCode: .SQLITE_CORRUPT,
                message:
                    "the history row of revision \(self.revision) says nothing of what was before"
            )
        }
        for member in members { self.fields[member.name] = member.value }
        self.revision = previous
        return true
    }

    /// The flag, once `row`, whose change made it so, has said when and by whom.
    func flag(_ row: Row) throws -> Flag {
        var fields = self.fields
        fields[Flag.Field.updatedAt.rawValue] = .moment(try row.timestamp("time_ms"))
        fields[Flag.Field.updatedBy.rawValue] = .string(try row.text("actor"))
        fields[Flag.Field.revision.rawValue] = .whole(self.revision.rawValue)
        let members = fields.sorted { $0.key < $1.key }
            .map { Value.Field(name: $0.key, value: $0.value) }
        return try Flag(document: .object(members))
    }
}
