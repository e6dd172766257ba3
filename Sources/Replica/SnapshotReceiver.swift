internal import Checksum
package import PeerProtocol
internal import Raft

/// Takes in a snapshot that a leader sends: one at a time, part after part.
///
/// Performs no I/O: the shell writes the file. Nothing of a snapshot counts before all of it is
/// there, checked and durable.
struct SnapshotReceiver: Sendable {
    private enum Phase: Hashable, Sendable {
        case receiving
        /// The shell checks the file and makes it durable.
        case finishing
        /// Log and record store are being replaced.
        case installing
    }

    private struct Incoming: Sendable {
        let descriptor: SnapshotDescriptor
        var sender: NodeID?
        var term: Term
        /// Everything before is in the file.
        var written: UInt64
        /// Everything before was handed to the shell to be written.
        var handed: UInt64
        var phase = Phase.receiving
    }

    private var incoming: Incoming?
    private var steps: [SnapshotStep] = []
    private var statuses: [(NodeID, SnapshotStatus)] = []

    init(partial: PartialSnapshot?) {
        guard let partial, partial.received <= partial.descriptor.size else { return }
        self.incoming = Incoming(
            descriptor: partial.descriptor,
            sender: nil,
            term: .zero,
            written: partial.received,
            handed: partial.received
        )
    }

    /// Whether log and record store are being replaced.
    var isInstalling: Bool { self.incoming?.phase == .installing }

    // MARK: What a leader says

    /// A leader has a snapshot for this node; `commit` is how far this node is by itself.
    mutating func offered(_ offer: SnapshotOffer, from leader: NodeID, commit: LogIndex) {
        let descriptor = offer.descriptor
        guard descriptor.name.position.index > commit else {
            self.report(descriptor.name, offset: descriptor.size, .complete, to: leader)
            return
        }
        if var current = self.incoming {
            if current.descriptor == descriptor {
                current.sender = leader
                current.term = max(current.term, offer.term)
                current.handed = current.phase == .receiving ? current.written : current.handed
                self.incoming = current
                self.resume()
                return
            }
            // What is being installed is finished first; the leader offers again.
            guard current.phase == .receiving, offer.term >= current.term else { return }
            self.discard()
        }
        self.steps.append(.begin(descriptor))
        self.incoming = Incoming(
            descriptor: descriptor,
            sender: leader,
            term: offer.term,
            written: 0,
            handed: 0
        )
        self.report(descriptor.name, offset: 0, .receiving, to: leader)
    }

    private mutating func resume() {
        guard let incoming, let sender = incoming.sender else { return }
        self.report(
            incoming.descriptor.name,
            offset: incoming.written,
            .receiving,
            to: sender
        )
        self.finishIfWritten()
    }

    /// A part arrived; one that is damaged or out of place is ignored, and sent again.
    mutating func received(_ chunk: SnapshotChunk, from peer: NodeID) {
        guard var current = self.incoming, current.descriptor.name == chunk.name,
            current.sender == peer, current.phase == .receiving,
            chunk.offset == current.handed,
            UInt64(chunk.bytes.count) <= current.descriptor.size - current.handed,
            SnapshotChunk.seal(chunk.bytes, at: chunk.offset) == chunk.checksum
        else { return }
        current.handed += UInt64(chunk.bytes.count)
        self.incoming = current
        self.steps.append(.write(chunk.name, offset: chunk.offset, bytes: chunk.bytes))
    }

    // MARK: What the shell did

    /// The file holds everything before `offset`, or (`false`) could not be written.
    mutating func written(_ name: SnapshotName, through offset: UInt64, succeeded: Bool) {
        guard let current = self.incoming, current.descriptor.name == name,
            current.phase == .receiving
        else { return }
        guard succeeded else {
            self.refuse()
            return
        }
        // Written twice, after an offer that began again further back, changes nothing.
        guard offset > current.written, offset <= current.descriptor.size else { return }
        self.incoming?.written = offset
        self.incoming?.handed = max(current.handed, offset)
        if let sender = current.sender { self.report(name, offset: offset, .receiving, to: sender) }
        self.finishIfWritten()
    }

    private mutating func finishIfWritten() {
        guard let current = self.incoming, current.phase == .receiving,
            current.written == current.descriptor.size
        else { return }
        self.incoming?.phase = .finishing
        self.steps.append(.finish(current.descriptor))
    }

    /// The file is durable under its final name, or (`false`) was no good.
    ///
    /// Returns what can be installed, who sent it and in which term.
    mutating func finished(
        _ name: SnapshotName,
        succeeded: Bool
    ) -> (snapshot: SnapshotPosition, sender: NodeID?, term: Term)? {
        guard let current = self.incoming, current.descriptor.name == name,
            current.phase == .finishing
        else { return nil }
        guard succeeded else {
            self.refuse()
            return nil
        }
        self.incoming?.phase = .installing
        let snapshot = SnapshotPosition(
            position: name.position,
            membership: current.descriptor.membership
        )
        return (snapshot, current.sender, current.term)
    }

    /// The snapshot is installed, or (`false`) not needed any more.
    mutating func settled(isInstalled: Bool) {
        guard let current = self.incoming else { return }
        self.incoming = nil
        if !isInstalled { self.steps.append(.discard(current.descriptor.name)) }
        guard let sender = current.sender else { return }
        let descriptor = current.descriptor
        self.report(descriptor.name, offset: descriptor.size, .complete, to: sender)
    }

    /// This node has come so far without a snapshot that an unfinished one is of no more use.
    mutating func caughtUp(to commit: LogIndex) {
        guard let current = self.incoming, current.phase == .receiving,
            current.descriptor.name.position.index <= commit
        else { return }
        self.discard()
    }

    private mutating func discard() {
        guard let current = self.incoming else { return }
        self.incoming = nil
        self.steps.append(.discard(current.descriptor.name))
    }

    private mutating func refuse() {
        guard let current = self.incoming else { return }
        self.discard()
        guard let sender = current.sender else { return }
        self.report(current.descriptor.name, offset: 0, .refused, to: sender)
    }

    private mutating func report(
        _ name: SnapshotName,
        offset: UInt64,
        _ state: SnapshotStatus.State,
        to peer: NodeID
    ) {
        let status = SnapshotStatus(name: name, offset: offset, state: state)
        self.statuses.append((peer, status))
    }

    /// Hands over what the shell has to do, and what the leaders are told.
    mutating func drain(into turn: inout Turn) -> [(NodeID, SnapshotStatus)] {
        turn.snapshotSteps = self.steps
        self.steps = []
        defer { self.statuses = [] }
        return self.statuses
    }
}

extension SnapshotChunk {
    /// The checksum of a part: of its bytes, in its place.
    package static func seal(_ bytes: [UInt8], at offset: UInt64) -> UInt64 {
        XXH64.hash(bytes.span, seed: offset)
    }
}
