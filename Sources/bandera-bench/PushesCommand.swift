internal import ArgumentParser
internal import BanderaClient
internal import ClientProtocol
internal import Flags
internal import LocalCluster
internal import NIOCore
internal import NIOPosix

/// Changes pushed to many subscribers, each on its own TLS connection to one node.
struct PushesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pushes",
        abstract: "Measures how long a change takes to reach every subscriber, and what it costs."
    )

    @OptionGroup var options: ClusterOptions

    @Option(help: "Subscribers, each with its own connection.")
    var subscribers = 1_000

    @Option(help: "Changes, one after the other.")
    var changes = 50

    @Option(help: "The least time from one change's last delivery to the next change.")
    var intervalMs = 20

    @Option(help: "How often each subscriber acknowledges what it has; 0 means never.")
    var acknowledgeMs = 1_000

    @ArgumentParser.Flag(
        help: ArgumentHelp(
            "Every subscriber acknowledges each change at once; ends with an emergency rollback, "
                + "for which the node itself measures the time to the last acknowledgement."
        )
    )
    var acknowledgeEach = false

    @Option(help: "Flags that the environment has beside the one that changes.")
    var flags = 0

    @ArgumentParser.Flag(
        help: "Subscribers show a bearer token instead of a certificate (own cluster only)."
    )
    var token = false

    @Option(help: "Which node they subscribe to.")
    var node = Role.leader

    @Option(help: "The folder with floor.c and fanout.c, to measure the floor in the same run.")
    var peers: String?

    enum Role: String, ExpressibleByArgument, CaseIterable {
        case leader
        case follower
    }

    func validate() throws {
        guard (1...BenchLimits.subscribersMax).contains(self.subscribers) else {
            throw ValidationError("--subscribers must be from 1 to \(BenchLimits.subscribersMax)")
        }
        guard (1...BenchLimits.changesMax).contains(self.changes) else {
            throw ValidationError("--changes must be from 1 to \(BenchLimits.changesMax)")
        }
        guard (0...60_000).contains(self.intervalMs), (0...60_000).contains(self.acknowledgeMs)
        else { throw ValidationError("--interval-ms and --acknowledge-ms are at most 60000") }
        guard (0...BenchLimits.flagsMax).contains(self.flags) else {
            throw ValidationError("--flags must be from 0 to \(BenchLimits.flagsMax)")
        }
        if self.token, self.options.endpoints != nil {
            throw ValidationError("--token needs a cluster that is started for it")
        }
    }

    func run() async throws {
        var floor: FanoutFloor.Outcome?
        if let peers = self.peers {
            BenchProcess.progress("measuring the floor with \(self.subscribers) subscribers")
            floor = try await FanoutFloor(folder: peers).measure(
                subscribers: self.subscribers,
                changes: self.changes,
                intervalMs: self.intervalMs
            )
        }
        var configuration = LocalClusterConfiguration(
            cluster: "bench",
            environment: (LoadTenant.organization, "pushes")
        )
        configuration.tokens = [
            .init(
                sha256: BenchToken.sha256,
                identity: "spiffe://bench/sdk/\(LoadTenant.organization)/pushes"
            )
        ]
        let outcome = try await self.options.withCluster(configuration) { cluster in
            try await self.measure(cluster)
        }
        print(self.report(outcome, floor).json())
    }

    private func measure(_ cluster: LocalCluster) async throws -> PushOutcome {
        let client = try cluster.access.client(timeout: .seconds(20))
        defer { client.shutdown() }
        let tenant = LoadTenant(client: client)
        try await tenant.prepare()
        let environment = try await tenant.environment("pushes")
        try await tenant.fill(environment, flags: self.flags)
        let key = FlagKey("pushes-\(String(UInt64.random(in: .min ... .max), radix: 36))")
        let created = try await client.write(
            .createFlag(
                environment,
                LoadTenant.definition(key, value: LoadTenant.value(0, bytes: 32))
            )
        )

        let leader = try await cluster.leader(within: LocalClusterLimits.electionTimeout)
        let target =
            self.node == .leader
            ? leader : cluster.nodes.map(\.id).first { $0 != leader } ?? leader
        if cluster.isOwned { try await cluster.caughtUp(target, to: created) }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let eventLoop = group.next()
        let load = try await PushLoad.make(
            PushPlan(
                environment: environment,
                key: key,
                changes: self.changes,
                intervalMilliseconds: Int64(self.intervalMs),
                acknowledgeMilliseconds: self.acknowledgeEach ? 0 : Int64(self.acknowledgeMs),
                acknowledgesEach: self.acknowledgeEach,
                // One change before: a watch that lacks nothing is told nothing.
                basis: self.flags > 0 ? Revision(created.rawValue - 1) : nil
            ),
            writer: LoadDialer(cluster.access, on: eventLoop).dial(
                cluster.node(leader).client
            ).get(),
            on: eventLoop
        )

        let idle = try? cluster.usage(of: target)
        try await self.subscribe(load, cluster, cluster.node(target).client, on: eventLoop)
        let before = try? cluster.usage(of: target)
        BenchProcess.progress("pushing \(self.changes) changes")
        var outcome = try await load.run()
        if let idle, let before {
            let after = try cluster.usage(of: target)
            outcome.serverMicroseconds = after.processorMicroseconds - before.processorMicroseconds
            outcome.serverBytes = Int64(before.residentBytes) - Int64(idle.residentBytes)
        }
        if self.acknowledgeEach {
            outcome.emergency = try await self.emergency(key, in: environment, on: target, client)
        }
        load.close()
        try await group.shutdownGracefully()
        return outcome
    }

    /// Rolls the flag back; answers what the subscribers' node measured.
    private func emergency(
        _ key: FlagKey,
        in environment: EnvironmentID,
        on node: UInt64,
        _ client: AdministrationClient
    ) async throws -> Alert.Delivery {
        let revision = try await client.write(.emergencyRollback(environment, key))
        let request = AlertsRequest(organization: environment.organization, atLeast: revision)
        let limit = Duration.seconds(BenchLimits.stallSeconds)
        return try await Patience.wait(limit, for: "the node's own measurement") {
            let alerts = (try? await client.alerts(request).alerts) ?? []
            let alert = alerts.first { $0.id == revision }
            return alert?.deliveries.first { $0.node == node }
        }
    }

    private func subscribe(
        _ load: PushLoad,
        _ cluster: LocalCluster,
        _ endpoint: Endpoint,
        on eventLoop: any EventLoop
    ) async throws {
        var access = cluster.access
        if self.token, let certificates = cluster.certificates {
            access.credentials = .token(
                BenchToken.text,
                authority: certificates.authorityPath
            )
        } else if let certificates = cluster.certificates {
            access.credentials = certificates.credentials("sdk")
        }
        let dialer = try LoadDialer(access, on: eventLoop)
        let start = BenchProcess.nanoseconds()
        let connections = try await dialer.dial(endpoint, count: self.subscribers)
        try await load.subscribe(connections)
        let seconds = Double(BenchProcess.nanoseconds() - start) / 1e9
        BenchProcess.progress("\(self.subscribers) subscribers after \(seconds) s")
    }

    private func report(_ outcome: PushOutcome, _ floor: FanoutFloor.Outcome?) -> Report {
        var report = Report()
        report.add("bench", "pushes")
        var parameters = Report()
        parameters.add("subscribers", self.subscribers)
        parameters.add("changes", self.changes)
        parameters.add("interval_ms", self.intervalMs)
        parameters.add("acknowledge_ms", self.acknowledgeMs)
        parameters.add("flags", self.flags)
        parameters.add("identity", self.token ? "token" : "certificate")
        parameters.add("node", self.node.rawValue)
        parameters.add("message_bytes", outcome.messageBytes)
        report.add("parameters", .object(parameters))
        let last = outcome.lastSubscriber.milliseconds(50)
        let cost = outcome.serverMicroseconds.map { microseconds in
            Double(microseconds) / Double(max(1, outcome.deliveries.count))
        }
        let memory = outcome.serverBytes.map { Double($0) / Double(self.subscribers) }
        report.add("last_subscriber_ms_median", last)
        report.add("p50_ms", outcome.deliveries.milliseconds(50))
        report.add("p99_ms", outcome.deliveries.milliseconds(99))
        report.add("max_ms", outcome.deliveries.maxMilliseconds)
        report.add("write_p50_ms", outcome.writes.milliseconds(50))
        report.add("cpu_us_per_delivery", cost)
        report.add("bytes_per_subscriber", memory, digits: 0)
        report.add("acknowledged_ms_median", outcome.acknowledged.milliseconds(50))
        report.add(
            "emergency_acknowledged_ms",
            outcome.emergency.map { Double($0.milliseconds) }
        )
        report.add("emergency_acknowledged", outcome.emergency.map { Int($0.acknowledged) } ?? 0)
        report.add("deliveries", outcome.deliveries.count)
        report.add("coalesced", outcome.coalesced)
        guard let floor else { return report }
        var peer = Report()
        peer.add("last_subscriber_ms_median", floor.lastMilliseconds)
        peer.add("cpu_us_per_delivery", floor.microsecondsPerDelivery)
        peer.add("bytes_per_subscriber", floor.bytesPerSubscriber, digits: 0)
        report.add("floor", .object(peer))
        report.add("last_subscriber_over_floor", last.map { $0 / floor.lastMilliseconds })
        report.add("cpu_over_floor", cost.map { $0 / floor.microsecondsPerDelivery })
        report.add("memory_over_floor", memory.map { $0 / floor.bytesPerSubscriber })
        return report
    }
}

/// The bearer token of the clusters that a measurement starts for itself: no secret.
enum BenchToken {
    static let text = "bandera-bench-token"
    static let sha256 = "0f0095afe6b0abae3a7ea4d2e4a6fd41e54424932355ef305fefaa44336fcf68"
}
