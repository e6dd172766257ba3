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
    /// Rows of history that one call gives.
    package var historyRowsMax = 1_000

    /// The bounds that nodes run with.
    package init() {}
}
