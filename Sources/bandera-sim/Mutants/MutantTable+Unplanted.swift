extension MutantTable {
    /// The items that no mutant breaks.
    package static let unplanted: [UnplantedItem] = [
        UnplantedItem(
            4,
            "costs availability, never safety, and pre-votes hide it; RaftTests prove it"
        ),
        UnplantedItem(
            5,
            "a deposed leader costs a moment, never safety; RaftTests count the terms"
        ),
        UnplantedItem(
            10,
            "a removed node that campaigns costs availability; RaftTests count the terms"
        ),
        UnplantedItem(
            24,
            "a log that grows costs memory, which the simulator does not run out of; RaftTests"
        ),
        UnplantedItem(
            39,
            "the record store writes both in one SQLite transaction; LedgerTests crash it"
        ),
        UnplantedItem(
            52,
            "is about one TLS connection, which the simulator has none of; NodeTests stall watchers"
        ),
    ]
}
