internal import HashTreeCollections

/// Who names what: the other direction of references that are stored with who names.
struct ReferenceIndex<
    Name: Hashable & Sendable,
    User: Hashable & Comparable & Sendable
>: Sendable {
    private var users: TreeDictionary<Name, TreeSet<User>> = [:]

    init() {}

    /// Notes that `user`, which named `before`, now names `after`.
    mutating func replace(_ before: [Name], by after: [Name], of user: User) {
        guard before != after else { return }
        for name in before where !after.contains(name) {
            self.users[name]?.remove(user)
            if self.users[name]?.isEmpty == true { self.users[name] = nil }
        }
        for name in after { self.users[name, default: []].insert(user) }
    }

    /// The first of those who name it; `nil` when nobody does.
    func firstUser(of name: Name) -> User? { self.users[name]?.min() }

    /// All who name it, in order.
    func users(of name: Name) -> [User] { self.users[name]?.sorted() ?? [] }
}

extension ReferenceIndex where Name == String, User == SegmentUser {
    /// The segments whose rules name a segment, in order.
    func segments(using key: String) -> [String] {
        self.users(of: key).compactMap { if case .segment(let user) = $0 { user } else { nil } }
    }
}

/// What can name a segment: the rules of a flag, or another segment.
enum SegmentUser: Hashable, Comparable, Sendable, CustomStringConvertible {
    case flag(String)
    case segment(String)

    var description: String {
        switch self {
        case .flag(let key): "flag \(key)"
        case .segment(let key): "segment \(key)"
        }
    }
}
