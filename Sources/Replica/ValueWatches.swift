internal import ClientProtocol
internal import FlagStore
internal import Flags

/// The watches that get what flags are for one context, not their rules.
///
/// Of each only the context is kept: what it was sent is found out from the state that everybody
/// was told of last.
struct ValueWatches: Sendable {
    private var slots: [EnvironmentID: [WatcherSlot]] = [:]
    private var contexts: [WatcherSlot: EvaluationContext] = [:]
    /// What every watch that is up to date has been told; `nil` when nobody watches values.
    private(set) var previous: FlagStore?

    func slots(of environment: EnvironmentID) -> [WatcherSlot] { self.slots[environment] ?? [] }

    func context(of slot: WatcherSlot) -> EvaluationContext? {
        self.contexts.isEmpty ? nil : self.contexts[slot]
    }

    mutating func add(
        _ slot: WatcherSlot,
        to environment: EnvironmentID,
        _ context: EvaluationContext,
        now store: FlagStore
    ) {
        // The first one begins with this state; nobody was told of an earlier one.
        if self.contexts.isEmpty { self.previous = store }
        self.slots[environment, default: []].append(slot)
        self.contexts[slot] = context
    }

    /// Returns whether it was one of these.
    mutating func remove(_ slot: WatcherSlot, from environment: EnvironmentID) -> Bool {
        guard self.contexts.removeValue(forKey: slot) != nil else { return false }
        self.slots[environment]?.removeAll { $0 == slot }
        if self.slots[environment]?.isEmpty == true { self.slots[environment] = nil }
        if self.contexts.isEmpty { self.previous = nil }
        return true
    }

    /// All changes up to this state were sent.
    mutating func told(_ store: FlagStore) {
        self.previous = self.contexts.isEmpty ? nil : store
    }

    /// Another state took this one's place: every watch is sent a snapshot.
    mutating func forgetState() { self.previous = nil }

    /// The flags that may have become something else by some changes.
    ///
    /// - Parameter store: the state after the changes.
    func affected(
        by changes: [Change],
        in environment: EnvironmentID,
        _ store: FlagStore
    ) -> AffectedFlags {
        let keys = store.flags(affectedBy: changes, in: environment)
        let dated = changes.filter { change in
            let key = change.flag?.key
            let before = key.flatMap { self.previous?.flag(environment, $0)?.flag }
            return change.flag?.isDated == true || before?.isDated == true
        }
        let timed = dated.isEmpty ? [] : store.flags(affectedBy: dated, in: environment)
        return AffectedFlags(keys: keys, timed: Set(timed))
    }
}

/// Which flags changed, themselves or by what they depend on.
struct AffectedFlags {
    /// Sorted.
    let keys: [FlagKey]
    /// Those that changed by something with a date.
    ///
    /// It may have passed since they were told last, so what they were then is not known.
    let timed: Set<FlagKey>
}

extension Flag {
    fileprivate var isDated: Bool { self.start != nil || self.end != nil }
}
