package import Flags
internal import HashTreeCollections

extension FlagStore {
    /// The flags that some changes can have made something else for somebody, sorted.
    ///
    /// Those that changed, and those that depend on them by prerequisites or segments, directly or
    /// not.
    package func flags(
        affectedBy changes: [Change],
        in environment: EnvironmentID
    ) -> [FlagKey] {
        guard let place = self.places[environment] else { return [] }
        var reached: Set<SegmentUser> = []
        var open: [SegmentUser] = changes.map { change in
            switch change.item {
            case .flag(let flag): .flag(flag.key.rawValue)
            case .segment(let segment): .segment(segment.key)
            case .segmentRemoved(let key): .segment(key)
            }
        }
        // Ends: nothing is followed twice.
        while let next = open.popLast() {
            guard reached.insert(next).inserted else { continue }
            switch next {
            case .flag(let key):
                let users = place.dependents.users(of: FlagKey(key))
                open.append(contentsOf: users.map { .flag($0.rawValue) })
            case .segment(let key):
                open.append(contentsOf: place.segmentUsers.users(of: key))
            }
        }
        let keys = reached.compactMap { user in
            if case .flag(let key) = user { FlagKey(key) } else { nil }
        }
        return keys.sorted()
    }

    /// Whether a flag that is no draft asks for a segment, directly or through other segments: then
    /// the segment decides what users get.
    func isServed(segment key: String, in environment: EnvironmentID) -> Bool {
        guard let place = self.places[environment] else { return false }
        var reached: Set<String> = [key]
        var open = [key]
        // Ends: nothing is followed twice.
        while let next = open.popLast() {
            for user in place.segmentUsers.users(of: next) {
                switch user {
                case .flag(let key):
                    guard let flag = place.flags[FlagKey(key)]?.flag else { continue }
                    if flag.status != .draft { return true }
                case .segment(let key):
                    if reached.insert(key).inserted { open.append(key) }
                }
            }
        }
        return false
    }
}
