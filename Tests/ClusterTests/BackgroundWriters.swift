import BanderaClient
import Flags
import LocalCluster
import Synchronization

/// Clients that create flags until they are stopped, and remember what was acknowledged.
final class BackgroundWriters: Sendable {
    private struct State {
        var acknowledged: [FlagKey: Revision] = [:]
        var unknown = 0
        var failure: BanderaError?
        var isStopped = false
    }

    /// Enough to be under load, few enough to read back in one snapshot quickly.
    private static let writesMax = 4_000

    private let state = Mutex(State())

    /// Lets `count` clients write while `body` runs; gives what was acknowledged.
    static func run(
        _ count: Int,
        on cluster: LocalCluster,
        _ body: (BackgroundWriters) async throws -> Void
    ) async throws -> [FlagKey: Revision] {
        let writers = BackgroundWriters()
        let clients = try (0..<count).map { _ in
            try cluster.access.client(timeout: .seconds(10))
        }
        defer { for client in clients { client.shutdown() } }
        async let writing: Void = withTaskGroup { group in
            for (index, client) in clients.enumerated() {
                group.addTask { await writers.write(as: index, client) }
            }
        }
        do {
            try await body(writers)
        } catch {
            writers.stop()
            await writing
            throw error
        }
        writers.stop()
        await writing
        if let failure = writers.state.withLock({ $0.failure }) { throw failure }
        return writers.acknowledged
    }

    /// Everything that was acknowledged so far.
    var acknowledged: [FlagKey: Revision] { self.state.withLock { $0.acknowledged } }

    /// How many writes failed or may have failed.
    var unsure: Int { self.state.withLock { $0.unknown } }

    /// Waits until `count` more writes were acknowledged.
    func acknowledged(more count: Int) async throws {
        let goal = self.acknowledged.count + count
        try await Patience.wait(.seconds(30), for: "\(count) more acknowledged writes") {
            () throws(LocalClusterError) -> Void? in
            if let failure = self.state.withLock({ $0.failure }) {
                throw LocalClusterError(.process, "a write was refused: \(failure)")
            }
            return self.acknowledged.count >= goal ? () : nil
        }
    }

    private func stop() { self.state.withLock { $0.isStopped = true } }

    private func write(as index: Int, _ client: AdministrationClient) async {
        var number = 0
        while self.state.withLock({
            !$0.isStopped && $0.acknowledged.count < Self.writesMax && $0.failure == nil
        }) {
            number += 1
            let definition = ClusterTests.definition("writer-\(index)-\(number)")
            do {
                let revision = try await client.write(
                    .createFlag(ClusterTests.environment, definition)
                )
                self.state.withLock { $0.acknowledged[definition.key] = revision }
            } catch  where error.code == .outcomeUnknown || error.code == .unavailable {
                // Nothing was promised, so nothing can be lost.
                self.state.withLock { $0.unknown += 1 }
            } catch {
                self.state.withLock { $0.failure = error }
            }
        }
    }
}
