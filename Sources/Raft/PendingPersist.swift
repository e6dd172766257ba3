/// A hand-over to storage that was not reported durable, and what waits for it.
struct PendingPersist: Sendable {
    let token: PersistToken
    let issued: Tick
    /// The term and vote that become durable with it; `nil` if they were before.
    let hardState: HardState?
    /// The last entry that counts as durable with it.
    ///
    /// Lowered when entries of the batch are truncated while it is under way: an entry with the
    /// same term and index may come back later, and this batch must not acknowledge that one
    /// (etcd's append ABA race).
    var lastEntry: LogIndex
    /// Sent when it completes, unless the term has changed by then.
    var messages: [Message]
}
