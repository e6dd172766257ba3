/// The bounds that a ledger keeps to.
package struct LedgerLimits: Hashable, Sendable {
    /// Connections that read at the same time.
    package var readersMax = 4
    /// How long to wait for a file that another process holds.
    package var busyTimeoutSeconds = 2.0
    /// Pages that the file may grow to; `nil` for as many as the disk holds.
    package var filePagesMax: Int?
    /// Bytes of pages that the writing connection keeps in memory.
    package var cacheBytesMax = 67_108_864
    /// Bytes of a page, for a file that is made now: a power of two from 512 through 65,536.
    ///
    /// A batch touches most pages of flags and sessions anyway, and each page costs two calls.
    package var pageBytes = 16_384
    /// Pages that the write-ahead log gathers before they are moved into the file.
    package var checkpointPages = 2_048
    /// Bytes of the write-ahead log that are kept for it when it begins anew.
    package var logBytesKept = 67_108_864
    /// Bytes by which the write-ahead log may grow while a copy lasts, or as many as the ledger has
    /// if these are more.
    ///
    /// A hundred changes of flags that lie apart write 1 to 2 MiB into it.
    package var copyLogBytesMax = 1_073_741_824
    /// Bytes that a copy reads and writes between two pauses, and keeps in memory.
    package var copySliceBytes = 1_048_576
    /// Bytes of a copy, made or received, that are written before they are synced.
    package var unsyncedBytesMax = 8_388_608
    /// Bytes of one piece of a received copy.
    package var pieceBytesMax = 1_048_576
    /// Bytes that are kept for the caller beside a copy that is received.
    package var contextBytesMax = 1_048_576
    /// Bytes of a copy that is received.
    package var snapshotBytesMax: UInt64 = 1 << 40
    /// Rows of current state, which a node holds in memory, in a copy that is received.
    package var stateRowsMax = 10_000_000
    /// Bytes of one row: a flag has 262,144 at most, a history row two of them, written as JSON.
    package var rowBytesMax = 8_388_608
    /// Rows of usage that one call gives.
    package var usageRowsMax = 10_000
    /// Rows of usage of one resolution that are over and that a batch removes, beside twice as many
    /// as it brings.
    package var usageForgottenMin = 500
    /// Rows of history that are undone to show what was at an earlier revision.
    package var historyUndoneMax = 1_000_000
    /// Rows of history that one call gives.
    package var historyRowsMax = 1_000
    /// Bytes of values in rows of history before a call gives no further ones.
    package var auditBytesMax = 1_048_576

    /// The bounds that nodes run with.
    package init() {}
}
