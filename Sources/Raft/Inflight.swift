/// The appends that one peer has not acknowledged, bounded by their number and their bytes.
struct Inflight: Hashable, Sendable {
    private struct Sent: Hashable, Sendable {
        var last: LogIndex
        var bytes: Int
    }

    /// A ring; grown on demand up to `messagesMax`.
    private var slots: [Sent] = []
    private var head = 0
    private(set) var count = 0
    private(set) var bytes = 0
    private let messagesMax: Int
    private let bytesMax: Int

    init(messagesMax: Int, bytesMax: Int) {
        precondition(messagesMax > 0, "a window of \(messagesMax) messages never opens")
        precondition(bytesMax > 0, "a window of \(bytesMax) bytes never opens")
        self.messagesMax = messagesMax
        self.bytesMax = bytesMax
    }

    var isEmpty: Bool { self.count == 0 }

    /// Whether another append has to wait.
    ///
    /// The last one may overshoot the bytes.
    var isFull: Bool { self.count >= self.messagesMax || self.bytes >= self.bytesMax }

    /// Records an append that ends at `last`.
    mutating func add(last: LogIndex, bytes: Int) {
        precondition(!self.isFull, "append beyond the window: \(self.count), \(self.bytes) bytes")
        precondition(bytes >= 0, "negative size \(bytes)")
        if self.count == self.slots.count { self.grow() }
        self.slots[(self.head + self.count) % self.slots.count] = Sent(last: last, bytes: bytes)
        self.count += 1
        self.bytes += bytes
    }

    /// Forgets every append that ends at or before `match`.
    mutating func acknowledge(through match: LogIndex) {
        while self.count > 0, self.slots[self.head].last <= match {
            self.bytes -= self.slots[self.head].bytes
            self.head = (self.head + 1) % self.slots.count
            self.count -= 1
        }
        precondition(self.bytes >= 0, "released more bytes than were sent")
        precondition(self.count > 0 || self.bytes == 0, "\(self.bytes) bytes without a message")
    }

    /// Forgets everything.
    mutating func removeAll() {
        self.head = 0
        self.count = 0
        self.bytes = 0
    }

    private mutating func grow() {
        precondition(self.count < self.messagesMax, "the window is full")
        var grown: [Sent] = []
        let capacity = min(max(8, self.slots.count * 2), self.messagesMax)
        grown.reserveCapacity(capacity)
        for offset in 0..<self.count {
            grown.append(self.slots[(self.head + offset) % self.slots.count])
        }
        while grown.count < capacity { grown.append(Sent(last: .zero, bytes: 0)) }
        self.slots = grown
        self.head = 0
    }
}
