package import Flags

/// Opens a watch: a subscription to an environment's changes.
package struct WatchRequest: Hashable, Sendable {
    /// What to watch.
    package var environment: EnvironmentID
    /// The last revision that the client has, when it has a basis.
    package var from: Revision
    /// The client holds the environment as of `from`; otherwise it is sent a snapshot first.
    package var hasBasis: Bool
    /// Whose values are wanted; `nil` asks for rules, which a client SDK is not given.
    package var context: EvaluationContext?

    package init(
        environment: EnvironmentID,
        from: Revision = .zero,
        hasBasis: Bool = false,
        context: EvaluationContext? = nil
    ) {
        self.environment = environment
        self.from = from
        self.hasBasis = hasBasis
        self.context = context
    }
}

/// Tells the node that the client has processed everything up to a revision.
package struct WatchAcknowledgement: Hashable, Sendable {
    /// The last that was processed.
    package var revision: Revision

    package init(revision: Revision) { self.revision = revision }
}

/// What a watch delivers.
package enum WatchEvent: Hashable, Sendable {
    /// A part of the whole environment, which replaces what the client has.
    case snapshot(Snapshot)
    case changes(Changes)
    /// Nothing of this environment changed up to here.
    case bookmark(revision: Revision)
    /// The client fell too far behind; a snapshot follows.
    case resync(reason: String)
    /// What flags are for the watch's context, when any of that changed.
    case values(Values)

    /// The environment's flags as of a revision, in one part or several.
    package struct Snapshot: Hashable, Sendable {
        /// What the flags are as of.
        package var revision: Revision
        /// Of this part.
        package var flags: [Flag]
        /// Of this part.
        package var segments: [Segment]
        /// Parts of an earlier snapshot that was cut off are to be forgotten.
        package var isFirst: Bool
        /// Only now does the snapshot replace what the client has.
        package var isLast: Bool

        package init(
            revision: Revision,
            flags: [Flag],
            segments: [Segment] = [],
            isFirst: Bool = true,
            isLast: Bool = true
        ) {
            self.revision = revision
            self.flags = flags
            self.segments = segments
            self.isFirst = isFirst
            self.isLast = isLast
        }
    }

    /// Changes in order, each later than everything delivered before.
    package struct Changes: Hashable, Sendable {
        /// Of the last change.
        package var revision: Revision
        /// At least one.
        package var changes: [Change]
        /// The client was slow: only the newest change of each flag is told.
        package var coalesced: Bool

        package init(revision: Revision, changes: [Change], coalesced: Bool = false) {
            self.revision = revision
            self.changes = changes
            self.coalesced = coalesced
        }
    }

    /// What flags are for one context.
    package struct Values: Hashable, Sendable {
        /// One flag's value.
        package struct FlagValue: Hashable, Sendable {
            package var flag: FlagKey
            package var evaluation: Evaluation

            package init(flag: FlagKey, evaluation: Evaluation) {
                self.flag = flag
                self.evaluation = evaluation
            }
        }

        /// What the values are as of.
        package var revision: Revision
        /// Sorted by flag; an archived flag's is the error `flagNotFound`.
        package var values: [FlagValue]
        /// Whether these are all there are, with the parts that follow: others are to be forgotten.
        package var isSnapshot: Bool
        /// Whether another part follows, without which this one is worth nothing.
        package var isPartial: Bool

        package init(
            revision: Revision,
            values: [FlagValue],
            isSnapshot: Bool,
            isPartial: Bool = false
        ) {
            self.revision = revision
            self.values = values
            self.isSnapshot = isSnapshot
            self.isPartial = isPartial
        }
    }
}
