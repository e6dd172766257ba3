internal import ArgumentParser
internal import Glibc

extension BanderaSim {
    /// Proves that the simulator finds the bugs of others.
    struct Mutants: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Puts known bugs back, one at a time; exits 0 only if each one was found.",
            discussion: """
                Copies the sources of the simulator into a folder, puts a switch for every bug of \
                the table into the copy, builds it once and runs it with each bug. The sources \
                that ship contain no switch.
                """
        )

        @Option(help: "Only this mutant; may be given more than once.")
        var only: [String] = []

        @Option(help: "How many seeds each one gets, from 1 on.")
        var seeds: UInt64 = 1_000

        @Option(help: "At most so many seconds for each mutant.")
        var secondsMax: Double = 900

        @Option(help: "The repository (the one this program was compiled in, or else here).")
        var packagePath: String?

        @Option(help: "Where the copy goes (.build-mutants in the repository).")
        var scratchPath: String?

        @Flag(help: "Print the table and run nothing.")
        var list = false

        @Flag(help: "Print the results as the table of the documentation.")
        var markdown = false

        func validate() throws {
            for name in self.only where MutantTable.named(name) == nil {
                throw ValidationError("there is no mutant \(name): see --list")
            }
            guard self.seeds > 0 else { throw ValidationError("--seeds must be at least 1") }
        }

        func run() throws {
            guard !self.list else { return self.printList() }
            let root = try self.root()
            let copy = MutationCopy(
                root: root,
                folder: self.scratchPath ?? root + "/.build-mutants"
            )
            try copy.prepare()
            complain("building \(copy.folder)")
            try copy.build()
            try self.prove(copy)
            var report = MutantReport(isMarkdown: self.markdown)
            for mutant in MutantTable.all where self.only.isEmpty || self.only.contains(mutant.name)
            {
                let trial = try MutantTrial.run(
                    mutant.name,
                    of: copy,
                    seeds: self.seeds,
                    secondsMax: self.secondsMax
                )
                report.add(mutant, trial.result)
            }
            report.finish()
            if report.missed > 0 { throw ExitCode.failure }
        }

        /// The copy as such must hold, or what it finds proves nothing.
        private func prove(_ copy: MutationCopy) throws {
            let trial = try MutantTrial.run(
                nil,
                of: copy,
                seeds: self.seeds,
                secondsMax: self.secondsMax
            )
            switch trial.result {
            case .missed(let seeds): complain("without a mutant: \(seeds) seeds passed")
            case .unfinished(let seeds):
                complain("without a mutant: \(seeds) seeds passed in \(Int(self.secondsMax)) s")
            case .found(let seed, let cause):
                complain("without a mutant, seed \(seed) fails: \(cause)")
                throw ExitCode.failure
            }
        }

        private func root() throws -> String {
            if let path = self.packagePath { return path }
            let parts = #filePath.split(separator: "/").dropLast(4)
            let compiled = "/" + parts.joined(separator: "/")
            for root in [compiled, "."] where Folder.exists(root + "/Package.swift") { return root }
            throw ValidationError("no Package.swift: name the repository with --package-path")
        }

        private func printList() {
            for item in 1...MutantTable.itemCount {
                for mutant in MutantTable.all where mutant.item == item {
                    print("item \(item)  \(mutant.name): \(mutant.sentence)")
                }
                for unplanted in MutantTable.unplanted where unplanted.item == item {
                    print("item \(item)  not planted: \(unplanted.reason)")
                }
            }
        }
    }
}

/// Prints one line per mutant as soon as it is known.
private struct MutantReport {
    let isMarkdown: Bool
    private var found = 0
    private(set) var missed = 0
    private var items: Set<Int> = []

    init(isMarkdown: Bool) {
        self.isMarkdown = isMarkdown
        if isMarkdown {
            print("| Item | Mutant | What it does wrong | Result | Seeds | Found by |")
            print("|---|---|---|---|---|---|")
        }
    }

    mutating func add(_ mutant: Mutant, _ result: MutantTrial.Result) {
        let cells: (result: String, seeds: UInt64, cause: String)
        switch result {
        case .found(let seed, let cause):
            self.found += 1
            self.items.insert(mutant.item)
            cells = ("found", seed, cause)
        case .missed(let seeds):
            self.missed += 1
            cells = ("missed", seeds, "")
        case .unfinished(let seeds):
            self.missed += 1
            cells = ("missed", seeds, "the time was over")
        }
        if self.isMarkdown {
            let cause = cells.cause.split(separator: "|").joined(separator: "\\|")
            print(
                "| \(mutant.item) | `\(mutant.name)` | \(mutant.sentence) | \(cells.result) "
                    + "| \(cells.seeds) | \(cause) |"
            )
        } else {
            print(
                padded("\(mutant.item)", 4) + padded(mutant.name, 36) + padded(cells.result, 8)
                    + padded("\(cells.seeds)", 6) + cells.cause
            )
        }
        fflush(nil)
    }

    func finish() {
        let all = self.found + self.missed
        print(
            "\(self.isMarkdown ? "\n" : "")\(self.found) of \(all) mutants found, of "
                + "\(self.items.count) items; \(self.missed) missed"
        )
    }

    private func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}
