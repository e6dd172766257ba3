internal import ArgumentParser
internal import BanderaClient
internal import ClientProtocol
internal import Flags

/// The file that a command is about.
struct FileOption: ParsableArguments {
    @Option(
        name: [.short, .long],
        help: ArgumentHelp("A YAML or JSON file.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml", "json"])
    )
    var file: String

    @ArgumentParser.Flag(
        help: ArgumentHelp(
            "Also archive the flags and remove the segments that the file does not name, in the "
                + "environments that it is about."
        )
    )
    var prune = false

    /// What the file says is to be.
    func desired(_ settings: ConnectionSettings) throws(CommandFailure) -> DesiredState {
        try DesiredState(try DeclarativeFile.read(self.file), in: settings.environment)
    }
}

/// The command `bandera apply`.
struct ApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Makes a cluster what a file says; what is so already is left alone.",
        discussion: """
            A file has organizations, environments, plans, companies, segments and flags, each a \
            list of what 'bandera export' writes; organization and environment at its top hold for \
            whatever names none. Applying it twice changes nothing the second time.

              bandera diff -f flags.yaml
              bandera apply -f flags.yaml --reason "release 42"

            Every write carries the revision that the difference was seen at: what somebody else \
            changes meanwhile is not overwritten. What a running release sets is the release's.

            What will change is shown first, where the answer is a table. --dry-run lets the cluster \
            judge every change that it can judge before those before it are made: rights, quotas, \
            illegal moves. With --prune, empty lists empty the file's environment.

            JSON fields: applied (action, kind, environment, subject, revision, differences); with \
            --dry-run revision is null.
            """
    )

    @OptionGroup var source: FileOption

    @OptionGroup var why: ReasonOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let doing = Texts.doing("apply", self.source.file)
        try await ClusterSession.run(self.connection, doing: doing) { session in
            let desired = try self.source.desired(session.settings)
            let current = try await CurrentState(for: desired, from: session.client)
            let steps = try ApplyPlan.steps(
                from: current,
                to: desired,
                isPruning: self.source.prune
            )
            let plan = ApplyRendering.document(steps, at: nil)
            guard !self.why.trial.isDryRun else {
                session.answer(plan)
                try await self.judge(steps, in: session)
                return
            }
            if session.format == .table, !steps.isEmpty {
                session.answer(ApplyRendering.changes(steps))
            }
            let revisions = try await self.make(steps, in: session)
            session.answer(ApplyRendering.document(steps, at: revisions))
        }
    }

    /// Lets the cluster judge what it can judge as it is; fails with what it refuses first.
    private func judge(_ steps: [ApplyStep], in session: ClusterSession) async throws {
        for step in steps.judgeable {
            for command in step.judgedAlone {
                let terms = WriteTerms(
                    reason: self.why.reason,
                    basedOn: step.basis,
                    isDryRun: true
                )
                do {
                    _ = try await step.mutation(command).write(in: session, on: terms)
                } catch let error as BanderaError {
                    throw CommandFailure(error, doing: step.name)
                }
            }
        }
    }

    /// Makes the changes in order; answers the revision of each step's last.
    private func make(
        _ steps: [ApplyStep],
        in session: ClusterSession
    ) async throws -> [Revision] {
        var revisions: [Revision] = []
        for step in steps {
            do {
                var basis = step.basis
                for command in step.commands {
                    let terms = WriteTerms(reason: self.why.reason, basedOn: basis)
                    basis = try await step.mutation(command).write(in: session, on: terms).revision
                }
                revisions.append(basis)
            } catch let error as BanderaError {
                throw self.failure(CommandFailure(error, doing: step.name), steps, revisions.count)
            } catch let failure as CommandFailure {
                throw self.failure(failure, steps, revisions.count)
            }
        }
        return revisions
    }

    private func failure(
        _ failure: CommandFailure,
        _ steps: [ApplyStep],
        _ done: Int
    ) -> CommandFailure {
        CommandFailure(
            failure.status,
            Texts.applyStopped(failure.what, done: done, of: steps.count),
            next: failure.next.isEmpty ? Texts.nextApplyStopped : failure.next
        )
    }
}

/// The command `bandera diff`.
struct DiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Shows what 'bandera apply' would change.",
        discussion: """
            Exit status: 0 nothing would; 1 something would; 2 and more as for every command, 3 \
            where that would say 1.

            JSON fields: changes (kind, subject, differences (path, before, after)).
            """
    )

    @OptionGroup var source: FileOption
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let doing = Texts.doing("compare", self.source.file)
        try await Comparison.run(self.connection, doing: doing) { session in
            let desired = try self.source.desired(session.settings)
            let current = try await CurrentState(for: desired, from: session.client)
            return try ApplyPlan.steps(
                from: current,
                to: desired,
                isPruning: self.source.prune
            ).map(\.difference)
        }
    }
}

/// The command `bandera export`.
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Prints an environment as a file that 'bandera apply' reads.",
        discussion: """
            YAML, or JSON with -o json. With --all also the organization, all its environments, \
            plans and companies. Archived flags are left out.

              bandera export > flags.yaml
            """
    )

    @ArgumentParser.Flag(
        help: "Everything of the organization, not only the segments and flags of --environment."
    )
    var all = false

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await ClusterSession.run(self.connection, doing: Texts.doing("export", "flags")) {
            session in
            let environment = try session.settings.requiredEnvironment()
            var state = CurrentState()
            if self.all {
                let owner = environment.organization
                let tenancy = try await session.client.tenancy(organization: owner)
                for item in tenancy.organizations { state.organizations[item.id] = item }
                for item in tenancy.environments {
                    state.environments[item.id] = item
                    try await state.load(item.id, from: session.client)
                }
                for item in tenancy.plans { state.plans[item.id] = item }
                for item in try await session.client.companies(of: owner) {
                    state.companies[item.id] = item
                }
            } else {
                try await state.load(environment, from: session.client)
            }
            let document = ExportDocument.value(state, environment: environment)
            // A file for people unless a program asked: where it goes does not matter.
            let isJSON = session.settings.output == .json
            session.answer(ExportDocument.document(document), in: isJSON ? .json : .table)
        }
    }
}
