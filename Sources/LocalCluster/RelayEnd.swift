internal import NIOCore

/// One end of a relayed connection: passes what it reads to the other end, or holds it.
final class RelayEnd: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    /// A cycle on purpose: a channel keeps its handler, and breaks the cycle when it closes.
    var other: RelayEnd?
    private var context: ChannelHandlerContext?
    private var isHeld = true
    private var held: [ByteBuffer] = []
    private var heldBytes = 0
    /// Whether this end's socket has closed.
    private(set) var hasEnded = false

    // MARK: - What the relay decides

    func hold() { self.isHeld = true }

    func release() {
        guard self.isHeld else { return }
        self.isHeld = false
        for buffer in self.held { self.other?.write(buffer) }
        self.held = []
        self.heldBytes = 0
        self.other?.flush()
        if self.hasEnded { self.finish() } else { self.setReading(self.other?.isWritable ?? true) }
    }

    func close() { self.context?.close(promise: nil) }

    // MARK: - What the other end gives

    private var isWritable: Bool { self.context?.channel.isWritable ?? false }

    private func write(_ buffer: ByteBuffer) {
        self.context?.write(NIOAny(buffer), promise: nil)
    }

    private func flush() { self.context?.flush() }

    /// Closes once everything before is on its way.
    private func closeAfterWriting() {
        guard let context = self.context else { return }
        let channel = context.channel
        context.writeAndFlush(NIOAny(ByteBuffer())).whenComplete { _ in channel.close(promise: nil)
        }
    }

    private func setReading(_ isReading: Bool) {
        guard let context = self.context else { return }
        try? context.channel.syncOptions?.setOption(.autoRead, value: isReading)
        if isReading { context.read() }
    }

    private func finish() {
        self.other?.closeAfterWriting()
        self.other = nil
    }
}

// MARK: - What the socket says

extension RelayEnd {
    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = self.unwrapInboundIn(data)
        guard self.isHeld else {
            self.other?.write(buffer)
            return
        }
        self.held.append(buffer)
        self.heldBytes += buffer.readableBytes
        // The rest waits in the kernel, and then on the sender's side.
        if self.heldBytes > LocalClusterLimits.heldBytesMax { self.setReading(false) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        guard !self.isHeld, let other = self.other else { return }
        other.flush()
        if !other.isWritable { self.setReading(false) }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        guard context.channel.isWritable, let other = self.other, !other.isHeld else { return }
        other.setReading(true)
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.hasEnded = true
        self.context = nil
        // The other side of a cut link must not notice.
        if !self.isHeld { self.finish() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}

@available(*, unavailable)
extension RelayEnd: Sendable {}
