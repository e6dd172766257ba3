internal import Raft

/// A bound on bytes per second that allows short bursts.
struct TokenBucket: Sendable {
    private let bytesPerSecond: UInt64
    private let capacity: UInt64
    private var tokens: UInt64
    private var filledAt: Tick

    init(bytesPerSecond: UInt64, burst: UInt64, now: Tick) {
        precondition(bytesPerSecond > 0 && burst > 0, "a bucket that gives nothing")
        // A tenth of a second's worth: enough to keep going between two ticks of a busy loop.
        self.bytesPerSecond = min(bytesPerSecond, 1 << 40)
        self.capacity = max(self.bytesPerSecond / 10, burst)
        self.tokens = self.capacity
        self.filledAt = now
    }

    /// Takes the tokens if they are there.
    mutating func take(_ bytes: Int, now: Tick) -> Bool {
        self.fill(now)
        guard self.tokens >= UInt64(bytes) else { return false }
        self.tokens -= UInt64(bytes)
        return true
    }

    /// When so many tokens will be there.
    func ready(for bytes: Int) -> Tick {
        let missing = UInt64(bytes) - min(self.tokens, UInt64(bytes))
        return self.filledAt + (missing * 1_000 + self.bytesPerSecond - 1) / self.bytesPerSecond
    }

    private mutating func fill(_ now: Tick) {
        guard now > self.filledAt else { return }
        let elapsed = min(now.rawValue - self.filledAt.rawValue, 10_000)
        let gained = elapsed * self.bytesPerSecond / 1_000
        // A slow rate gains less than a byte in a millisecond: then time goes on counting.
        guard gained > 0 else { return }
        self.tokens = min(self.capacity, self.tokens + gained)
        self.filledAt = now
    }
}
