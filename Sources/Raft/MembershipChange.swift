/// What an operator wants to be different about the membership.
package struct MembershipChange: Hashable, Sendable {
    /// One difference.
    ///
    /// Steps are taken in order; one that is in effect already changes nothing.
    package enum Step: Hashable, Sendable {
        /// Adds a voter, or promotes a learner.
        case addVoter(NodeID)
        /// Adds a learner, or demotes a voter.
        case addLearner(NodeID)
        /// Removes a member.
        case remove(NodeID)
        /// Leaves the configuration alone: what is told about the member changes.
        case update(NodeID)
    }

    /// How the cluster gets from the old configuration to the new one.
    package enum Transition: Hashable, Sendable {
        /// At once if one voter changes at most, else through a joint configuration that the leader
        /// leaves by itself.
        case automatic
        /// At once; refused if more than one voter changes.
        case simple
        /// Through a joint configuration, which the leader leaves by itself or when it is told to.
        case joint(autoLeave: Bool)
        /// Leaves the joint configuration; takes no steps.
        case leave
    }

    package var steps: [Step]
    package var transition: Transition

    package init(_ steps: [Step], transition: Transition = .automatic) {
        self.steps = steps
        self.transition = transition
    }

    /// Leaves the joint configuration.
    package static let leave = MembershipChange([], transition: .leave)
}

/// Why a membership change was not begun.
package enum MembershipRefusal: Error, Hashable, Sendable {
    /// The configuration is joint, and has to be left first.
    case joint
    /// The configuration is not joint, so it cannot be left.
    case notJoint
    /// Nobody would be left to vote, or nobody votes yet.
    case noVoters
    /// More than one voter would change without a joint configuration.
    case severalVoters
    /// More members than `RaftLimits.membersMax`.
    case tooManyMembers
    /// The context exceeds `RaftLimits.membershipContextBytesMax`.
    case contextTooLarge
    /// The change made by this entry is not committed yet.
    case pending(LogIndex)
    /// The leader has not committed an entry of its own term yet.
    case leaderNotReady
    /// Leadership is being handed to this node.
    case transferring(NodeID)
    /// Only a learner can become a voter.
    case notLearner(NodeID)
    /// The learner lags behind: its log matches the leader's through `match` of `last`.
    case notCaughtUp(NodeID, match: LogIndex, last: LogIndex)
}

/// What became of a membership change.
package enum MembershipResult: Hashable, Sendable {
    /// Appended, and in effect on this node at once.
    ///
    /// It is decided when the entry at this index is committed, with this term.
    case appended(index: LogIndex, term: Term)
    /// Nothing was appended.
    ///
    /// Ask the named node, if one is known.
    case notLeader(NodeID?)
    case refused(MembershipRefusal)
}
