internal import ArgumentParser
internal import BanderaClient
internal import ClientProtocol
internal import Flags

/// The command `bandera flag emergency-rollback`.
struct FlagEmergencyRollbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "emergency-rollback",
        abstract: "Switches a flag off everywhere, at once, whatever state it is in.",
        discussion: """
            Asks nothing. The flag is disabled, at 0 % and rolled back, a release of it ends, an \
            alert is raised, and the change is pushed ahead of everything else:

              bandera flag emergency-rollback crm_advanced_features --reason "p1 1234" --wait 5s

            With --wait it also prints how long the change took to the last watcher of each region \
            and each node, as the nodes measured it ('bandera alert list' shows it later). There is \
            no --if-revision: it is meant for whatever the flag is now.

            JSON fields: action, kind, environment, key, revision; with --wait also regions \
            (region, watchers, acknowledged, milliseconds), deliveries (region, node, watchers, \
            acknowledged, milliseconds) and complete.
            """
    )

    @OptionGroup var flag: FlagArgument

    @Option(
        help: ArgumentHelp(
            "Wait so long for every node to say when its watchers had it, such as 5s.",
            valueName: "duration"
        )
    )
    var wait: String?

    @OptionGroup var why: ReasonOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let key = try self.flag.checked()
        let wait = try self.wait.map { text throws(CommandFailure) in
            try DurationText.checked(text, from: "--wait")
        }
        let terms = self.why.terms
        let action = "emergency-rollback"
        try await ClusterSession.run(
            self.connection,
            doing: Texts.doing(action, "flag \(key)")
        ) { session in
            let environment = try session.settings.requiredEnvironment()
            let mutation = Mutation(
                action,
                "flag",
                key.rawValue,
                in: environment,
                .emergencyRollback(environment, key)
            )
            guard let wait, !terms.isDryRun else {
                try await mutation.run(in: session, on: terms)
                return
            }
            let revision = try await mutation.write(in: session, on: terms).revision
            do throws(BanderaError) {
                let summary = try await Self.deliveries(
                    of: revision,
                    in: environment,
                    session,
                    within: wait
                )
                session.answer(AlertRendering.document(summary, of: key, in: environment))
            } catch {
                let summary = DeliverySummary(
                    revision: revision,
                    deliveries: [],
                    isComplete: false
                )
                session.answer(AlertRendering.document(summary, of: key, in: environment))
                StandardStreams.error(Texts.deliveriesDenied(error.message) + "\n")
            }
        }
    }

    /// What the nodes have measured by the time that all have, or that the time is over.
    ///
    /// - Throws: when the caller may not see it; what else goes wrong is tried again.
    private static func deliveries(
        of revision: Revision,
        in environment: EnvironmentID,
        _ session: ClusterSession,
        within limit: Duration
    ) async throws(BanderaError) -> DeliverySummary {
        // Whoever may roll back may know where the nodes are.
        let nodes = (try? await session.client.topology().nodes.count) ?? 1
        let request = AlertsRequest(
            organization: environment.organization,
            environment: environment.environment,
            includeAcknowledged: true,
            atLeast: revision
        )
        let end = ContinuousClock.now + limit
        var deliveries: [Alert.Delivery] = []
        repeat {
            do throws(BanderaError) {
                let alerts = try await session.client.alerts(request).alerts
                deliveries = alerts.first { $0.id == revision }?.deliveries ?? []
            } catch {
                guard error.code != .unauthorized else { throw error }
            }
            if deliveries.count >= nodes { break }
            try? await Task.sleep(for: .milliseconds(50))
        } while ContinuousClock.now < end
        return DeliverySummary(
            revision: revision,
            deliveries: deliveries,
            isComplete: deliveries.count >= nodes
        )
    }
}

/// How an urgent change reached the watchers, as far as it is known.
struct DeliverySummary: Equatable, Sendable {
    /// What the nodes of one region have measured, taken together.
    struct Region: Equatable, Sendable {
        let region: String
        var watchers: UInt64 = 0
        var acknowledged: UInt64 = 0
        /// To the last acknowledgement in the region.
        var milliseconds: UInt32 = 0
    }

    let revision: Revision
    /// Sorted by region and node.
    let deliveries: [Alert.Delivery]
    /// Whether every node has told.
    let isComplete: Bool

    /// In the order of the deliveries.
    var regions: [Region] {
        var regions: [Region] = []
        for delivery in self.deliveries {
            if regions.last?.region != delivery.region {
                regions.append(Region(region: delivery.region))
            }
            let last = regions.count - 1
            regions[last].watchers += UInt64(delivery.watchers)
            regions[last].acknowledged += UInt64(delivery.acknowledged)
            regions[last].milliseconds = max(regions[last].milliseconds, delivery.milliseconds)
        }
        return regions
    }
}

/// The command `bandera flag rollback`.
struct FlagRollbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Makes a flag what it was at an earlier revision.",
        discussion:
            "'bandera flag history KEY' shows the revisions, 'bandera flag diff KEY A' what would "
            + "come back. The history goes on: it is a new change."
    )

    @OptionGroup var flag: FlagArgument

    @Option(help: ArgumentHelp("What it is to be again.", valueName: "revision"))
    var to: UInt64

    @OptionGroup var change: ChangeOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let key = try self.flag.checked()
        let revision = Revision(self.to)
        try await Mutation.run(
            self.connection,
            doing: Texts.doing("rollback", "flag \(key)"),
            on: self.change.terms
        ) { session in
            let environment = try session.settings.requiredEnvironment()
            let then = try await session.client.getFlag(key, in: environment, asOf: revision).flag
            return Mutation(
                "rollback",
                "flag",
                key.rawValue,
                in: environment,
                .restoreFlag(environment, key, FlagDefinition(then), from: revision)
            )
        }
    }
}
