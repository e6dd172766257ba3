import BanderaClient
import ClientProtocol
import Flags
import Glibc
import NIOCore
import NIOPosix
import Synchronization
import TLS
import Testing
import Transport
import Wire

/// What the fake nodes of one test share: one order of changes, and certificates in a folder.
final class FakeCluster: Sendable {
    private struct State {
        var flags: [Flag] = []
        var changes: [Change] = []
        var writes: [WriteRequest] = []
        var answersToLose = 0
        var acknowledged = Revision.zero
        var listeners: [@Sendable () -> Void] = []
        var nodes: [TopologyNode] = []
        var reports: [UsageReport] = []
        var reportsToRefuse = 0
        var refusal = StatusCode.unavailable
        var watches: [WatchRequest] = []
    }

    static let name = "test"
    let folder: String
    private let authority: CertificateAuthority
    private let state = Mutex(State())

    init() throws {
        var template = Array("/tmp/bandera-fake-XXXXXX\0".utf8CString)
        self.folder = String(cString: try #require(mkdtemp(&template)))
        self.authority = try CertificateAuthority.create(
            cluster: Self.name,
            validity: Self.validity
        )
        try self.authority.certificate.write(
            certificatePath: "\(self.folder)/ca.pem",
            keyPath: "\(self.folder)/ca-key.pem"
        )
        try self.issue("client", .sdk(organization: "acme", environment: "production"))
    }

    private static var validity: CertificateValidity {
        let now = Int64(time(nil))
        return CertificateValidity(notBeforeSeconds: now - 60, notAfterSeconds: now + 3_600)
    }

    func remove() {
        for name in ["ca", "client", "node-1", "node-2", "node-3"] {
            unlink("\(self.folder)/\(name).pem")
            unlink("\(self.folder)/\(name)-key.pem")
        }
        unlink("\(self.folder)/flags")
        rmdir(self.folder)
    }

    func issue(_ name: String, _ identity: PeerIdentity.Name) throws {
        let issued = try self.authority.issue(
            PeerIdentity(cluster: Self.name, name: identity),
            validity: Self.validity
        )
        try issued.write(
            certificatePath: "\(self.folder)/\(name).pem",
            keyPath: "\(self.folder)/\(name)-key.pem"
        )
    }

    var credentials: ClientConfiguration.Credentials {
        .certificate(
            authority: "\(self.folder)/ca.pem",
            certificate: "\(self.folder)/client.pem",
            key: "\(self.folder)/client-key.pem"
        )
    }

    /// Makes a change and tells every node.
    @discardableResult
    func change(
        _ key: String,
        isArchived: Bool = false,
        _ edit: (inout Flag) -> Void = { _ in }
    ) -> Revision {
        let (revision, listeners) = self.state.withLock { state in
            let revision = (state.changes.last?.revision.rawValue ?? 10) + 2
            var flag = makeFlag(key, revision: revision, isArchived: isArchived)
            edit(&flag)
            state.flags.removeAll { $0.key == flag.key }
            state.flags.append(flag)
            state.changes.append(
                Change(revision: Revision(revision), environment: acme, flag: flag)
            )
            return (Revision(revision), state.listeners)
        }
        for listener in listeners { listener() }
        return revision
    }

    var revision: Revision { self.state.withLock { $0.changes.last?.revision ?? Revision(10) } }
    var flags: [Flag] { self.state.withLock { $0.flags } }
    var writes: [WriteRequest] { self.state.withLock { $0.writes } }
    var acknowledged: Revision { self.state.withLock { $0.acknowledged } }
    var topology: [TopologyNode] { self.state.withLock { $0.nodes } }

    var reports: [UsageReport] { self.state.withLock { $0.reports } }
    var watches: [WatchRequest] { self.state.withLock { $0.watches } }

    func note(_ watch: WatchRequest) { self.state.withLock { $0.watches.append(watch) } }

    /// Lets the next `count` reports fail.
    func refuseReports(_ count: Int, with code: StatusCode = .unavailable) {
        self.state.withLock { state in
            state.reportsToRefuse = count
            state.refusal = code
        }
    }

    /// Takes a report in; says why when it is to fail.
    func take(_ report: UsageReport) -> StatusCode? {
        self.state.withLock { state in
            guard state.reportsToRefuse == 0 else {
                state.reportsToRefuse -= 1
                return state.refusal
            }
            state.reports.append(report)
            return nil
        }
    }

    /// What every flag is for `context`, sorted.
    func values(for context: EvaluationContext) -> [WatchEvent.Values.FlagValue] {
        let ruleset = Ruleset(environment: acme, flags: self.flags)
        return self.flags.map(\.key).sorted().map { key in
            WatchEvent.Values.FlagValue(
                flag: key,
                evaluation: ruleset.evaluate(key, context, now: Timestamp(milliseconds: 1))
            )
        }
    }

    func changes(after revision: Revision) -> [Change] {
        self.state.withLock { $0.changes.filter { $0.revision > revision } }
    }

    func listen(_ listener: @escaping @Sendable () -> Void) {
        self.state.withLock { $0.listeners.append(listener) }
    }

    func join(_ node: TopologyNode) {
        self.state.withLock { state in
            state.nodes.removeAll { $0.id == node.id }
            state.nodes.append(node)
        }
    }

    func acknowledge(_ revision: Revision) {
        self.state.withLock { $0.acknowledged = max($0.acknowledged, revision) }
    }

    /// Lets the next `count` writes be made and their answers be lost.
    func loseAnswers(_ count: Int) { self.state.withLock { $0.answersToLose = count } }

    /// Notes a write; `nil` means that the answer is lost.
    func write(_ request: WriteRequest) -> Revision? {
        self.state.withLock { state in
            state.writes.append(request)
            if request.command == .openSession { return Revision(100) }
            guard state.answersToLose == 0 else {
                state.answersToLose -= 1
                return nil
            }
            return Revision(200)
        }
    }
}

/// A listener that speaks the client protocol for a ``FakeCluster``.
struct FakeNode {
    let server: TransportServer
    let endpoint: Endpoint

    static func start(
        _ cluster: FakeCluster,
        id: UInt64,
        region: String,
        port: Int = 0
    ) async throws -> FakeNode {
        try cluster.issue("node-\(id)", .node(id))
        let tls = try TLSContext.make(
            TLSConfiguration(
                role: .server,
                alpn: "bandera/1",
                certificate: .file("\(cluster.folder)/node-\(id).pem"),
                key: .file("\(cluster.folder)/node-\(id)-key.pem"),
                authority: .file("\(cluster.folder)/ca.pem"),
                peers: .member(cluster: FakeCluster.name)
            )
        )
        let server = try await TransportServer.bind(
            host: "127.0.0.1",
            port: port,
            tls: tls,
            group: MultiThreadedEventLoopGroup.singleton,
            hello: Settings(
                limits: .client,
                cluster: FakeCluster.name,
                nodeID: id,
                region: region
            )
        ) { eventLoop in FakeService(cluster, id: id, on: eventLoop) }
        let endpoint = Endpoint(host: "127.0.0.1", port: server.port, region: region, node: id)
        cluster.join(
            TopologyNode(
                id: id,
                name: "node-\(id)",
                region: region,
                zone: "",
                health: .healthy,
                clientAddress: endpoint.address
            )
        )
        return FakeNode(server: server, endpoint: endpoint)
    }

    func stop() async {
        await self.server.shutdown(grace: .milliseconds(1), retryAfter: .zero)
    }
}

/// Answers calls on one loop.
private final class FakeService: TransportService {
    private final class Watcher {
        let call: ServerCall
        let context: EvaluationContext?
        var sent: Revision

        init(_ call: ServerCall, _ request: WatchRequest) {
            self.call = call
            self.context = request.context
            self.sent = request.from
        }
    }

    private let cluster: FakeCluster
    private let id: UInt64
    private var watchers: [Watcher] = []

    init(_ cluster: FakeCluster, id: UInt64, on eventLoop: any EventLoop) {
        self.cluster = cluster
        self.id = id
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        cluster.listen { eventLoop.execute { bound.value.push() } }
    }

    func received(call: ServerCall, request: Request) {
        switch ClientMethod(rawValue: request.method) {
        case .topology?:
            let answer = TopologyResponse(
                nodes: self.cluster.topology,
                roundTrips: [],
                answeredBy: self.id
            )
            call.end(.ok, body: answer.encode())
        case .listFlags?:
            guard let list = try? ListFlagsRequest.decode(request.body) else { return }
            // Two at a time.
            let rest = self.cluster.flags.sorted { $0.key < $1.key }
                .filter { list.after.isEmpty || $0.key > FlagKey(list.after) }
            let answer = ListFlagsResponse(
                revision: self.cluster.revision,
                flags: Array(rest.prefix(2)),
                hasMore: rest.count > 2
            )
            call.end(.ok, body: answer.encode())
        case .write?:
            guard let write = try? WriteRequest.decode(request.body),
                let revision = self.cluster.write(write)
            else { return call.connection.close(Status(code: .unavailable)) }
            call.end(.ok, body: WriteResponse(revision: revision).encode())
        case .watch?:
            guard let watch = try? WatchRequest.decode(request.body) else { return }
            call.grantCredit(1_000)
            self.cluster.note(watch)
            let watcher = Watcher(call, watch)
            if let context = watch.context {
                watcher.sent = self.cluster.revision
                let values = self.cluster.values(for: context)
                call.send(
                    WatchEvent.values(
                        .init(revision: watcher.sent, values: values, isSnapshot: true)
                    ).encode()
                )
            } else if !watch.hasBasis {
                watcher.sent = self.cluster.revision
                call.send(
                    WatchEvent.snapshot(
                        .init(revision: watcher.sent, flags: self.cluster.flags)
                    ).encode()
                )
            }
            self.watchers.append(watcher)
            call.send(WatchEvent.bookmark(revision: watcher.sent).encode())
            self.push()
        case .reportUsage?:
            guard let report = try? UsageReport.decode(request.body) else { return }
            if let refusal = self.cluster.take(report) { return call.end(Status(code: refusal)) }
            call.end(.ok, body: UsageReceipt(dropped: 0).encode())
        default:
            call.end(Status(code: .unimplemented))
        }
    }

    func received(call: ServerCall, message: ByteBuffer) {
        let bytes = Array(message.readableBytesView)
        guard let acknowledgement = try? WatchAcknowledgement.decode(bytes) else { return }
        self.cluster.acknowledge(acknowledgement.revision)
    }

    func cancelled(_ call: ServerCall) { self.watchers.removeAll { $0.call === call } }

    private func push() {
        for watcher in self.watchers {
            let news = self.cluster.changes(after: watcher.sent)
            guard let last = news.last else { continue }
            let event: WatchEvent
            if let context = watcher.context {
                let keys = Set(news.compactMap { $0.flag?.key })
                let values = self.cluster.values(for: context).filter { keys.contains($0.flag) }
                event = .values(.init(revision: last.revision, values: values, isSnapshot: false))
            } else {
                event = .changes(.init(revision: last.revision, changes: news))
            }
            if watcher.call.send(event.encode()) { watcher.sent = last.revision }
        }
    }
}
