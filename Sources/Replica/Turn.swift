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
        /// What is published by now contains every write that was acknowledged before the read
        /// began, and everything through this revision.
        case readable(at: Revision)
        /// The change of the cluster is in effect since this revision.
        case administered(at: Revision)
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
    /// Whether a snapshot took the state's place: what changed since the last publication is not
    /// known, and every watch starts again.
    package var isReplaced: Bool

    package init(store: FlagStore, changes: [Change], isReplaced: Bool = false) {
        self.store = store
        self.changes = changes
        self.isReplaced = isReplaced
    }
}

/// Everything a replica decided in one turn of its loop.
///
/// The shell performs it: `persists` in order on the log thread, `sends` on the links, then the
/// `publication`, and only then `replies`, so that a writer reads its own write; `records` on the
/// record store's thread.
///
/// A send to a node that is not in the topology answers on the call which that node opened; without
/// one it is dropped.
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
    /// Who belongs to the cluster, when that changed, and in the first turn: open links to the new
    /// peers, close those to the others, tell the client loops.
    package var topology: Topology?
    /// Once set, this node is of no more use: stop the process with the reason's description.
    ///
    /// The replica does nothing any more.
    package var halt: HaltReason?
    /// The answer to `prepareToStop`, once.
    package var stop: StopOutcome?

    /// Make the record store durable (`Ledger.makeDurable`), then call `ledgerDurable`.
    package var wantsDurableLedger = false
    /// What the log may forget.
    package var compact: Compaction?

    /// Make a consistent copy of the record store, then call `snapshotCopied`.
    ///
    /// Whatever copy there was is not needed any more.
    package var snapshotWanted = false
    /// Read from the copy.
    package var snapshotReads: [SnapshotRead] = []
    /// The copy is not needed any more: remove it.
    package var snapshotReleased = false
    /// What to do with the file of an incoming snapshot, in order.
    package var snapshotSteps: [SnapshotStep] = []
    /// Replace log and record store by the snapshot whose file is `ledger.install`.
    ///
    /// In this order, each durable before the next: the log's marker (`LogStorage.install`, on the
    /// log thread, after all that was handed to it before), then the swap of the record store's
    /// file (on its thread, after all that was handed to it before). Load the store from it, then
    /// call `Replica.installed`. A crash in between is finished at the next start.
    package var install: SnapshotPosition?

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
