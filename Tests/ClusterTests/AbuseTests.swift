import BanderaClient
import ClientProtocol
import Flags
import LocalCluster
import Testing
import Wire

extension ClusterTests {
    /// Bad input gets a clear end and loses nothing.
    @Suite
    struct AbuseTests {
        private static let refusalLimit = Duration.seconds(3)
        private static let cutLimit = Duration.seconds(20)

        @Test func bytesThatAreNoFramesCloseTheirConnectionOnlyOnBothPorts() async throws {
            try await ClusterTests.withCluster { cluster, client in
                for port in Port.allCases {
                    for (what, bytes) in Garbage.fatal(for: port) {
                        let connection = try await Self.open(port, cluster)
                        await connection.write(bytes)
                        // Well before the time limit of a handshake: it is the bytes that end it.
                        try await connection.closed(
                            within: Self.refusalLimit,
                            "\(what) on \(port)"
                        )
                    }
                }
                try await Self.expectUnharmed(cluster, client)
            }
        }

        @Test func aConnectionThatBreaksInTheMiddleOfAFrameIsForgotten() async throws {
            try await ClusterTests.withCluster { cluster, client in
                for port in Port.allCases {
                    let connection = try await Self.open(port, cluster)
                    await connection.write(Array(Garbage.settings(for: port).dropLast(3)))
                    connection.close()
                }
                try await Self.expectUnharmed(cluster, client)
            }
        }

        @Test func aCallThatMakesNoSenseIsAnsweredAndTheConnectionGoesOn() async throws {
            try await ClusterTests.withCluster { cluster, client in
                let connection = try await Self.open(.client, cluster)
                defer { connection.close() }
                await connection.write(Garbage.settings(for: .client))
                for (what, bytes) in Garbage.harmless {
                    try await connection.ask(bytes, within: .seconds(10), what)
                }
                try await Self.expectUnharmed(cluster, client)
            }
        }

        @Test(arguments: Port.allCases)
        func aClientThatNeverFinishesTheHandshakeIsCut(_ port: Port) async throws {
            try await ClusterTests.withCluster { cluster, client in
                let endpoint = port.endpoint(of: try cluster.node(1))
                let silent = try await RawConnection.openPlain(endpoint)
                let halfway = try await RawConnection.openPlain(endpoint)
                // The head of a TLS record that announces more than will ever come.
                await halfway.write([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00])
                let mute = try await Self.open(port, cluster)
                try await silent.closed(within: Self.cutLimit, "nothing was sent")
                try await halfway.closed(within: Self.cutLimit, "half a handshake was sent")
                try await mute.closed(within: Self.cutLimit, "no settings were sent")
                try await Self.expectUnharmed(cluster, client)
            }
        }

        @Test("item 52: a client that never reads slows neither writers nor watches, and is cut")
        func aClientThatNeverReadsHurtsNobodyAndIsCut() async throws {
            try await ClusterTests.withCluster { cluster, client in
                let created = try await client.write(
                    .createFlag(ClusterTests.environment, ClusterTests.definition("large"))
                )
                try await cluster.caughtUp(1, to: created)
                let deaf = try await Self.open(.client, cluster)
                defer { deaf.close() }
                await deaf.write(Garbage.settings(for: .client))
                let watches = (1...64).flatMap { Garbage.watch(stream: $0) }
                try await deaf.ask(watches, within: .seconds(10), "snapshots")
                try await deaf.stopReading()
                let server = try cluster.node(1).client.port
                let isServed = try SocketTable.isServed(
                    serverPort: server,
                    clientPort: deaf.localPort
                )
                #expect(isServed, "it was cut too early: \(deaf.heard)")
                let before = try cluster.usage(of: 1).residentBytes

                var watcher = WatchedRevisions(after: created)
                async let last = Self.writeLargeValues(cluster, count: 40)
                try await watcher.follow(cluster, until: { $0.count >= 40 })
                #expect(try await last == watcher.revisions.last)

                let growth = Int(try cluster.usage(of: 1).residentBytes) - Int(before)
                #expect(growth < 256 << 20, "the node's memory grew by \(growth) bytes")
                try await Patience.wait(.seconds(60), for: "the deaf client to be cut") {
                    let isServed = try? SocketTable.isServed(
                        serverPort: server,
                        clientPort: deaf.localPort
                    )
                    return isServed == false ? () : nil
                }
                try await Self.expectUnharmed(cluster, client)
            }
        }

        private static func open(
            _ port: Port,
            _ cluster: LocalCluster
        ) async throws -> RawConnection {
            let certificates = try #require(cluster.certificates)
            let name = port == .client ? "operator" : "node-2"
            return try await RawConnection.open(
                port,
                of: try cluster.node(1),
                certificates: certificates,
                name: name
            )
        }

        private static func writeLargeValues(
            _ cluster: LocalCluster,
            count: Int
        ) async throws -> Revision {
            let client = try cluster.access.client(timeout: .seconds(20))
            defer { client.shutdown() }
            var last = Revision.zero
            for number in 1...count {
                var patch = FlagPatch()
                patch.variations =
                    ClusterTests.definition(
                        "large",
                        value: "\(number)" + String(repeating: "x", count: 60_000)
                    ).variations
                last = try await client.write(
                    .updateFlag(ClusterTests.environment, FlagKey("large"), patch)
                )
            }
            return last
        }

        /// All processes live, and the cluster takes writes that every node applies.
        private static func expectUnharmed(
            _ cluster: LocalCluster,
            _ client: AdministrationClient
        ) async throws {
            for node in cluster.nodes { #expect(cluster.isRunning(node.id)) }
            let revision = try await client.write(.openSession)
            for node in cluster.nodes { try await cluster.caughtUp(node.id, to: revision) }
        }
    }
}
