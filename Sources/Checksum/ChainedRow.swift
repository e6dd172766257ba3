/// A row of history with the hashes that chain it, as it is recorded and exported.
package struct ChainedRow: Hashable, Sendable {
    /// The row's fields.
    package var link: HistoryLink
    /// The hash of the organization's row before, in hexadecimal; 64 zeros for its first.
    package var previousHash: String
    /// The row's own hash, in hexadecimal.
    package var hash: String

    /// Gathers a row.
    package init(link: HistoryLink, previousHash: String, hash: String) {
        self.link = link
        self.previousHash = previousHash
        self.hash = hash
    }
}
