/// One list of an audience, made for asking whether a text is in it.
struct Membership: Sendable {
    private enum Form: Sendable {
        /// An empty list admits everybody.
        case everybody
        /// A handful is found faster by looking than by hashing.
        case few([String])
        case many(Set<String>)
    }

    private let form: Form

    init(_ entries: [String]) {
        if entries.isEmpty {
            self.form = .everybody
        } else if entries.count <= FlagsLimits.membershipScanMax {
            self.form = .few(entries)
        } else {
            self.form = .many(Set(entries))
        }
    }

    func admits(_ text: String) -> Bool {
        switch self.form {
        case .everybody:
            return true
        case .few(let entries):
            for index in entries.indices where entries[index] == text { return true }
            return false
        case .many(let entries):
            return entries.contains(text)
        }
    }
}
