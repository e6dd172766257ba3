internal import Glibc
internal import NIOCore

/// The socket of a channel, for writes that need not go through the channel.
///
/// A channel's own write costs as much again as encrypting a small frame does. MUST only be used
/// while the channel is open, because a closed descriptor may be somebody else's by now, and while
/// nothing waits in the channel, because the order of the bytes would be lost.
struct DirectSocket {
    private let descriptor: CInt

    /// The socket below the pipeline; nil when there is none, as in an embedded channel.
    init?(_ context: ChannelHandlerContext) {
        let operations = context.pipeline.syncOperations
        // A channel that is closed already has no socket either.
        let handle = try? operations.withUnsafeTransportIfAvailable(
            of: NIOBSDSocket.Handle.self
        ) { handle in handle }
        guard let handle else { return nil }
        self.descriptor = handle
    }

    /// Writes what the socket takes now, and says how many bytes that was.
    ///
    /// A failure counts as nothing taken: the channel meets it again and reports it.
    func write(_ bytes: UnsafeRawBufferPointer) -> Int {
        max(0, Glibc.send(self.descriptor, bytes.baseAddress, bytes.count, Self.flags))
    }

    private static let flags = CInt(MSG_NOSIGNAL) | CInt(MSG_DONTWAIT)
}
