internal import Logging
internal import NIOCore
internal import PeerProtocol
internal import Raft
internal import TLS
internal import Transport
internal import Wire

/// Serves the peer port: takes the batches that other nodes send.
///
/// Lives on the consensus loop.
final class PeerService: TransportService {
    private let consensus: ConsensusLoop
    private let local: NodeID
    private let logger: Logger
    private let arena = Arena()
    /// The one connection that each peer opened.
    private var connections: [NodeID: ServerConnection] = [:]
    private var lastHeard: [NodeID: NIODeadline] = [:]
    /// Told that a peer reached this node, so that it is dialled back at once.
    private let reached: (NodeID) -> Void

    init(
        consensus: ConsensusLoop,
        local: NodeID,
        logger: Logger,
        reached: @escaping (NodeID) -> Void
    ) {
        self.consensus = consensus
        self.local = local
        self.logger = logger
        self.reached = reached
    }

    func connectionOpened(_ connection: ServerConnection) {
        guard let peer = self.peer(of: connection) else {
            connection.close(
                Status(
                    code: .permissionDenied,
                    message: "this certificate does not name another node of this cluster; issue "
                        + "one with `bandera certificates issue`, and give each node its own id"
                )
            )
            return
        }
        // A crashed process's connection is gone at once, but not a crashed host's: a living peer
        // is heard of several times a second, so silence tells them apart.
        let silence = NIODeadline.now() - (self.lastHeard[peer] ?? .uptimeNanoseconds(0))
        if let other = self.connections[peer], other.isOpen, silence > NodeLimits.peerSilenceMax {
            other.close(Status(code: .aborted, message: "replaced by a newer connection"))
        } else if let other = self.connections[peer], other.isOpen {
            self.logger.error(
                "two processes claim to be the same node; the second one is refused",
                metadata: [
                    "peer": "\(peer.rawValue)", "first": "\(Self.address(other))",
                    "second": "\(Self.address(connection))",
                ]
            )
            connection.close(
                Status(
                    code: .alreadyExists,
                    message: "node \(peer.rawValue) is connected already: two processes run with "
                        + "one id; stop one of them, or give it an id and a certificate of its own"
                )
            )
            return
        }
        self.connections[peer] = connection
        self.lastHeard[peer] = NIODeadline.now()
        self.reached(peer)
    }

    func connectionClosed(_ connection: ServerConnection, reason: TransportError) {
        guard let peer = self.peer(of: connection), self.connections[peer] === connection else {
            return
        }
        self.connections[peer] = nil
        self.consensus.callers[peer] = nil
        self.consensus.peerClosed(peer)
    }

    func received(call: ServerCall, request: Request) {
        guard call.method == PeerMethod.exchange.rawValue else {
            call.end(
                Status(code: .unimplemented, message: "the peer port has no \(call.method)")
            )
            return
        }
        guard let peer = self.peer(of: call.connection),
            self.connections[peer] === call.connection
        else { return }
        self.consensus.callers[peer] = call
    }

    func received(call: ServerCall, message: ByteBuffer) {
        guard let peer = self.peer(of: call.connection),
            self.connections[peer] === call.connection
        else { return }
        do throws(WireError) {
            let batch = try unsafe message.withReading { bytes throws(WireError) in
                unsafe try PeerBatch.decode(bytes, using: self.arena)
            }
            self.lastHeard[peer] = NIODeadline.now()
            self.consensus.received(batch, from: peer)
        } catch {
            self.logger.warning(
                "a peer sent a batch that cannot be read; its connection is closed",
                metadata: ["peer": "\(peer.rawValue)", "error": "\(error)"]
            )
            call.connection.close(
                Status(code: .invalidArgument, message: "the batch cannot be read: \(error)")
            )
        }
        call.grantCredit(1)
    }

    private static func address(_ connection: ServerConnection) -> String {
        connection.remoteAddress.map { "\($0)" } ?? "unknown"
    }

    /// Any other node of the cluster: whom it listens to is decided by the replica, which knows who
    /// belongs to it and tells the others why not.
    private func peer(of connection: ServerConnection) -> NodeID? {
        guard let identity = connection.identity, case .node(let id) = identity.name, id != 0,
            NodeID(id) != self.local
        else { return nil }
        return NodeID(id)
    }
}
