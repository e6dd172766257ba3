public import Flags

/// What a consumer of ``BanderaClient/changes`` is told.
public enum FlagEvent: Hashable, Sendable {
    /// A complete ruleset replaced the previous one: at start, or after too long an absence.
    case replaced(Revision)
    /// One flag changed, or a segment that flags refer to.
    case changed(Change)
    /// These flags have other values for the client's context, sorted: the events of a client that
    /// has a ``ClientConfiguration/context``.
    case valuesChanged([FlagKey])
    /// The consumer was too slow: this many events before the next one are missing.
    ///
    /// The client's own ruleset is complete all the same.
    case dropped(Int)
    /// The watch is connected to this endpoint.
    case connected(Endpoint)
    /// The watch is not connected; evaluation goes on with what is known.
    case disconnected
    /// Evaluations have something to evaluate with that is this fresh: from the file, from the
    /// cluster, or from the cluster again.
    case ready(Freshness)
    /// No node was reached for longer than ``ClientTiming/staleAfter``.
    case stale
    /// Something went wrong that does not mend itself.
    case failed(BanderaError)
}
