import BanderaClient
import ClientProtocol
import Flags
import LocalCluster
import Synchronization

/// A client that watches flags being created, across reconnects to ever other nodes.
///
/// Every revision must come exactly once and in order. Where a node no longer has the changes that
/// the client lacks it sends a snapshot: its flags then stand for the revisions that created them.
final class CrashWatcher: Sendable {
    private struct State {
        var revisions: [Revision] = []
        var reached = Revision.zero
        var hasBasis = false
        /// The parts of a snapshot that has not ended.
        var parts: [Flag] = []
        var connections = 0
        var snapshots = 0
        var failure: String?
    }

    /// It connects anew after so many events, to resume often.
    private static let eventsPerConnection = 25

    private let index: Int
    private let state = Mutex(State())

    init(index: Int) { self.index = index }

    /// What it was told of, in order.
    var revisions: [Revision] { self.state.withLock { $0.revisions } }
    /// How far it has got.
    var reached: Revision { self.state.withLock { $0.reached } }
    /// What it was told that cannot be.
    var failure: String? { self.state.withLock { $0.failure } }
    /// How often it connected, and was sent a snapshot.
    var counts: (connections: Int, snapshots: Int) {
        self.state.withLock { ($0.connections, $0.snapshots) }
    }

    /// Watches until the task is cancelled.
    func follow(_ cluster: LocalCluster) async {
        while !Task.isCancelled, self.failure == nil {
            var access = cluster.access
            let connections = self.state.withLock { $0.connections }
            let shift = (self.index + connections) % access.endpoints.count
            access.endpoints = Array(access.endpoints[shift...] + access.endpoints[..<shift])
            guard let client = try? access.client(timeout: .seconds(5)) else { continue }
            self.state.withLock { state in
                state.connections += 1
                state.parts = []
            }
            do {
                try await self.follow(client)
            } catch {
                self.note(error)
            }
            client.shutdown()
        }
    }

    private func follow(_ client: AdministrationClient) async throws {
        let request = self.state.withLock { state in
            WatchRequest(
                environment: ClusterTests.environment,
                from: state.reached,
                hasBasis: state.hasBasis
            )
        }
        var events = 0
        for try await event in try await client.watch(request) {
            let isWhole = self.state.withLock { state in
                Self.take(event, &state)
                return state.parts.isEmpty
            }
            events += 1
            guard self.failure == nil, !(isWhole && events >= Self.eventsPerConnection) else {
                return
            }
        }
    }

    /// A connection that breaks is what the faults do; anything else is not.
    private func note(_ error: any Error) {
        switch (error as? BanderaError)?.code {
        case .unavailable, .timedOut, .shutDown: break
        default: self.state.withLock { $0.failure = "the watch failed: \(error)" }
        }
    }

    private static func take(_ event: WatchEvent, _ state: inout State) {
        switch event {
        case .changes(let changes):
            if changes.coalesced { state.failure = "changes were left out" }
            for change in changes.changes {
                guard change.revision > state.reached else {
                    state.failure = "\(change.revision) came after \(state.reached)"
                    return
                }
                state.reached = change.revision
                state.revisions.append(change.revision)
            }
            guard changes.revision == state.reached else {
                state.failure = "changes to \(changes.revision) ended at \(state.reached)"
                return
            }
        case .bookmark(let revision):
            state.reached = max(state.reached, revision)
        case .values:
            state.failure = "values came to a watch for rules"
        case .snapshot(let part):
            if part.isFirst { state.parts = [] }
            state.parts += part.flags
            guard part.isLast else { return }
            guard part.revision >= state.reached else {
                state.failure = "the snapshot of \(part.revision) came after \(state.reached)"
                return
            }
            state.revisions += state.parts.map(\.createdRevision)
                .filter { $0 > state.reached }.sorted()
            state.parts = []
            state.reached = part.revision
            state.hasBasis = true
            state.snapshots += 1
        case .resync:
            break
        }
    }
}
