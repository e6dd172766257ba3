internal import ArgumentParser
internal import BanderaClient
internal import ClientProtocol
internal import Flags

/// The command `bandera segment`.
struct SegmentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "segment",
        abstract: "Creates, changes and lists segments, named sets of users that rules ask for.",
        subcommands: [Put.self, Get.self, List.self, Remove.self]
    )

    /// The command `bandera segment put`.
    struct Put: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Creates a segment, or replaces it.",
            discussion: """
                Each --rule is a list of clauses that must all hold; one such rule is enough:

                  bandera segment put beta --include ana,luis \
                --rule '[{"attribute":"plan","operator":"in","values":["ENTERPRISE"]}]'
                """
        )

        @OptionGroup var segment: SegmentArgument

        @Option(help: "A name for people.")
        var name: String = ""

        @Option(help: "Whom it is meant to have.")
        var description: String = ""

        @Option(
            help: ArgumentHelp(
                "The attribute that --include and --exclude are values of; targetingKey unless said.",
                valueName: "attribute"
            )
        )
        var attribute: String = ""

        @Option(
            help: ArgumentHelp(
                "In, whatever the rules say. May be repeated.",
                valueName: "value[,…]"
            )
        )
        var include: [String] = []

        @Option(
            help: ArgumentHelp("Out, whatever else says. May be repeated.", valueName: "value[,…]")
        )
        var exclude: [String] = []

        @Option(
            name: .customLong("rule"),
            help: ArgumentHelp("A list of clauses. May be repeated.", valueName: "JSON")
        )
        var rules: [String] = []

        @Option(
            name: [.short, .long],
            help: ArgumentHelp(
                "A YAML or JSON file with the whole segment instead.",
                valueName: "file"
            ),
            completion: .file(extensions: ["yaml", "yml", "json"])
        )
        var file: String?

        @OptionGroup var change: ChangeOptions
        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            let definition = try self.definition()
            let key = definition.key
            try await Mutation.run(
                self.connection,
                doing: Texts.doing("put", "segment \(key)"),
                on: self.change.terms
            ) { session in
                let environment = try session.settings.requiredEnvironment()
                return Mutation(
                    "put",
                    "segment",
                    key,
                    in: environment,
                    .putSegment(environment, definition)
                )
            }
        }

        /// The checked definition that the options or the file describe.
        func definition() throws(CommandFailure) -> SegmentDefinition {
            if let file {
                return try DeclarativeFile.read(file).segment(self.segment.key)
            }
            var definition = SegmentDefinition(
                key: self.segment.key,
                name: self.name,
                description: self.description,
                attribute: self.attribute,
                included: FlagFields.names(self.include) ?? [],
                excluded: FlagFields.names(self.exclude) ?? []
            )
            for text in self.rules { definition.rules.append(try Self.clauses(text)) }
            do throws(FlagsError) {
                try definition.validate()
                return definition
            } catch {
                throw .usage(error.message)
            }
        }

        private static func clauses(_ text: String) throws(CommandFailure) -> [Clause] {
            guard case .array(let documents)? = JSONText.value(text) else {
                throw .usage(Texts.badClauses(text))
            }
            do throws(FlagsError) {
                var clauses: [Clause] = []
                for document in documents { clauses.append(try Clause(document: document)) }
                return clauses
            } catch {
                throw .usage(error.message)
            }
        }
    }

    /// The command `bandera segment get`.
    struct Get: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Shows one segment.")

        @OptionGroup var segment: SegmentArgument
        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            let key = self.segment.key
            let doing = Texts.doing("show", "segment \(key)")
            try await ClusterSession.run(self.connection, doing: doing) { session in
                let environment = try session.settings.requiredEnvironment()
                let found = try await session.client.segments(in: environment).segments
                guard let segment = found.first(where: { $0.key == key }) else {
                    throw CommandFailure(
                        .failed,
                        Texts.noSegment(key, environment.description),
                        next: Texts.nextNoSegment
                    )
                }
                session.answer(SegmentRendering.document(segment))
            }
        }
    }

    /// The command `bandera segment list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists the segments of an environment.",
            discussion: "JSON fields: revision, segments (as 'segment get' shows each)."
        )

        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            try await ClusterSession.run(self.connection, doing: Texts.doing("list", "segments")) {
                session in
                let environment = try session.settings.requiredEnvironment()
                let found = try await session.client.segments(in: environment)
                session.answer(SegmentRendering.document(found.segments, revision: found.revision))
            }
        }
    }

    /// The command `bandera segment remove`.
    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Removes a segment that no rule asks for.",
            aliases: ["rm"]
        )

        @OptionGroup var segment: SegmentArgument
        @OptionGroup var change: ChangeOptions
        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            let key = self.segment.key
            try await Mutation.run(
                self.connection,
                doing: Texts.doing("remove", "segment \(key)"),
                on: self.change.terms
            ) { session in
                let environment = try session.settings.requiredEnvironment()
                let command = Command.removeSegment(environment, key: key)
                return Mutation("remove", "segment", key, in: environment, command)
            }
        }
    }
}

/// The segment that a command is about.
struct SegmentArgument: ParsableArguments {
    @Argument(help: ArgumentHelp("The segment's key, such as beta.", valueName: "key"))
    var key: String
}
