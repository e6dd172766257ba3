import Flags
import FoundationEssentials
import Testing

@Suite("Versions in clauses")
struct SemanticVersionTests {
    /// Whether `version` stands so to `bound`; `nil` when either is no version.
    private func compare(
        _ version: String,
        _ comparison: ClauseOperator,
        _ bound: String
    ) -> Bool? {
        func holds(isNegated: Bool) -> Bool {
            ClauseProbe.holds(.string(version), comparison, [.string(bound)], isNegated: isNegated)
        }
        let isMet = holds(isNegated: false)
        return isMet == holds(isNegated: true) ? nil : isMet
    }

    private func rows(_ name: String) throws -> [[String]] {
        let folder = try #require(Suites.folder)
        let contents = try #require(
            FileManager.default.contents(atPath: "\(folder)/semver/\(name).csv")
        )
        let lines = String(decoding: contents, as: UTF8.self)
            .split(whereSeparator: \.isNewline).dropFirst()
        return lines.map { $0.split(separator: ",").map(String.init) }
    }

    @Test(
        "The published lists are ordered and refused as published",
        .enabled(if: Suites.folder != nil, "set BANDERA_SUITES or provide ../shared/suites")
    )
    func published() throws {
        for row in try self.rows("valid-semantic-versions") {
            #expect(self.compare(row[0], .versionGreater, row[1]) == true, "\(row)")
            #expect(self.compare(row[1], .versionLess, row[0]) == true, "\(row)")
            #expect(self.compare(row[0], .versionEqual, row[1]) == false, "\(row)")
        }
        for row in try self.rows("invalid-semantic-versions") {
            #expect(self.compare(row[0], .versionEqual, row[0]) == nil, "\(row)")
        }
        for row in try self.rows("between-semver") {
            let isBetween =
                self.compare(row[1], .versionGreaterOrEqual, row[0]) == true
                && self.compare(row[1], .versionLessOrEqual, row[2]) == true
            #expect(isBetween == (row[3] == "true"), "\(row)")
        }
        for row in try self.rows("equal-to-semver") {
            // The list asks for equal texts; SemVer 2.0, section 10, ignores build metadata.
            let isAlike = row[0].prefix { $0 != "+" } == row[1].prefix { $0 != "+" }
            #expect(isAlike || row[2] == "false")
            #expect(self.compare(row[0], .versionEqual, row[1]) == isAlike, "\(row)")
        }
    }

    @Test("Precedence is that of SemVer 2.0, section 11")
    func precedence() {
        let order = [
            "0.0.0-0", "0.0.0", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta",
            "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "2.0.0", "2.1.0", "2.1.1",
            "99999999999999999999999.0.0",
        ]
        for (lower, version) in order.enumerated() {
            for (higher, other) in order.enumerated() {
                #expect(self.compare(version, .versionLess, other) == (lower < higher))
                #expect(self.compare(version, .versionGreaterOrEqual, other) == (lower >= higher))
            }
        }
        #expect(self.compare("1.0.0+a", .versionEqual, "1.0.0+b.01") == true)
    }

    @Test("What is no version is neither lower nor higher")
    func refused() {
        let long = "1.0.0-" + String(repeating: "a", count: FlagsLimits.versionBytesMax)
        for text in [
            "", "1", "1.2", "1.2.3.4", "01.2.3", "1.2.3-01", "1.2.3-", "1.2.3+", "v1.2.3",
            "1.2.3-ä", "1.2.3 ", "-1.2.3", "1.2.3-a..b", "1.2.3+a..b", long,
        ] {
            #expect(self.compare(text, .versionLess, "9.9.9") == nil, "\(text)")
        }
        #expect(self.compare("1.2.3-0a.0", .versionLess, "9.9.9") == true)
    }
}
