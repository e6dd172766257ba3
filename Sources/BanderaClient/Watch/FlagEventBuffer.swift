/// The events that wait for one consumer: bounded, oldest dropped first, and honest about it.
package struct FlagEventBuffer: Sendable {
    private var events: [FlagEvent] = []
    private var head = 0
    private var dropped = 0
    private let capacity: Int

    /// A buffer of at most `capacity` events.
    package init(capacity: Int = ClientLimits.changesBufferedMax) {
        precondition(capacity > 0)
        self.capacity = capacity
    }

    /// Adds an event, at the expense of the oldest one when the buffer is full.
    package mutating func append(_ event: FlagEvent) {
        if self.events.count - self.head == self.capacity {
            self.head += 1
            self.dropped += 1
        }
        // Compacting only when half is spent keeps both ends O(1) on average.
        if self.head > self.capacity {
            self.events.removeFirst(self.head)
            self.head = 0
        }
        self.events.append(event)
    }

    /// Takes the oldest event; first of all the news that some are missing.
    package mutating func popFirst() -> FlagEvent? {
        if self.dropped > 0 {
            defer { self.dropped = 0 }
            return .dropped(self.dropped)
        }
        guard self.head < self.events.count else { return nil }
        let event = self.events[self.head]
        self.head += 1
        if self.head == self.events.count {
            self.events.removeAll(keepingCapacity: true)
            self.head = 0
        }
        return event
    }
}
