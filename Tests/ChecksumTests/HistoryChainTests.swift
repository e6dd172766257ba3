import Checksum
import Testing

@Suite struct HistoryChainTests {
    /// The golden hash is of the bytes as History.md describes them, computed by another program.
    @Test func theFormatIsTheOneThatIsWritten() {
        let link = HistoryLink(
            id: 81,
            revision: 10,
            organization: "acme",
            environment: "production",
            kind: "flag",
            subject: "checkout",
            time: 1_770_000_000_000,
            actor: "ana",
            action: "enable",
            reason: "é",
            before: #"{"enabled":false}"#,
            after: #"{"enabled":true}"#
        )
        #expect(
            link.hash(after: .zero).hex
                == "09ba7ddbc9ce34b19f5d656d0b52d4fa3bbc26131253582e81340dbbb03e804e"
        )
    }

    @Test func aChainThatWasBuiltHolds() {
        let chain = self.check(Self.rows(20))
        #expect(chain.firstBad == nil && chain.rows == 20)
        #expect(chain.head.hex == Self.rows(20)[19].hash)
        #expect(self.check([]).head == .zero)
    }

    @Test func everyFieldIsCovered() {
        let changes: [(inout HistoryLink) -> Void] = [
            { $0.id += 1 }, { $0.revision += 1 }, { $0.organization += "x" },
            { $0.environment = "" }, { $0.kind = "plan" }, { $0.subject += " " },
            { $0.time -= 1 }, { $0.actor = "bob" }, { $0.action = "disable" },
            { $0.reason = "\u{0}" }, { $0.before = "" }, { $0.after += " " },
        ]
        for (index, change) in changes.enumerated() {
            var rows = Self.rows(5)
            change(&rows[2].link)
            let chain = self.check(rows)
            #expect(chain.firstBad == rows[2].link.id, "field \(index)")
        }
    }

    @Test func textsDoNotRunTogether() {
        var rows = Self.rows(3)
        rows[1].link.actor += rows[1].link.action.prefix(1)
        rows[1].link.action = String(rows[1].link.action.dropFirst())
        #expect(self.check(rows).firstBad == rows[1].link.id)
    }

    @Test func removedSwappedAndForgedRowsAreFound() throws {
        var removed = Self.rows(5)
        removed.remove(at: 2)
        #expect(self.check(removed).firstBad == removed[2].link.id)

        var swapped = Self.rows(5)
        swapped.swapAt(1, 2)
        #expect(self.check(swapped).firstBad == swapped[1].link.id)

        // A row whose own hash was made right: the next one names the old hash.
        var forged = Self.rows(5)
        forged[2].link.actor = "eve"
        let previous = try #require(SHA256.Digest(hex: forged[2].previousHash))
        forged[2].hash = forged[2].link.hash(after: previous).hex
        #expect(self.check(forged).firstBad == forged[3].link.id)

        var first = Self.rows(5)
        first.removeFirst()
        #expect(self.check(first).firstBad == first[0].link.id)
    }

    @Test func hashesThatAreNoneAreRefused() {
        for text in ["", "zz", String(repeating: "G", count: 64)] {
            var rows = Self.rows(2)
            rows[1].hash = text
            #expect(self.check(rows).firstBad == rows[1].link.id)
            rows = Self.rows(2)
            rows[1].previousHash = text
            #expect(self.check(rows).firstBad == rows[1].link.id)
        }
    }

    private func check(_ rows: [ChainedRow]) -> HistoryChain {
        var chain = HistoryChain()
        for row in rows { chain.check(row) }
        return chain
    }

    private static func rows(_ count: UInt64) -> [ChainedRow] {
        var head = SHA256.Digest.zero
        return (0..<count).map { index in
            let link = HistoryLink(
                id: (index + 1) << 3,
                revision: index + 1,
                organization: "acme",
                environment: "production",
                kind: "flag",
                subject: "f\(index % 3)",
                time: 1_000 + Int64(index),
                actor: "ana",
                action: "update",
                reason: "",
                before: "{}",
                after: #"{"n":\#(index)}"#
            )
            let row = ChainedRow(
                link: link,
                previousHash: head.hex,
                hash: link.hash(after: head).hex
            )
            head = link.hash(after: head)
            return row
        }
    }
}
