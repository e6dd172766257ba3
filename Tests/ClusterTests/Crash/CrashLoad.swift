import BanderaClient
import ClientProtocol
import Flags
import Linearizability
import LocalCluster
import Synchronization

/// Clients that create flags and clients that read and write registers, while nodes die.
///
/// They work in portions, so that a run is bounded however long a fault lasts. What was acknowledged
/// is remembered; what a client never learned counts as an operation that may still happen.
final class CrashLoad: Sendable {
    typealias Registers = Register<FlagKey, String>

    private struct State {
        var acknowledged: [FlagKey: Revision] = [:]
        var history = History(Registers())
        /// Operations that were let begin, and that have ended.
        var permitted = 0
        var ended = 0
        var unknown = 0
        var failures: [String] = []
    }

    static let registers = EnvironmentID(organization: "acme", environment: "registers")
    static let keys = (0..<4).map { FlagKey("register-\($0)") }
    /// How long one operation may take before its outcome counts as unknown: for some clients less
    /// than an election.
    private static let timeouts: [Duration] = [.seconds(4), .milliseconds(250)]
    /// A client uses new connections after so many operations, so that it meets every node.
    private static let operationsPerClient = 40

    private let state = Mutex(State())
    private let cluster: LocalCluster
    private let permits: [AsyncStream<Void>.Continuation]

    private init(cluster: LocalCluster, permits: [AsyncStream<Void>.Continuation]) {
        self.cluster = cluster
        self.permits = permits
    }

    /// Lets clients work while `body` runs, and ends when all of them have.
    static func run(
        creators: Int,
        registers: Int,
        seed: UInt64,
        on cluster: LocalCluster,
        _ body: (CrashLoad) async throws -> Void
    ) async throws -> CrashLoad {
        let streams = (0..<(creators + registers)).map { _ in AsyncStream<Void>.makeStream() }
        let load = CrashLoad(cluster: cluster, permits: streams.map(\.continuation))
        try await load.makeRegisters()
        async let work: Void = withTaskGroup { group in
            for (index, (permits, _)) in streams.enumerated() {
                group.addTask {
                    await load.work(permits, index) { client, number in
                        if index < creators {
                            await load.create(FlagKey("crash-\(index)-\(number)"), client)
                        } else {
                            var random = CrashRandom(seed: seed ^ UInt64(index << 32 | number))
                            await load.useRegister("\(index)-\(number)", &random, client)
                        }
                    }
                }
            }
        }
        do {
            try await body(load)
        } catch {
            for permit in load.permits { permit.finish() }
            await work
            throw error
        }
        for permit in load.permits { permit.finish() }
        await work
        return load
    }

    /// Lets every client do so many more operations.
    func permit(_ count: Int) {
        self.state.withLock { $0.permitted += count * self.permits.count }
        for permit in self.permits { for _ in 0..<count { permit.yield() } }
    }

    /// Waits until so many more operations have ended, or all that were permitted.
    func ended(more count: Int) async throws {
        let goal = self.state.withLock { min($0.permitted, $0.ended + count) }
        try await Patience.wait(.seconds(60), for: "\(count) more operations to end") {
            () throws(LocalClusterError) -> Void? in
            let (ended, failure) = self.state.withLock { ($0.ended, $0.failures.first) }
            if let failure {
                throw LocalClusterError(.process, "an operation was refused: \(failure)")
            }
            return ended >= goal ? () : nil
        }
    }

    /// Waits until everything that was permitted has ended.
    func drained() async throws { try await self.ended(more: .max / 2) }

    /// The flags whose creation was acknowledged.
    var acknowledged: [FlagKey: Revision] { self.state.withLock { $0.acknowledged } }
    /// What clients asked the registers, and were answered.
    var history: History<Registers> { self.state.withLock { $0.history } }
    /// How many operations there were, and how many outcomes nobody knows.
    var counts: (ended: Int, unknown: Int) { self.state.withLock { ($0.ended, $0.unknown) } }
    /// Answers that no client should get.
    var failures: [String] { self.state.withLock { $0.failures } }
}

// MARK: - What clients do

extension CrashLoad {
    private func makeRegisters() async throws {
        let client = try self.cluster.access.client(timeout: .seconds(20))
        defer { client.shutdown() }
        _ = try await client.write(
            .putEnvironment(Environment(id: Self.registers, name: "Registers"))
        )
        for key in Self.keys {
            let definition = ClusterTests.definition(key.rawValue, value: "first")
            let call = self.called(key, .write("first"))
            _ = try await client.write(.createFlag(Self.registers, definition))
            self.returned(call, .done)
        }
    }

    /// Does one operation for each permit, with a fresh client from time to time.
    private func work(
        _ permits: AsyncStream<Void>,
        _ index: Int,
        _ operation: (AdministrationClient, Int) async -> Void
    ) async {
        var number = 0
        var client: AdministrationClient?
        for await _ in permits {
            if number % Self.operationsPerClient == 0 {
                client?.shutdown()
                var access = self.cluster.access
                let shift = (index + number / Self.operationsPerClient) % access.endpoints.count
                access.endpoints = Array(access.endpoints[shift...] + access.endpoints[..<shift])
                client = try? access.client(timeout: Self.timeouts[index % 2])
            }
            if let client { await operation(client, number) }
            number += 1
            self.state.withLock { $0.ended += 1 }
        }
        client?.shutdown()
    }

    private func create(_ key: FlagKey, _ client: AdministrationClient) async {
        let definition = ClusterTests.definition(key.rawValue)
        do {
            let revision = try await client.write(
                .createFlag(ClusterTests.environment, definition)
            )
            self.state.withLock { $0.acknowledged[key] = revision }
        } catch {
            self.note(error, "creating \(key)")
        }
    }

    private func useRegister(
        _ value: String,
        _ random: inout CrashRandom,
        _ client: AdministrationClient
    ) async {
        let key = Self.keys[Int.random(in: Self.keys.indices, using: &random)]
        guard Bool.random(using: &random) else { return await self.read(key, client) }
        let call = self.called(key, .write(value))
        var patch = FlagPatch()
        patch.variations = ClusterTests.definition("", value: value).variations
        do {
            _ = try await client.write(.updateFlag(Self.registers, key, patch))
            self.returned(call, .done)
        } catch {
            // Only what certainly never happened may be left out of the history.
            if error.code != .outcomeUnknown {
                self.state.withLock { $0.history.failed(call) }
            }
            self.note(error, "writing \(key)")
        }
    }

    private func read(_ key: FlagKey, _ client: AdministrationClient) async {
        let call = self.called(key, .read)
        do {
            let flag = try await client.getFlag(
                key,
                in: Self.registers,
                isLinearizable: true
            ).flag
            self.returned(call, .value(Self.value(of: flag)))
        } catch {
            self.note(error, "reading \(key)")
        }
    }

    /// What a register holds.
    static func value(of flag: Flag) -> String? {
        guard case .string(let value)? = flag.variations.first?.value else { return nil }
        return value
    }

    private func called(_ key: FlagKey, _ action: Registers.Action) -> Int {
        self.state.withLock { $0.history.call(Registers.Input(key, action)) }
    }

    private func returned(_ call: Int, _ output: Registers.Output) {
        self.state.withLock { $0.history.returned(call, output) }
    }

    /// No answer in time is what the faults are expected to do; a refusal is not.
    private func note(_ error: BanderaError, _ what: String) {
        self.state.withLock { state in
            switch error.code {
            case .outcomeUnknown, .unavailable, .timedOut: state.unknown += 1
            default: state.failures.append("\(what): \(error)")
            }
        }
    }
}
