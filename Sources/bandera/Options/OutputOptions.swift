internal import ArgumentParser

/// The output option of commands that talk to no cluster.
struct OutputOptions: ParsableArguments {
    @Option(
        name: [.short, .long],
        help: ArgumentHelp(
            "table or json; without it a table on a terminal and JSON otherwise; also BANDERA_OUTPUT.",
            valueName: "format"
        ),
        completion: .list(OutputFormat.allCases.map(\.rawValue))
    )
    var output: String?

    /// The format to print in.
    func format() throws(CommandFailure) -> OutputFormat {
        var given = GivenSettings()
        given.output = self.output.map { GivenSettings.Text(text: $0, source: "--output") }
        let variables = GivenSettings.variables(Files.environment)
        var merged = GivenSettings()
        merged.output = variables.overridden(by: given).output
        return OutputFormat.chosen(try ConnectionSettings(merged).output)
    }
}
