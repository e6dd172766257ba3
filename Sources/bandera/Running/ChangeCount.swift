internal import Synchronization

/// How many changes were printed, known to the watch and to whoever ends it.
final class ChangeCount: Sendable {
    private let count = Atomic<Int>(0)

    /// Counts one more; answers how many there are now.
    func increment() -> Int { self.count.add(1, ordering: .relaxed).newValue }

    /// How many there are.
    var value: Int { self.count.load(ordering: .relaxed) }
}
