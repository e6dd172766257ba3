internal import ArgumentParser

/// Measures how a node starts: from its records alone, without a cluster.
///
/// A program of its own, because SQLite's library brings Foundation, which the load generator must
/// not have.
@main
struct BanderaStart: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bandera-start",
        abstract: "Makes the records of a large cluster, and measures starting from them.",
        subcommands: [Make.self, Measure.self]
    )
}

/// Makes records.
struct Make: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Makes a ledger with flags, companies and history, and says what each row cost."
    )

    @Argument(help: "The file to make; must not be there yet.")
    var path: String

    @Option(help: "Flags, each with targets and rules.")
    var flags = 10_000

    @Option(help: "Companies.")
    var companies = 100_000

    @Option(help: "Rows of history, all in all.")
    var history = 1_000_000

    @Option(help: "Commands that are recorded at once.")
    var batch = 1_000

    func validate() throws {
        guard self.flags > 0, self.companies >= 0, self.batch > 0 else {
            throw ValidationError("--flags and --batch must be at least 1, --companies at least 0")
        }
    }

    func run() throws {
        var maker = try RecordMaker(path: self.path, batch: self.batch)
        try maker.make(flags: self.flags, companies: self.companies, history: self.history)
        print(try maker.finish())
    }
}

/// Starts from records.
struct Measure: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Opens a ledger, loads it and restores the store, and says what each step took."
    )

    @Argument(help: "A file that `make` made.")
    var path: String

    @Option(help: "Start so many times; every time is printed.")
    var runs = 3

    func run() throws {
        for _ in 0..<self.runs { print(try StartMeasurement.run(path: self.path)) }
    }
}
