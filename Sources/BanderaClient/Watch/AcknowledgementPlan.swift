package import Flags

/// Decides when to tell the node how far the client has got: soon, and for many revisions at once.
package struct AcknowledgementPlan: Sendable {
    /// What to do now.
    package enum Action: Equatable, Sendable {
        case none
        /// Ask again at this moment.
        case wait(until: Moment)
        /// Send this.
        case acknowledge(Revision)
    }

    private let delay: Int64
    private var reached = Revision.zero
    private var acknowledged = Revision.zero
    private var messages = 0
    private var due: Moment?

    /// A plan that lets an acknowledgement wait at most `delay` milliseconds.
    package init(delay: Int64) { self.delay = delay }

    /// A message was processed; the client is at `revision`.
    package mutating func processed(_ revision: Revision, now: Moment) -> Action {
        self.reached = max(self.reached, revision)
        guard self.reached > self.acknowledged else { return .none }
        self.messages += 1
        if self.messages >= ClientLimits.acknowledgementBatchMax { return self.acknowledge() }
        guard self.due == nil else { return .none }
        self.due = now + self.delay
        return .wait(until: now + self.delay)
    }

    /// The moment that was waited for has come.
    package mutating func tick(_ now: Moment) -> Action {
        guard let due = self.due else { return .none }
        return due <= now ? self.acknowledge() : .wait(until: due)
    }

    /// Another watch: its node knows nothing of what was acknowledged to the previous one.
    package mutating func reopened() {
        self.acknowledged = .zero
        self.messages = 0
        self.due = nil
    }

    private mutating func acknowledge() -> Action {
        self.messages = 0
        self.due = nil
        guard self.reached > self.acknowledged else { return .none }
        self.acknowledged = self.reached
        return .acknowledge(self.reached)
    }
}
