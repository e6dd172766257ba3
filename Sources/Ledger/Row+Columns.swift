internal import Flags
internal import GRDB

/// Columns read with an error for a value of the wrong type, where a plain subscript would trap.
extension Row {
    func text(_ column: String) throws -> String {
        try self.decode(String.self, forColumn: column)
    }

    func textIfAny(_ column: String) throws -> String? {
        try self.decode(String?.self, forColumn: column)
    }

    func integer(_ column: String) throws -> Int64 {
        try self.decode(Int64.self, forColumn: column)
    }

    func integerIfAny(_ column: String) throws -> Int64? {
        try self.decode(Int64?.self, forColumn: column)
    }

    func number(_ column: String) throws -> Double {
        try self.decode(Double.self, forColumn: column)
    }

    func flag(_ column: String) throws -> Bool {
        try self.decode(Bool.self, forColumn: column)
    }

    func revision(_ column: String) throws -> Revision {
        Revision(UInt64(bitPattern: try self.integer(column)))
    }

    func revisionIfAny(_ column: String) throws -> Revision? {
        try self.integerIfAny(column).map { Revision(UInt64(bitPattern: $0)) }
    }

    func timestamp(_ column: String) throws -> Timestamp {
        Timestamp(milliseconds: try self.integer(column))
    }

    func timestampIfAny(_ column: String) throws -> Timestamp? {
        try self.integerIfAny(column).map { Timestamp(milliseconds: $0) }
    }
}
