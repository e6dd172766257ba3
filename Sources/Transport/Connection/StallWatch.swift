internal import NIOCore

/// Notices a peer that reads nothing while bytes wait for it.
///
/// Reads no clock and does no I/O.
struct StallWatch {
    private var waitingBytes = 0
    private var since: NIODeadline?

    /// Says that the peer takes what is sent to it.
    mutating func flows() {
        self.since = nil
    }

    /// Takes how many bytes wait in the socket's queue, to which nothing was added since the last
    /// look.
    ///
    /// Returns whether that has been too much for too long.
    mutating func look(
        waitingBytes: Int,
        now: NIODeadline,
        timeout: TimeAmount
    ) -> Bool {
        guard let since = self.since, waitingBytes == self.waitingBytes else {
            self.since = now
            self.waitingBytes = waitingBytes
            return false
        }
        return now - since >= timeout
    }
}
