internal import ArgumentParser
internal import BanderaClient
internal import Flags

/// The command `bandera flag watch`.
struct FlagWatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Prints every change of an environment's flags as it is pushed, a line each.",
        discussion: """
            Begins with the flags as they are (event 'snapshot'); with --from it begins with what \
            changed after that revision. A broken connection is replaced without missing or \
            repeating a change. Ends when interrupted, after --count changes, or after --timeout.

            JSON lines: event (snapshot, change, archive, segment, segment_removed), revision, \
            environment, and key and flag or flags.
            """
    )

    @Option(
        help: ArgumentHelp(
            "Print what changed after this revision instead of the flags as they are.",
            valueName: "revision"
        )
    )
    var from: UInt64?

    @Option(
        help: ArgumentHelp(
            "End after so many changes; the snapshot does not count.",
            valueName: "count"
        )
    )
    var count: Int?

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        if let count, count < 1 {
            throw CommandFailure.usage(Texts.badCount(count, option: "--count"))
        }
        try await ClusterSession.run(self.connection, doing: Texts.doing("watch", "flags")) {
            session in
            let environment = try session.settings.requiredEnvironment()
            // Only the option limits the watch: a variable or profile is about single calls.
            let limit = self.connection.place.timeout == nil ? nil : session.settings.timeout
            let rendering = WatchRendering(format: session.format, environment: environment)
            if let heading = rendering.heading { StandardStreams.output(heading + "\n") }
            let seen = try await self.watch(session, environment, rendering, for: limit)
            if let count, seen < count {
                throw CommandFailure(
                    .unavailable,
                    Texts.watchTimedOut(seen: seen, wanted: count)
                )
            }
        }
    }

    /// Prints until there is enough or the time is over; answers how many changes there were.
    private func watch(
        _ session: ClusterSession,
        _ environment: EnvironmentID,
        _ rendering: WatchRendering,
        for limit: Duration?
    ) async throws -> Int {
        let basis = self.from.map { Revision($0) }
        let wanted = self.count ?? .max
        return try await withThrowingTaskGroup(of: Int?.self) { group in
            let seen = ChangeCount()
            group.addTask {
                try await session.client.follow(environment, after: basis) { news in
                    switch news {
                    case .snapshot(let flags, let revision):
                        for line in rendering.lines(flags, at: revision) {
                            StandardStreams.output(line + "\n")
                        }
                        return true
                    case .change(let change):
                        StandardStreams.output(rendering.line(change) + "\n")
                        return seen.increment() < wanted
                    }
                }
                return nil
            }
            if let limit {
                group.addTask {
                    try? await Task.sleep(for: limit)
                    return nil
                }
            }
            _ = try await group.next()
            group.cancelAll()
            return seen.value
        }
    }
}
