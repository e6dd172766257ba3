/// A moment of a connection's monotonic clock, in nanoseconds since an arbitrary start.
package struct WireInstant: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Since the clock's start.
    package let nanoseconds: UInt64

    package init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

    /// Later than every moment.
    package static let never = WireInstant(nanoseconds: .max)

    package static func + (lhs: WireInstant, nanoseconds: UInt64) -> WireInstant {
        let (sum, overflow) = lhs.nanoseconds.addingReportingOverflow(nanoseconds)
        return overflow ? .never : WireInstant(nanoseconds: sum)
    }

    /// How long after `earlier` this is, 0 when it is not.
    package func nanoseconds(since earlier: WireInstant) -> UInt64 {
        self.nanoseconds > earlier.nanoseconds ? self.nanoseconds - earlier.nanoseconds : 0
    }

    package var description: String { "\(self.nanoseconds)ns" }

    package static func < (lhs: WireInstant, rhs: WireInstant) -> Bool {
        lhs.nanoseconds < rhs.nanoseconds
    }
}

/// Decides when a silent connection is asked for a sign of life, and when it is given up.
///
/// Any received byte is a sign of life, so a busy connection is never pinged. A PONG also measures
/// the round trip. Performs no I/O and reads no clock.
package struct KeepAlive: Sendable {
    /// What to do when the clock has moved.
    package enum Action: Equatable, Sendable {
        case none
        /// Send PING with these 8 bytes, big-endian.
        case ping(UInt64)
        /// Close: the other side was silent for too long after a PING.
        case giveUp
    }

    /// What a received PONG says.
    package enum Pong: Equatable, Sendable {
        case roundTrip(nanoseconds: UInt64)
        /// It answers no PING that is outstanding; ignore it.
        case stray
    }

    /// What to do about a received PING.
    package enum Ping: Equatable, Sendable {
        /// Send PONG with the same bytes.
        case answer
        /// Close: pings come faster than ``WireLimits/pingsMax`` allow.
        case flood
    }

    private enum State {
        /// Something was heard lately; can become `probing`.
        case quiet
        /// A PING is outstanding; can become `quiet` or `dead`.
        case probing(mark: UInt64, sent: WireInstant)
        /// Given up; final.
        case dead
    }

    /// After so much silence a PING is sent; 0 means never.
    private let interval: UInt64
    /// So long after the PING the connection is given up; 0 means never.
    private let timeout: UInt64
    private var state = State.quiet
    private var heard: WireInstant
    private var marks: UInt64 = 0
    private var pingWindowStart: WireInstant
    private var pingsInWindow = 0

    package init(intervalNanoseconds: UInt64, timeoutNanoseconds: UInt64, now: WireInstant) {
        precondition(intervalNanoseconds == 0 || timeoutNanoseconds > 0)
        self.interval = intervalNanoseconds
        self.timeout = timeoutNanoseconds
        self.heard = now
        self.pingWindowStart = now
    }

    /// When ``tick(_:)`` will next have something to do; received bytes only move it later.
    package var nextDeadline: WireInstant {
        switch self.state {
        case .quiet: self.interval == 0 ? .never : self.heard + self.interval
        case .probing(_, let sent):
            self.timeout == 0 ? .never : max(sent, self.heard) + self.timeout
        case .dead: .never
        }
    }

    /// Anything at all was received.
    package mutating func received(_ now: WireInstant) {
        self.heard = max(self.heard, now)
    }

    /// The clock has moved.
    package mutating func tick(_ now: WireInstant) -> Action {
        guard self.nextDeadline <= now else { return .none }
        switch self.state {
        case .quiet:
            return self.probe(now)
        case .probing(_, let sent) where self.heard > sent:
            // Alive, though its PONG is late behind other frames: that PING is forgotten.
            return self.probe(now)
        case .probing:
            self.state = .dead
            return .giveUp
        case .dead:
            return .none
        }
    }

    /// Sends a PING now, to measure the round trip.
    package mutating func probe(_ now: WireInstant) -> Action {
        if case .dead = self.state { return .none }
        self.marks += 1
        self.state = .probing(mark: self.marks, sent: now)
        return .ping(self.marks)
    }

    /// A PONG was received.
    package mutating func pong(_ mark: UInt64, _ now: WireInstant) -> Pong {
        self.received(now)
        guard case .probing(let expected, let sent) = self.state, expected == mark else {
            return .stray
        }
        self.state = .quiet
        return .roundTrip(nanoseconds: now.nanoseconds(since: sent))
    }

    /// A PING was received.
    package mutating func ping(_ now: WireInstant) -> Ping {
        self.received(now)
        if now.nanoseconds(since: self.pingWindowStart) >= WireLimits.pingWindowNanoseconds {
            self.pingWindowStart = now
            self.pingsInWindow = 0
        }
        self.pingsInWindow += 1
        return self.pingsInWindow > WireLimits.pingsMax ? .flood : .answer
    }
}
