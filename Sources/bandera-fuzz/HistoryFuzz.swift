internal import Linearizability

/// Histories in files.
enum HistoryFuzz {
    static func run(_ input: [UInt8]) {
        let text = String(decoding: input, as: UTF8.self)
        guard let history = try? HistoryFile(parsing: text) else { return }
        let judgement = history.check(budget: 10_000)
        precondition(
            (judgement.stuck == nil) == (judgement.verdict != .notLinearizable),
            "\(judgement)"
        )
    }
}
