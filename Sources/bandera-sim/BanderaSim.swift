internal import ArgumentParser

/// The simulator: whole clusters in one thread and virtual time, a seed each.
@main
struct BanderaSim: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bandera-sim",
        abstract: "Runs simulated clusters under faults and checks that every promise holds.",
        subcommands: [Run.self, CheckHistory.self, Mutants.self, SearchSeeds.self]
    )
}
