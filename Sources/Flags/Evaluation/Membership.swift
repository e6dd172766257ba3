/// One list of an audience, made for asking whether a text is in it.
struct Membership: Sendable {
    private let entries: TextSet

    init(_ entries: [String]) { self.entries = TextSet(entries) }

    /// An empty list admits everybody.
    func admits(_ text: borrowing String) -> Bool {
        self.entries.isEmpty || self.entries.contains(text)
    }
}
