internal import GRDB

/// Why the ledger could not be opened, written or read, and what to do about it.
///
/// Two errors are equal when their codes are.
package struct LedgerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong.
    package enum Code: Hashable, Sendable {
        /// The file belongs to another node or cluster, or is no ledger.
        case foreign
        /// A later version of the program wrote the file.
        case newerSchema
        /// The file is damaged.
        case corrupted
        /// There is no room. Nothing was recorded or added; the same can be tried again.
        case diskFull
        /// Another process holds the file.
        case busy
        /// The file or its folder cannot be opened.
        case unavailable
        /// A batch or a piece of a copy came that does not follow what is there.
        case outOfOrder
        /// A received copy is not what was promised, or no sound ledger.
        case badCopy
        /// Whoever asked for a copy gave it up.
        case cancelled
        /// A copy was given up, because the write-ahead log grew too long meanwhile.
        case logTooLong
        /// What is asked for lies too many changes back.
        case tooFarBack
        /// Anything else that SQLite reports.
        case failed
    }

    /// What went wrong.
    package let code: Code
    /// What happened to which file, and the way out.
    package let message: String

    /// Words an error.
    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// Words an error of the file at `path`.
    init(_ error: any Error, path: String) {
        if let error = error as? LedgerError {
            self = error
            return
        }
        guard let database = error as? DatabaseError else {
            // Everything else is a row that does not read as what it should be.
            self.init(.corrupted, "\(path): \(error). \(Self.wayOut)")
            return
        }
        let detail = database.message ?? database.resultCode.description
        switch database.resultCode {
        case .SQLITE_FULL:
            self.init(
                .diskFull,
                "\(path): no room for the ledger (\(detail)); nothing of the batch was recorded, "
                    + "and until it is, what is applied is held in memory. Free some space"
            )
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            self.init(.corrupted, "\(path) is damaged (\(detail)). \(Self.wayOut)")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(.busy, "\(path) is in use by another process (\(detail))")
        case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_READONLY:
            self.init(.unavailable, "\(path) cannot be opened for writing (\(detail))")
        default:
            self.init(.failed, "\(path): \(detail)")
        }
    }

    private static let wayOut =
        "Move the file away together with the node's log, and let the node join again with an "
        + "empty folder"

    /// The message.
    package var description: String { self.message }

    /// Compares codes only.
    package static func == (lhs: LedgerError, rhs: LedgerError) -> Bool { lhs.code == rhs.code }

    /// Hashes the code only.
    package func hash(into hasher: inout Hasher) { hasher.combine(self.code) }
}
