internal import ArgumentParser

/// The program: everything about a Bandera cluster from one command.
@main
struct Bandera: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bandera",
        abstract: "Runs and operates Bandera, a feature-flag cluster of several regions.",
        discussion: """
            Settings for the connection come from options, then from environment variables \
            (BANDERA_ENDPOINTS, BANDERA_CA, BANDERA_CERTIFICATE, BANDERA_KEY, BANDERA_TOKEN, \
            BANDERA_REGION, BANDERA_CLUSTER, BANDERA_TIMEOUT, BANDERA_ENVIRONMENT, BANDERA_OUTPUT), \
            then from a profile: ~/.config/bandera/profiles/NAME.json, chosen with --profile or \
            BANDERA_PROFILE, else the one called 'default'. Its keys: endpoints (a list), ca, \
            certificate, key, token, region, cluster, timeout, environment, output.

            Output is a table on a terminal and JSON otherwise; -o table|json overrides.

            Whatever changes something takes --dry-run; what the history tells of takes --reason, \
            and what could overwrite somebody else's change takes --if-revision.

            Exit status: 0 done; 1 failed, or, of commands that compare, something differs; 2 wrong \
            usage, or cancelled; 3 comparing failed; 4 not authorised; 5 unavailable or timed out.

            Completions: bandera --generate-completion-script bash|zsh|fish
            """,
        version: ProgramVersion.text,
        subcommands: [
            NodeCommand.self, DemoCommand.self, CertificatesCommand.self, ClusterCommand.self,
            FlagCommand.self, EvaluateCommand.self, SegmentCommand.self, ReleaseCommand.self,
            AlertCommand.self, OrganizationCommand.self, EnvironmentCommand.self,
            PlanCommand.self, CompanyCommand.self, MemberCommand.self, TokenCommand.self,
            WhoAmICommand.self, ApplyCommand.self, DiffCommand.self, ExportCommand.self,
            HistoryCommand.self, UsageCommand.self, MetricsCommand.self, OverviewCommand.self,
            ExampleCommand.self, VersionCommand.self,
        ]
    )

    /// Runs the command that the arguments name, and exits with the status that says how it went.
    static func main() async {
        do {
            var command = try Self.parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            let ending = Ending(error, for: Self.self)
            StandardStreams.output(ending.output)
            StandardStreams.error(ending.complaint)
            ProgramExit.exit(ending.status)
        }
    }
}
