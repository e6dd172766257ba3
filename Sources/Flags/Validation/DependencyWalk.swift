/// Follows what things depend on, and refuses a circle, a chain that is too long, and too many
/// things.
struct DependencyWalk<Key: Hashable> {
    private let what: String
    /// How many dependencies a chain may have.
    private let depthMax: Int
    /// How many of them it has before it begins here.
    private let depthBefore: Int
    private let dependencies: (Key) throws(FlagsError) -> [Key]
    /// From where it began to where it is.
    private var path: [Key] = []
    /// How many dependencies the longest chain from a thing has, of those that are done.
    private var heights: [Key: Int] = [:]

    /// `what` is what the things are called in an error, such as `segments`; `depthBefore` counts the
    /// dependencies of a chain of which only the rest is walked.
    init(
        _ what: String,
        depthMax: Int,
        depthBefore: Int = 0,
        dependencies: @escaping (Key) throws(FlagsError) -> [Key]
    ) {
        self.what = what
        self.depthMax = depthMax
        self.depthBefore = depthBefore
        self.dependencies = dependencies
    }

    /// Requires that everything that `start` leads to is in order; gives how many dependencies the
    /// longest chain from it has.
    mutating func check(from start: Key) throws(FlagsError) -> Int {
        try self.height(of: start)
    }

    private mutating func height(of key: Key) throws(FlagsError) -> Int {
        if let index = self.path.firstIndex(of: key) {
            throw FlagsError(
                .circularDependency,
                "\(self.what) lead back to where they began: "
                    + Self.chain(self.path[index...] + [key])
            )
        }
        self.path.append(key)
        let known = self.heights[key]
        guard self.depthBefore + self.path.count + (known ?? 0) <= self.depthMax + 1 else {
            throw FlagsError(
                .limitExceeded,
                "\(self.what) follow each other more than \(self.depthMax) deep: "
                    + Self.chain(self.path[...])
            )
        }
        defer { self.path.removeLast() }
        if let known { return known }
        guard self.heights.count < FlagsLimits.dependenciesVisitedMax else {
            throw FlagsError(
                .limitExceeded,
                "more than \(FlagsLimits.dependenciesVisitedMax) \(self.what) depend on each other"
            )
        }
        var height = 0
        for next in try self.dependencies(key) {
            height = max(height, try self.height(of: next) + 1)
        }
        self.heights[key] = height
        return height
    }

    private static func chain(_ keys: ArraySlice<Key>) -> String {
        keys.map { "\($0)" }.joined(separator: " → ")
    }
}

extension DependencyWalk {
    /// Requires that no chain through `key` is too long, from the first of those that lead to it to
    /// the end of the longest one from it, which has `height` dependencies.
    static func checkUsers(
        _ what: String,
        of key: Key,
        height: Int,
        depthMax: Int,
        _ users: (Key) -> [Key]
    ) throws(FlagsError) {
        try withoutActuallyEscaping(users) { (users) throws(FlagsError) in
            var walk = DependencyWalk(what, depthMax: depthMax, depthBefore: height) { users($0) }
            _ = try walk.check(from: key)
        }
    }
}
