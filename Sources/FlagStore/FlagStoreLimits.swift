internal import Flags

/// The largest of everything that a `FlagStore` keeps beside its flags.
///
/// All of them decide what a command does, so all nodes of a cluster must have the same.
package struct FlagStoreLimits: Hashable, Sendable {
    /// Open sessions; the least recently used one ends when there are more.
    package var sessionsMax = 100_000
    /// Open sessions of one actor; the actor's own least recently used one ends when there are more.
    package var sessionsPerActorMax = 1_000
    /// How long a session may be idle, by the times of commands.
    package var sessionIdleMilliseconds: Int64 = 3_600_000
    /// Sessions that one command may end, so that no command takes long.
    package var sessionsExpiredPerCommandMax = 64
    /// Tokens of one organization; a revoked or expired one is forgotten for one more.
    package var tokensPerOrganizationMax = FlagsLimits.tokensPerOrganizationMax
    /// Releases of one organization that have ended and are still kept; history keeps them all.
    package var endedReleasesMax = FlagsLimits.endedReleasesPerOrganizationMax
    /// Alerts of one organization that are kept; history keeps them all.
    package var alertsMax = FlagsLimits.alertsPerOrganizationMax
    /// Reports of how an alert's change was delivered, one of each node.
    package var deliveriesPerAlertMax = 256
    /// How far it is followed who created a token with a token.
    static let actorChainMax = 64

    /// The limits that clusters run with.
    package init() {}
}
