import FoundationEssentials
import Linearizability
import Testing

@Suite("Published histories")
struct VerdictTests {
    @Test(
        "All 58 histories get the verdict they were published with",
        .enabled(
            if: Suites.folder != nil,
            "needs the suites: set BANDERA_SUITES, or put them at ../shared/suites"
        )
    )
    func verdicts() throws {
        let folder = try #require(Suites.folder) + "/linearizability"
        let table = try String(contentsOfFile: folder + "/verdicts.tsv", encoding: .utf8)
        var checked = 0
        var refuted = 0
        for line in table.split(separator: "\n") {
            let columns = line.split(separator: "\t")
            try #require(columns.count == 2, "verdicts.tsv: \(line)")
            let text = try String(contentsOfFile: "\(folder)/\(columns[0])", encoding: .utf8)
            let judgement = try HistoryFile(parsing: text).check()
            #expect(judgement.verdict.rawValue == columns[1], "\(columns[0])")
            checked += 1
            refuted += judgement.verdict == .notLinearizable ? 1 : 0
        }
        #expect(checked == 58)
        #expect(refuted > 0 && refuted < checked, "\(refuted) of \(checked) refuted")
    }
}

/// The files that other projects published.
private enum Suites {
    static let folder: String? = {
        let named = ProcessInfo.processInfo.environment["BANDERA_SUITES"]
        let folder =
            named
            ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("shared/suites").path
        let table = folder + "/linearizability/verdicts.tsv"
        return FileManager.default.fileExists(atPath: table) ? folder : nil
    }()
}
