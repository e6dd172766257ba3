internal import NIOCore

/// A call that has to be over at some time.
protocol DeadlineHolder: AnyObject {
    var deadline: NIODeadline { get }
    /// Where the call is in its connection's heap; -1 = not in it. Only the heap changes it.
    var heapIndex: Int32 { get set }
}

/// The open calls of one connection that have a deadline, the earliest first.
///
/// A binary heap whose elements know their place, so that a call that ends leaves at once and
/// one timer per connection is enough.
struct DeadlineHeap<Call: DeadlineHolder> {
    private var calls: [Call] = []

    /// The earliest deadline, if any call has one.
    var earliest: NIODeadline? { self.calls.first?.deadline }

    var isEmpty: Bool { self.calls.isEmpty }

    mutating func insert(_ call: Call) {
        precondition(call.heapIndex == -1, "a call is in the deadline heap twice")
        self.calls.append(call)
        call.heapIndex = Int32(self.calls.count - 1)
        self.moveUp(self.calls.count - 1)
    }

    /// Removes the call, if it is in the heap.
    mutating func remove(_ call: Call) {
        guard call.heapIndex >= 0 else { return }
        let index = Int(call.heapIndex)
        precondition(self.calls[index] === call, "a call is not at its place in the deadline heap")
        call.heapIndex = -1
        let last = self.calls.removeLast()
        guard last !== call else { return }
        self.place(last, at: index)
        self.moveUp(index)
        self.moveDown(Int(last.heapIndex))
    }

    /// Removes and returns the earliest call whose deadline is not after `now`.
    mutating func popDue(_ now: NIODeadline) -> Call? {
        guard let first = self.calls.first, first.deadline <= now else { return nil }
        self.remove(first)
        return first
    }

    private mutating func place(_ call: Call, at index: Int) {
        self.calls[index] = call
        call.heapIndex = Int32(index)
    }

    private mutating func moveUp(_ start: Int) {
        var index = start
        let call = self.calls[index]
        while index > 0 {
            let parent = (index - 1) / 2
            guard call.deadline < self.calls[parent].deadline else { break }
            self.place(self.calls[parent], at: index)
            index = parent
        }
        self.place(call, at: index)
    }

    private mutating func moveDown(_ start: Int) {
        var index = start
        let call = self.calls[index]
        while true {
            var child = 2 * index + 1
            guard child < self.calls.count else { break }
            let right = child + 1
            if right < self.calls.count, self.calls[right].deadline < self.calls[child].deadline {
                child = right
            }
            guard self.calls[child].deadline < call.deadline else { break }
            self.place(self.calls[child], at: index)
            index = child
        }
        self.place(call, at: index)
    }
}
