internal import Glibc

/// What became of the search for one mutant.
struct MutantTrial {
    enum Result: Equatable {
        /// The seed that failed, and what failed in it.
        case found(seed: UInt64, cause: String)
        case missed(seeds: UInt64)
        /// The time was over before the seeds were.
        case unfinished(seeds: UInt64)
    }

    let result: Result

    /// Runs seeds from 1 on, with a mutant or without one.
    static func run(
        _ mutant: String?,
        of copy: MutationCopy,
        seeds: UInt64,
        secondsMax: Double
    ) throws -> MutantTrial {
        let output = "\(copy.folder)/\(mutant ?? "no-mutant").log"
        let child = Child(
            [copy.program, "search-seeds", "--seeds", "\(seeds)"],
            environment: ["SWIFT_BACKTRACE=enable=no"]
                + (mutant.map { ["\(MutantLimits.variable)=\($0)"] } ?? []),
            output: output
        )
        guard let child else {
            throw Folder.Failure(description: "\(copy.program) cannot be started")
        }
        let end = child.wait(secondsMax: secondsMax)
        let text = String(decoding: try Folder.read(output), as: UTF8.self)
        return MutantTrial(result: self.judge(end, text, seeds))
    }

    private static func judge(_ end: Child.End, _ text: String, _ seeds: UInt64) -> Result {
        let lines = text.split(separator: "\n")
        let seed = lines.last { $0.hasPrefix("seed ") }.flatMap { UInt64($0.dropFirst(5)) } ?? 0
        switch end {
        case .exited(0): return .missed(seeds: seeds)
        case .outOfTime: return .unfinished(seeds: seed > 0 ? seed - 1 : 0)
        case .killed(SIGALRM):
            let cause = "the run does not end within \(MutantLimits.secondsPerSeed) s"
            return .found(seed: seed, cause: cause)
        case .exited, .killed:
            let cause =
                lines.first { $0.hasPrefix("violation ") }.map { $0.dropFirst(10) }
                ?? lines.lazy.compactMap { self.message(of: $0) }.first
                ?? "\(end)"
            return .found(seed: seed, cause: String(cause.prefix(MutantLimits.causeCharacters)))
        }
    }

    /// `Raft/RaftNode.swift:12: Fatal error: what failed` as `RaftNode.swift: what failed`.
    private static func message(of line: Substring) -> Substring? {
        for mark in ["Precondition failed: ", "Fatal error: "] {
            guard let range = line.firstRange(of: mark) else { continue }
            let file = line.prefix { $0 != ":" }.split(separator: "/").last ?? ""
            return "\(file): \(line[range.upperBound...])"[...]
        }
        return nil
    }
}
