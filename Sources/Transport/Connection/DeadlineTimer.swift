internal import NIOCore

/// The one timer of a connection's deadlines.
///
/// It is left alone when the call it was set for ends early: it then fires once for nothing, which
/// is cheaper than a cancelled timer per call.
struct DeadlineTimer {
    private var task: Scheduled<Void>?
    private var due = NIODeadline.distantFuture

    /// Whether the timer would fire only after `deadline`.
    func isLate(for deadline: NIODeadline) -> Bool { deadline < self.due }

    /// Has `fire` run on the loop at `deadline`, instead of later.
    mutating func arm(
        for deadline: NIODeadline,
        on eventLoop: any EventLoop,
        fire: @escaping @Sendable () -> Void
    ) {
        precondition(self.isLate(for: deadline), "the timer is set for an earlier deadline")
        self.task?.cancel()
        self.due = deadline
        self.task = eventLoop.scheduleTask(deadline: deadline, fire)
    }

    /// Says that the timer fired.
    mutating func fired() {
        self.task = nil
        self.due = .distantFuture
    }

    mutating func cancel() {
        self.task?.cancel()
        self.fired()
    }
}
