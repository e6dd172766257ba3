internal import Checksum
internal import Flags

/// History as `history export` writes it: a row a line, oldest first.
enum HistoryExport {
    /// Checks the chains of an export without asking any node: one verdict for each organization in
    /// it, sorted by organization.
    ///
    /// - Throws: for a line that is no row.
    static func verify(_ bytes: [UInt8], path: String) throws(CommandFailure) -> [HistoryVerdict] {
        var chains: [String: HistoryChain] = [:]
        var number = 0
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            number += 1
            let row: ChainedRow
            do throws(FlagsError) {
                row = try self.row(line)
            } catch {
                throw .usage(Texts.badExport(path, line: number, error.message))
            }
            chains[row.link.organization, default: HistoryChain()].check(row)
        }
        return chains.sorted { $0.key < $1.key }.map { organization, chain in
            HistoryVerdict(
                organization: organization,
                rows: chain.rows,
                firstBad: chain.firstBad,
                head: chain.head.hex,
                node: nil
            )
        }
    }

    private static let names = [
        "id", "revision", "organization", "environment", "kind", "subject", "time_ms", "actor",
        "action", "reason", "before", "after", "previous_hash", "hash",
    ]

    private static func row(_ line: ArraySlice<UInt8>) throws(FlagsError) -> ChainedRow {
        let reader = try DocumentReader(
            try JSONReader.value(Array(line)),
            Texts.historyRow,
            Self.names
        )
        return ChainedRow(
            link: HistoryLink(
                id: try reader.whole("id"),
                revision: try reader.whole("revision"),
                organization: try reader.text("organization"),
                environment: try reader.text("environment"),
                kind: try reader.text("kind"),
                subject: try reader.text("subject"),
                time: try reader.whole("time_ms"),
                actor: try reader.text("actor"),
                action: try reader.text("action"),
                reason: try reader.text("reason"),
                before: try reader.text("before"),
                after: try reader.text("after")
            ),
            previousHash: try reader.text("previous_hash"),
            hash: try reader.text("hash")
        )
    }
}
