internal import PeerProtocol
internal import Raft

/// How far one peer has got with a copy, and what is on its way to it.
///
/// The receiver's word is what counts: whatever was lost, its next status says where to go on.
struct SnapshotTarget: Sendable {
    private struct Part: Sendable {
        let end: UInt64
        let sentAt: Tick
    }

    let peer: NodeID
    /// The receiver has written everything before.
    private(set) var acknowledged: UInt64 = 0
    /// Where the next part begins.
    private(set) var next: UInt64 = 0
    /// Whether the receiver has said where it stands since the last offer.
    private(set) var isAccepted = false
    private(set) var isReading = false
    private var parts: [Part] = []
    /// How many bytes may be on their way: less on a slow link, where they delay heartbeats.
    private var flight = UInt64(ReplicaLimits.chunkBytesMax)
    private var offeredAt: Tick?
    private var heardAt: Tick
    private(set) var progressAt: Tick

    init(peer: NodeID, now: Tick) {
        self.peer = peer
        self.heardAt = now
        self.progressAt = now
    }

    /// Whether the copy is to be offered, for the first time or because nothing is heard.
    func isOfferDue(_ now: Tick) -> Bool {
        guard let offeredAt else { return true }
        let limit = ReplicaLimits.snapshotRepeatMilliseconds
        return offeredAt + limit <= now && self.heardAt + limit <= now && !self.isReading
    }

    /// The copy is being offered; the receiver's answer says where to begin.
    mutating func offered(_ now: Tick) {
        self.offeredAt = now
        self.isAccepted = false
        self.parts = []
    }

    /// The link broke: what was on its way is lost, and an offer is due at once.
    mutating func disconnected() {
        self.offeredAt = nil
        self.isAccepted = false
        self.parts = []
    }

    /// When `isOfferDue` may become true.
    ///
    /// A turn that finds the link up makes the first offer; what is being read is waited for.
    var nextDeadline: Tick {
        guard let offeredAt, !self.isReading else { return .never }
        return max(offeredAt, self.heardAt) + ReplicaLimits.snapshotRepeatMilliseconds
    }

    /// The next part to read, if there is room for it on the way.
    func nextPart(size: UInt64) -> (offset: UInt64, count: Int)? {
        guard self.isAccepted, !self.isReading, self.next < size else { return nil }
        let underWay = self.next - min(self.acknowledged, self.next)
        guard underWay < self.flight else { return nil }
        let part = min(UInt64(ReplicaLimits.chunkBytesMax), self.flight - underWay)
        return (self.next, Int(min(part, size - self.next)))
    }

    mutating func reading() { self.isReading = true }

    /// A part was read; returns whether it is still the one to send.
    mutating func read(offset: UInt64, count: Int, now: Tick) -> Bool {
        self.isReading = false
        guard self.isAccepted, offset == self.next, count > 0 else { return false }
        self.next += UInt64(count)
        self.parts.append(Part(end: self.next, sentAt: now))
        return true
    }

    /// The receiver has written everything before `offset`.
    mutating func received(through offset: UInt64, now: Tick) {
        self.heardAt = now
        guard self.isAccepted else {
            self.isAccepted = true
            self.acknowledged = offset
            self.next = offset
            self.progressAt = now
            return
        }
        // An older status that came late; a receiver that lost something is offered it anew.
        guard offset > self.acknowledged else { return }
        self.acknowledged = offset
        self.progressAt = now
        if self.next < offset { self.next = offset }
        while let part = self.parts.first, part.end <= offset {
            self.parts.removeFirst()
            self.adapt(to: now.rawValue - min(part.sentAt.rawValue, now.rawValue))
        }
    }

    private mutating func adapt(to milliseconds: UInt64) {
        if milliseconds <= ReplicaLimits.snapshotQuickMilliseconds {
            self.flight = min(self.flight * 2, UInt64(ReplicaLimits.snapshotFlightBytesMax))
        } else if milliseconds >= ReplicaLimits.snapshotSlowMilliseconds {
            self.flight = max(self.flight / 2, UInt64(ReplicaLimits.chunkBytesMin))
        }
    }

    /// Whether the peer has taken nothing for too long.
    func isStalled(size: UInt64, now: Tick) -> Bool {
        let limit =
            self.acknowledged >= size
            ? ReplicaLimits.snapshotInstallMilliseconds : ReplicaLimits.snapshotStallMilliseconds
        return self.progressAt + limit <= now
    }
}
