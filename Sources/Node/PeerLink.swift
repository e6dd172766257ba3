internal import Logging
internal import NIOCore
internal import PeerProtocol
internal import Raft
internal import TLS
internal import Transport
internal import Wire

/// The connection that this node opened to one peer, redialled for as long as the node runs.
///
/// MUST only be used on the consensus loop.
///
/// Batches go out on one Exchange call; what the peer has to say arrives on the call that it opens
/// to this node's own listener.
final class PeerLink {
    /// What a link needs to dial.
    struct Route {
        let peer: NodeID
        /// As the member names it.
        let address: String
        let endpoint: SocketEndpoint
        let tls: TLSContext
        let policy: PeerPolicy
        let settings: Settings
        let limits: TransportLimits
    }

    private enum State {
        case stopped
        /// Can become `dialing`.
        case waiting
        /// Can become `up` or `waiting`.
        case dialing
        /// Can become `waiting`.
        case up(TransportConnection, ClientCall)
    }

    private let route: Route
    private let eventLoop: any EventLoop
    private let logger: Logger
    private let arena = Arena()
    private var state = State.stopped
    private var waitMilliseconds = NodeLimits.redialMillisecondsMin
    private var prober: RepeatedTask?
    /// Told when frames may flow and when they no longer can.
    private weak var consensus: ConsensusLoop?

    init(route: Route, consensus: ConsensusLoop, logger: Logger) {
        self.route = route
        self.consensus = consensus
        self.eventLoop = consensus.eventLoop
        self.logger = logger
    }

    var peer: NodeID { self.route.peer }
    /// What it dials.
    var address: String { self.route.address }
    /// Whether it was up when it was stopped.
    private(set) var wasUp = false

    func start() {
        guard case .stopped = self.state else { return }
        self.state = .waiting
        self.dial()
    }

    func stop() {
        self.prober?.cancel()
        if case .up(let connection, _) = self.state {
            self.wasUp = true
            connection.close()
        }
        self.state = .stopped
    }

    /// Sends a batch if the link is up.
    ///
    /// Otherwise it is lost, as the network may lose anything. A peer that does not take batches any
    /// more is given up: what waits for it is then handed elsewhere.
    func send(_ batch: PeerBatch) {
        guard case .up(let connection, let call) = self.state else { return }
        if !call.send(batch.encode(using: self.arena)) { connection.close() }
    }

    /// The peer reached this node, so it is there: no need to wait longer before dialling it.
    func dialSoon() {
        guard case .waiting = self.state else { return }
        self.dial()
    }

    private func dial() {
        guard case .waiting = self.state else { return }
        self.state = .dialing
        let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
        TransportConnection.dial(
            host: self.route.endpoint.host,
            port: self.route.endpoint.port,
            tls: self.route.tls,
            peers: self.route.policy,
            settings: self.route.settings,
            limits: self.route.limits,
            on: self.eventLoop
        ).whenComplete { result in
            switch result {
            case .success(let connection): bound.value.connected(connection)
            case .failure(let error): bound.value.failed(error)
            }
        }
    }

    private func connected(_ connection: TransportConnection) {
        guard case .dialing = self.state else {
            connection.close()
            return
        }
        let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
        let call = connection.openStream(
            PeerMethod.exchange.rawValue,
            body: [],
            credit: NodeLimits.answerCredit,
            events: ClientCallEvents(
                message: { call, message in bound.value.answered(message, on: call) },
                ended: { _, _, _ in connection.close() }
            )
        )
        self.state = .up(connection, call)
        self.waitMilliseconds = NodeLimits.redialMillisecondsMin
        connection.closeFuture.whenSuccess { bound.value.closed($0) }
        self.prober = self.eventLoop.scheduleRepeatedTask(
            initialDelay: .zero,
            delay: NodeLimits.probeInterval
        ) { _ in
            var probe = PeerBatch()
            probe.probe = NIODeadline.now().uptimeNanoseconds
            bound.value.send(probe)
        }
        self.consensus?.peerConnected(self.peer)
    }

    /// What the peer says to a node that it does not dial: one that it does not count.
    private func answered(_ message: ByteBuffer, on call: ClientCall) {
        guard case .up(let connection, _) = self.state else { return }
        do throws(WireError) {
            let batch = try unsafe message.withReading { bytes throws(WireError) in
                unsafe try PeerBatch.decode(bytes, using: self.arena)
            }
            call.grantCredit(1)
            self.consensus?.received(batch, from: self.peer)
        } catch {
            self.logger.warning(
                "a peer answered with a batch that cannot be read; its connection is closed",
                metadata: ["peer": "\(self.peer.rawValue)", "error": "\(error)"]
            )
            connection.close()
        }
    }

    private func closed(_ reason: TransportError) {
        guard case .up = self.state else { return }
        self.prober?.cancel()
        self.prober = nil
        self.state = .waiting
        self.logger.log(
            level: reason.code == .goaway ? .warning : .info,
            "peer disconnected",
            metadata: ["peer": "\(self.peer.rawValue)", "reason": "\(reason)"]
        )
        self.consensus?.peerDisconnected(self.peer)
        self.redialLater()
    }

    private func failed(_ error: (any Error)?) {
        guard case .dialing = self.state else { return }
        self.state = .waiting
        self.logger.debug(
            "peer cannot be reached",
            metadata: [
                "peer": "\(self.peer.rawValue)",
                "error": "\(error.map { "\($0)" } ?? "the call was refused")",
            ]
        )
        self.redialLater()
    }

    private func redialLater() {
        let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
        self.eventLoop.scheduleTask(in: .milliseconds(self.waitMilliseconds)) {
            bound.value.dial()
        }
        self.waitMilliseconds = min(self.waitMilliseconds * 2, NodeLimits.redialMillisecondsMax)
    }
}

@available(*, unavailable)
extension PeerLink: Sendable {}
