internal import Flags
internal import NIOCore
internal import Replica
internal import Synchronization

/// The way from the consensus loop to one client loop: a mailbox that is emptied in batches.
///
/// Waking another thread costs more than everything else about a write, so a loop is woken only
/// when somebody waits for the news: an answer, a watch, a read of a revision. Otherwise it finds
/// them when it next has something to do.
final class ClientPort: Sendable {
    private struct Mailbox {
        var delivery = ClientDelivery()
        var isWakeScheduled = false
        /// Whether the loop must be told of every publication.
        var isWatching = false
    }

    private let mailbox = Mutex(Mailbox())
    private let eventLoop: any EventLoop
    private let wake: @Sendable () -> Void

    /// - Parameter wake: called on the event loop; must empty the mailbox.
    init(eventLoop: any EventLoop, wake: @escaping @Sendable () -> Void) {
        self.eventLoop = eventLoop
        self.wake = wake
    }

    /// Puts news into the mailbox.
    ///
    /// Called on the consensus loop.
    func deliver(_ delivery: ClientDelivery) {
        let mustWake = self.mailbox.withLock { mailbox in
            mailbox.delivery.merge(delivery)
            guard !mailbox.isWakeScheduled else { return false }
            let changes = mailbox.delivery.publication?.changes.count ?? 0
            mailbox.isWakeScheduled =
                !mailbox.delivery.replies.isEmpty || !mailbox.delivery.views.isEmpty
                || mailbox.isWatching && mailbox.delivery.publication != nil
                || changes >= NodeLimits.mailboxChangesMax
                || delivery.publication?.changes.contains { $0.isUrgent } == true
            return mailbox.isWakeScheduled
        }
        if mustWake { self.eventLoop.execute { self.wake() } }
    }

    /// Takes everything out.
    ///
    /// Called on the client loop.
    func collect() -> ClientDelivery {
        self.mailbox.withLock { mailbox in
            mailbox.isWakeScheduled = false
            defer { mailbox.delivery = ClientDelivery() }
            return mailbox.delivery
        }
    }

    /// Says whether every publication matters from now on.
    ///
    /// Collect afterwards: what came before woke nobody.
    func setWatching(_ isWatching: Bool) {
        self.mailbox.withLock { $0.isWatching = isWatching }
    }
}

extension ClientDelivery {
    /// Adds later news.
    ///
    /// Only the newest state matters, but every change does.
    mutating func merge(_ later: ClientDelivery) {
        if let publication = later.publication {
            if self.publication == nil {
                self.publication = publication
            } else {
                self.publication?.store = publication.store
                if publication.isReplaced {
                    self.publication?.isReplaced = true
                    self.publication?.changes = []
                }
                self.publication?.changes.append(contentsOf: publication.changes)
            }
        }
        self.replies.append(contentsOf: later.replies)
        self.views.append(contentsOf: later.views)
        self.leader = later.leader ?? self.leader
    }
}
