internal import ArgumentParser
internal import BanderaClient
internal import ClientProtocol
internal import Flags
internal import Releases

/// The command `bandera release`.
struct ReleaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release",
        abstract: "Rolls a flag out step by step, by a plan that the cluster carries out.",
        subcommands: [
            ReleaseStartCommand.self, ReleasePreviewCommand.self, ReleaseListCommand.self,
            ReleaseShowCommand.self, ReleaseControlCommand<ReleaseControls.Approve>.self,
            ReleaseControlCommand<ReleaseControls.Pause>.self,
            ReleaseControlCommand<ReleaseControls.Resume>.self,
            ReleaseControlCommand<ReleaseControls.Skip>.self,
            ReleaseControlCommand<ReleaseControls.Abort>.self,
        ]
    )
}

/// The plan of a release: on the command line, or in a file.
struct PlanOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Steps separated by commas, each a share, how long it lasts at least, what else it "
                + "waits for (approvals=N, evaluations=N), and for whom it is (regions=A+B, "
                + "regions=* for all, plans=A+B, roles=A+B, companies=A+B).",
            valueName: "steps"
        )
    )
    var steps: String?

    @Option(
        name: [.short, .long],
        help: ArgumentHelp("A YAML or JSON file with the plan.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml", "json"])
    )
    var file: String?

    /// The plan, checked.
    func checked() throws(CommandFailure) -> ReleasePlan {
        let plan: ReleasePlan
        switch (self.steps, self.file) {
        case (let steps?, nil): plan = try PlanText.plan(steps)
        case (nil, let file?):
            plan = try DeclarativeFile.read(file).plan()
        case (nil, nil): throw .usage(Texts.noPlanGiven, next: Texts.nextNoPlanGiven)
        case (.some, .some): throw .usage(Texts.exclusive("--steps", "--file"))
        }
        do throws(FlagsError) {
            try plan.validate()
            return plan
        } catch {
            throw .usage(error.message)
        }
    }
}

/// The command `bandera release start`.
struct ReleaseStartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: "Starts a release of a flag.",
        discussion: """
            The first step begins at once, and each next one when the one before has lasted as long \
            and got as many approvals as it asks for:

              bandera release start new_search --steps '5%:30m, 25%:1h:approvals=1, 100%'
              bandera release start new_search --steps 'regions=MX:100%:1d, regions=CO+AR:1d, \
            regions=*'

            While it runs, rollout, audience and weights are its own, and the flag cannot be \
            completed; 'bandera release pause' and 'abort' and every rollback stop it.
            """
    )

    @OptionGroup var flag: FlagArgument
    @OptionGroup var plan: PlanOptions

    @ArgumentParser.Flag(help: "Only show what the plan would do, and when.")
    var preview = false

    @OptionGroup var change: ChangeOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let key = try self.flag.checked()
        let plan = try self.plan.checked()
        try await ClusterSession.run(
            self.connection,
            doing: Texts.doing("start", "a release of flag \(key)")
        ) { session in
            let environment = try session.settings.requiredEnvironment()
            if self.preview {
                try await ReleasePreviewCommand.answer(plan, of: key, in: environment, session)
                return
            }
            let (steps, basis) = try await Self.resolved(plan, for: key, in: environment, session)
            var mutation = Mutation(
                "start",
                "release",
                key.rawValue,
                in: environment,
                .startRelease(environment, key, steps)
            )
            mutation.basis = basis
            try await mutation.run(in: session, on: self.change.terms)
        }
    }
}

extension ReleaseStartCommand {
    /// The plan as it can be carried out, and the revision of the flag where it depends on that.
    private static func resolved(
        _ plan: ReleasePlan,
        for key: FlagKey,
        in environment: EnvironmentID,
        _ session: ClusterSession
    ) async throws -> (ReleasePlan, Revision?) {
        guard plan.opensAllRegions else { return (plan, nil) }
        let flag = try await session.client.getFlag(key, in: environment).flag
        return (plan.openingRegions(of: flag), flag.revision)
    }
}

/// The command `bandera release preview`.
struct ReleasePreviewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview",
        abstract: "Shows what a plan would do to a flag, step by step, and when at the earliest.",
        discussion:
            "JSON fields: environment, key, steps (step, earliest_start, earliest_end, "
            + "rollout_percentage, audience, approvals, evaluations_min)."
    )

    @OptionGroup var flag: FlagArgument
    @OptionGroup var plan: PlanOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let key = try self.flag.checked()
        let plan = try self.plan.checked()
        try await ClusterSession.run(
            self.connection,
            doing: Texts.doing("preview", "a release of flag \(key)")
        ) { session in
            let environment = try session.settings.requiredEnvironment()
            try await Self.answer(plan, of: key, in: environment, session)
        }
    }

    static func answer(
        _ plan: ReleasePlan,
        of key: FlagKey,
        in environment: EnvironmentID,
        _ session: ClusterSession
    ) async throws {
        let flag = try await session.client.getFlag(key, in: environment).flag
        let preview = plan.openingRegions(of: flag)
            .preview(from: flag, startingAt: WallClock.now)
        session.answer(ReleaseRendering.document(preview, of: flag, in: environment))
    }
}

/// The command `bandera release list`.
struct ReleaseListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the releases of an environment, newest first.",
        discussion: "JSON fields: releases (as 'release show' shows each)."
    )

    @ArgumentParser.Flag(help: "Those that ended too.")
    var finished = false

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await ClusterSession.run(self.connection, doing: Texts.doing("list", "releases")) {
            session in
            let environment = try session.settings.requiredEnvironment()
            let found = try await session.client.releases(
                ReleasesRequest(environment: environment, includeFinished: self.finished)
            )
            session.answer(ReleaseRendering.document(found.releases))
        }
    }
}

/// The command `bandera release show`.
struct ReleaseShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract:
            "Shows the latest release of a flag: its steps, where it stands, what it waits for."
    )

    @OptionGroup var flag: FlagArgument
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let key = try self.flag.checked()
        try await ClusterSession.run(
            self.connection,
            doing: Texts.doing("show", "the release of flag \(key)")
        ) { session in
            let environment = try session.settings.requiredEnvironment()
            let release = try await session.client.latestRelease(of: key, in: environment)
            // What it waits for is told without them where they may not be read.
            let request = MetricsRequest(environment: environment, flag: key.rawValue)
            let metrics = try? await session.client.metrics(request).metrics.first
            session.answer(
                ReleaseRendering.document(
                    release,
                    evaluations: metrics?.usageCount ?? 0,
                    now: WallClock.now
                )
            )
        }
    }
}

extension AdministrationClient {
    /// The newest release of a flag, or a refusal that says there is none.
    func latestRelease(of key: FlagKey, in environment: EnvironmentID) async throws -> Release {
        let request = ReleasesRequest(
            environment: environment,
            flag: key.rawValue,
            includeFinished: true
        )
        guard let release = try await self.releases(request).releases.first else {
            throw CommandFailure(
                .failed,
                Texts.noRelease(key.rawValue),
                next: Texts.nextNoRelease(key.rawValue)
            )
        }
        return release
    }
}
