internal import ArgumentParser
internal import BanderaClient
internal import ClientProtocol

/// Asks for a change of the cluster and says what it came to.
enum ClusterChange {
    static func run(
        _ options: some ConnectionSource,
        _ action: String,
        _ what: String,
        _ trial: TrialOption,
        _ command: ClusterAction
    ) async throws {
        let doing = Texts.doing(action, what)
        try await ClusterSession.run(options, doing: doing) { session in
            guard !trial.isDryRun else {
                let status = try await session.client.status()
                let isNew = try command.isNew(to: status, doing: doing)
                session.answer(
                    ClusterRendering.document(trialOf: action, what, command, isNew: isNew)
                )
                return
            }
            do {
                let response = try await session.client.administer(command)
                session.answer(ClusterRendering.document(response, action, what, command))
            } catch let error as BanderaError where error.code == .outcomeUnknown {
                throw CommandFailure(
                    .unavailable,
                    "\(doing): \(error.message)",
                    next: Texts.nextClusterOutcomeUnknown
                )
            } catch let error as BanderaError where error.code == .notFound {
                throw CommandFailure(
                    .failed,
                    "\(doing): \(error.message)",
                    next: Texts.nextClusterNotFound
                )
            }
        }
    }
}

/// A node that a command is about.
struct NodeArgument: ParsableArguments {
    @Argument(help: ArgumentHelp("The node's id.", valueName: "id"))
    var id: UInt64

    /// The id, checked.
    func checked() throws(CommandFailure) -> UInt64 { try Self.checked(self.id) }

    static func checked(_ id: UInt64) throws(CommandFailure) -> UInt64 {
        guard id > 0 else { throw .usage(Texts.badNode("\(id)")) }
        return id
    }
}

/// The command `bandera cluster add`.
struct ClusterAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Adds a node as a learner: it gets everything and votes on nothing.",
        discussion: """
            Start the new node with "join": true in its configuration and an empty folder, add it, \
            and promote it once it has caught up:

              bandera cluster add --id 4 --region MX --peer-address 10.0.1.2:7101 \
            --client-address 10.0.1.2:7001
              bandera cluster promote 4

            An id that was ever used is refused. Adding the same node again changes nothing.

            JSON fields: action, id, revision, leader.
            """
    )

    @Option(help: ArgumentHelp("Its id: a number never used before.", valueName: "id"))
    var id: UInt64

    @Option(help: ArgumentHelp("A name for people; node-ID unless said.", valueName: "name"))
    var name: String?

    @Option(help: ArgumentHelp("Where it is.", valueName: "region"))
    var region: String

    @Option(help: ArgumentHelp("Where in the region.", valueName: "zone"))
    var zone: String = ""

    @Option(
        name: .customLong("peer-address"),
        help: ArgumentHelp("Where it takes nodes.", valueName: "host:port")
    )
    var peerAddress: String

    @Option(
        name: .customLong("client-address"),
        help: ArgumentHelp("Where it takes clients.", valueName: "host:port")
    )
    var clientAddress: String

    @Option(
        help: ArgumentHelp(
            "How much rather than others it should lead; 0 has no preference.",
            valueName: "number"
        )
    )
    var priority: UInt32 = 0

    @OptionGroup var trial: TrialOption
    @OptionGroup var connection: PlaceOptions

    func run() async throws {
        let member = try self.member()
        try await ClusterChange.run(
            self.connection,
            Texts.actionAdd,
            Texts.node(member.id),
            self.trial,
            .add(member)
        )
    }

    /// The node that the options describe.
    func member() throws(CommandFailure) -> ClusterMember {
        let id = try NodeArgument.checked(self.id)
        guard !self.region.isEmpty else { throw .usage(Texts.emptyRegion) }
        for (address, option) in [
            (self.peerAddress, "--peer-address"), (self.clientAddress, "--client-address"),
        ] where Endpoint(address) == nil {
            throw .usage(Texts.badEndpoint(address, from: option))
        }
        return ClusterMember(
            id: id,
            name: self.name ?? "node-\(id)",
            region: self.region,
            zone: self.zone,
            peerAddress: self.peerAddress,
            clientAddress: self.clientAddress,
            priority: self.priority
        )
    }
}

/// The command `bandera cluster promote`.
struct ClusterPromoteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "promote",
        abstract: "Makes a learner that has caught up a voter.",
        discussion: "JSON fields: action, id, revision, leader."
    )

    @OptionGroup var node: NodeArgument
    @OptionGroup var trial: TrialOption
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let id = try self.node.checked()
        try await ClusterChange.run(
            self.connection,
            Texts.actionPromote,
            Texts.node(id),
            self.trial,
            .promote(id)
        )
    }
}

/// The command `bandera cluster remove`.
struct ClusterRemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Takes a node out for good: its id is never accepted again.",
        discussion: "The leader may be removed, too: it hands over.\n\n"
            + "JSON fields: action, id, revision, leader."
    )

    @OptionGroup var node: NodeArgument
    @OptionGroup var trial: TrialOption
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let id = try self.node.checked()
        try await ClusterChange.run(
            self.connection,
            Texts.actionRemove,
            Texts.node(id),
            self.trial,
            .remove(id)
        )
    }
}

/// The command `bandera cluster replace`.
struct ClusterReplaceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replace",
        abstract: "Puts a learner into a node's place, in one change.",
        discussion: """
            For a node that lost its disk, or whose log is damaged. It must come back under a new \
            id, because what it promised under the old one is lost with the disk:

              1. stop the node, and move its data folder away
              2. bandera certificates issue node NEW --directory …
              3. in its configuration: "node": NEW, "join": true, the new certificate
              4. start it: bandera node --config …
              5. bandera cluster add --id NEW …
              6. bandera cluster replace OLD NEW
              7. bandera cluster verify

            JSON fields: action, id, replaces, revision, leader.
            """
    )

    @Argument(help: ArgumentHelp("The node that goes.", valueName: "old-id"))
    var old: UInt64

    @Argument(help: ArgumentHelp("The learner that takes its place.", valueName: "new-id"))
    var new: UInt64

    @OptionGroup var trial: TrialOption
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let old = try NodeArgument.checked(self.old)
        let new = try NodeArgument.checked(self.new)
        guard old != new else { throw CommandFailure.usage(Texts.sameNode(old)) }
        try await ClusterChange.run(
            self.connection,
            Texts.actionReplace,
            Texts.replacement(of: old, by: new),
            self.trial,
            .replace(old, with: new)
        )
    }
}

/// The command `bandera cluster transfer`.
struct ClusterTransferCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "transfer",
        abstract: "Hands leadership over, without an election timeout.",
        discussion: "JSON fields: action, revision, leader."
    )

    @Option(
        name: .customLong("to"),
        help: ArgumentHelp("To this voter; the leader chooses unless said.", valueName: "id")
    )
    var target: UInt64?

    @OptionGroup var trial: TrialOption
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        if let target { _ = try NodeArgument.checked(target) }
        try await ClusterChange.run(
            self.connection,
            Texts.actionTransfer,
            self.target.map { Texts.leadership(to: $0) } ?? Texts.leadership,
            self.trial,
            .transfer(to: self.target)
        )
    }
}
