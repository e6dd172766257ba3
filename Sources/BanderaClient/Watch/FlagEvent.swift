public import Flags

/// What a consumer of ``BanderaClient/changes`` is told.
public enum FlagEvent: Hashable, Sendable {
    /// A complete ruleset replaced the previous one: at start, or after too long an absence.
    case replaced(Revision)
    /// One flag changed.
    case changed(Change)
    /// The consumer was too slow: this many events before the next one are missing.
    ///
    /// The client's own ruleset is complete all the same.
    case dropped(Int)
    /// The watch is connected to this endpoint.
    case connected(Endpoint)
    /// The watch is not connected; evaluation goes on with what is known.
    case disconnected
}
