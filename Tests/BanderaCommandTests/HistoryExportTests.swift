// Only a debug build lets tests see inside a program.
#if DEBUG
import Checksum
import ClientProtocol
import Flags
import Testing

@testable import bandera

@Suite struct HistoryExportTests {
    /// Rows of an organization, each with the hash of the one before.
    private func rows(_ count: UInt64, of organization: String = "acme") -> [AuditRow] {
        var previous = SHA256.Digest.zero
        return (1...count).map { number in
            let link = HistoryLink(
                id: number << 3,
                revision: number,
                organization: organization,
                environment: "production",
                kind: "flag",
                subject: "new_search",
                time: -5 + Int64(number),
                actor: "operator/ana",
                action: "update",
                reason: "because \"of\" ñ\n",
                before: #"{"rollout_percentage":5}"#,
                after: #"{"rollout_percentage":25}"#
            )
            let hash = link.hash(after: previous)
            defer { previous = hash }
            return AuditRow(
                id: link.id,
                revision: Revision(link.revision),
                organization: link.organization,
                environment: link.environment,
                kind: link.kind,
                subject: link.subject,
                time: Timestamp(milliseconds: link.time),
                actor: link.actor,
                action: link.action,
                reason: link.reason,
                before: link.before,
                after: link.after,
                previousHash: previous.hex,
                hash: hash.hex
            )
        }
    }

    private func verify(_ lines: [String]) throws -> [HistoryVerdict] {
        let text = lines.joined(separator: "\n") + "\n"
        return try HistoryExport.verify(Array(text.utf8), path: "history.jsonl")
    }

    @Test func anExportFitsAndEndsWithItsHead() throws {
        let rows = self.rows(5)
        let verdict = try #require(try self.verify(rows.map(AuditRendering.exported)).first)
        #expect(verdict.firstBad == nil && verdict.rows == 5)
        #expect(verdict.head == rows.last?.hash)
        #expect(HistoryCommand.Verify.failure([verdict]) == nil)
    }

    @Test func everyAlteredByteIsFound() throws {
        let lines = self.rows(3).map(AuditRendering.exported)
        let original = Array(lines[1].utf8)
        for index in original.indices {
            var bytes = original
            bytes[index] ^= 1
            let line = String(decoding: bytes, as: UTF8.self)
            // Either it is no row any more, or it does not fit.
            guard let verdicts = try? self.verify([lines[0], line, lines[2]]) else { continue }
            #expect(
                HistoryCommand.Verify.failure(verdicts)?.status == .failed,
                "byte \(index) of \(line)"
            )
        }
    }

    @Test func aMissingRowAndAnotherOrderAreFound() throws {
        let lines = self.rows(4).map(AuditRendering.exported)
        let missing = try self.verify([lines[0], lines[2], lines[3]])
        #expect(missing.first?.firstBad == 3 << 3)
        let swapped = try self.verify([lines[0], lines[2], lines[1], lines[3]])
        #expect(swapped.first?.firstBad != nil)
    }

    @Test func organizationsHaveChainsOfTheirOwn() throws {
        let mixed = zip(self.rows(3, of: "a"), self.rows(3, of: "b")).flatMap { [$0, $1] }
        let verdicts = try self.verify(mixed.map(AuditRendering.exported))
        #expect(verdicts.map(\.organization) == ["a", "b"])
        #expect(verdicts.allSatisfy { $0.firstBad == nil && $0.rows == 3 })
    }

    @Test func nodesWhoseHeadsDifferAreFound() {
        func verdict(_ node: UInt64, _ head: String) -> HistoryVerdict {
            HistoryVerdict(organization: "acme", rows: 9, firstBad: nil, head: head, node: node)
        }
        #expect(HistoryCommand.Verify.failure([verdict(1, "aa"), verdict(2, "aa")]) == nil)
        #expect(HistoryCommand.Verify.failure([verdict(1, "aa"), verdict(2, "ab")]) != nil)
        // Rows were removed at the end, and the head with them.
        let cut = HistoryVerdict(
            organization: "acme",
            rows: 8,
            firstBad: nil,
            head: "a9",
            node: 2
        )
        #expect(HistoryCommand.Verify.failure([verdict(1, "aa"), cut]) != nil)
    }
}
#endif
