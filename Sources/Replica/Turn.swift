package import FlagStore
package import Flags
package import PeerProtocol
package import Raft
package import Wire

/// Names a call that the shell wants answered.
///
/// Unique within one incarnation of a node.
package struct CallID: Hashable, Comparable, Sendable {
    package let rawValue: UInt64

    package init(_ rawValue: UInt64) { self.rawValue = rawValue }

    package static func < (lhs: CallID, rhs: CallID) -> Bool { lhs.rawValue < rhs.rawValue }
}

/// The answer to a call.
package struct Reply: Sendable {
    package let call: CallID
    package let result: Result

    package init(call: CallID, result: Result) {
        self.call = call
        self.result = result
    }

    /// What became of it.
    package enum Result: Sendable {
        /// The write was committed and judged; the publication of its revision goes out no later.
        case judged(Outcome)
        /// Nothing was written, or (with `StatusCode.unknown`) nobody can tell.
        case failed(Status)
        /// Another node evaluated: the body of its answer.
        case routed(body: [UInt8])
        /// No node of the region can be reached: evaluate here.
        case routeUnavailable
    }
}

/// A batch for a peer's link.
///
/// Dropped when the link is down: Raft repeats what matters.
package struct PeerSend: Sendable {
    package let to: NodeID
    package let batch: PeerBatch

    package init(to: NodeID, batch: PeerBatch) {
        self.to = to
        self.batch = batch
    }
}

/// What the client loops get to see: the state after a turn, and what changed during it.
package struct Publication: Sendable {
    /// Copied in constant time: it shares everything unchanged with its predecessor.
    package var store: FlagStore
    /// In order of revision.
    package var changes: [Change]

    package init(store: FlagStore, changes: [Change]) {
        self.store = store
        self.changes = changes
    }
}

/// Everything a replica decided in one turn of its loop.
///
/// The shell performs it: `persists` in order on the log thread, `sends` on the links, then the
/// `publication`, and only then `replies`, so that a writer reads its own write; `records` on the
/// record store's thread.
package struct Turn: Sendable {
    package var persists: [PersistBatch] = []
    package var sends: [PeerSend] = []
    package var publication: Publication?
    package var replies: [Reply] = []
    /// Applied and durable here: safe to be recorded.
    ///
    /// In order of revision.
    package var records: [AppliedRecord] = []
    /// The revision that `records` leads up to, `nil` when nothing new may be recorded.
    package var recordedThrough: Revision?
    package var fetches: [FetchRequest] = []

    package init() {}
}

/// An applied command with its position, for the record store.
package struct AppliedRecord: Sendable {
    package let revision: Revision
    package let applied: Applied

    package init(revision: Revision, applied: Applied) {
        self.revision = revision
        self.applied = applied
    }
}
