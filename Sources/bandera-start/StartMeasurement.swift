internal import FlagStore
internal import FoundationEssentials
internal import Ledger

/// What a node does before it can serve anybody: opening, loading and restoring.
enum StartMeasurement {
    static func run(path: String) throws -> String {
        let before = Self.residentBytes()
        let clock = ContinuousClock()
        var ledger: Ledger?
        var contents = FlagStoreContents()
        var store = FlagStore()
        let opening = try clock.measure {
            ledger = try Ledger.open(path: path, identity: RecordMaker.identity)
        }
        let loading = try clock.measure {
            if let ledger { contents = try ledger.load() }
        }
        let restoring = clock.measure { store = FlagStore(restoring: contents) }
        let total = opening + loading + restoring
        let counts = "\(contents.flags.count) flags, \(contents.companies.count) companies"
        contents = FlagStoreContents()
        let grown = Self.residentBytes() - before
        try ledger?.close()
        return "\(counts) at revision \(store.applied): open \(Self.text(opening)), load "
            + "\(Self.text(loading)), restore \(Self.text(restoring)), in all \(Self.text(total)); "
            + "\(grown >> 20) MiB more resident memory"
    }

    private static func text(_ duration: Duration) -> String {
        let milliseconds = duration / .milliseconds(1)
        return "\(Int(milliseconds.rounded())) ms"
    }

    /// The second number of proc(5)'s `statm`, which counts pages of 4 KiB.
    private static func residentBytes() -> Int {
        let text = try? String(contentsOf: URL(filePath: "/proc/self/statm"), encoding: .utf8)
        let pages = text?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        return (pages ?? 0) * 4_096
    }
}
