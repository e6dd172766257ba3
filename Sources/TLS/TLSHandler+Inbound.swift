package import NIOCore

extension TLSHandler {
    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = self.unwrapInboundIn(data)
        self.owesRead = true
        if self.state == .handshaking {
            self.continueHandshake(&buffer, context)
        }
        self.decrypt(&buffer, context)
    }

    package func channelReadComplete(context: ChannelHandlerContext) {
        context.fireChannelReadComplete()
        // The reader asked for bytes and got none yet: ask on its behalf.
        if self.owesRead && self.state != .closed {
            self.owesRead = false
            context.read()
        }
    }

    /// Decrypts all of `buffer` and hands the plaintext on in one piece.
    private func decrypt(_ buffer: inout ByteBuffer, _ context: ChannelHandlerContext) {
        guard self.state == .open || self.state == .closing, self.stream != nil else { return }
        guard buffer.readableBytes > 0 else { return }
        self.buffers.plaintext.clear(minimumCapacity: min(buffer.readableBytes, Self.chunkBytes))
        let end = self.fillPlaintext(from: &buffer)
        // A key update is answered by OpenSSL itself.
        self.send(context, promise: nil)
        if self.state == .open && self.buffers.plaintext.readableBytes > 0 {
            self.owesRead = false
            context.fireChannelRead(self.wrapInboundOut(self.buffers.plaintext))
        }
        switch end {
        case .done, .wantsInput:
            break
        case .closedByPeer:
            self.receivedCloseNotify(context)
        case .failed(let error):
            self.fail(error, context)
        }
    }

    /// Reads until OpenSSL has used all input: a partial record then lies in its own buffer.
    private func fillPlaintext(from buffer: inout ByteBuffer) -> SecureStream.Step {
        let io = self.buffers.io
        return buffer.readWithUnsafeReadableBytes { bytes in
            io.pointee.input = bytes
            defer { io.pointee.input = UnsafeRawBufferPointer(start: nil, count: 0) }
            while true {
                let room = max(
                    self.stream?.pendingBytes ?? 0,
                    min(io.pointee.input.count, TLSLimits.recordPlaintextBytesMax),
                    Self.readBytesMin
                )
                var step = SecureStream.Step.wantsInput
                self.buffers.plaintext.writeWithUnsafeMutableBytes(minimumWritableBytes: room) {
                    step = self.stream?.read(into: $0) ?? .wantsInput
                    if case .done(let count) = step { return count }
                    return 0
                }
                // OpenSSL reads no byte ahead, so that without input the next call would only say so.
                let isMore = !io.pointee.input.isEmpty || (self.stream?.pendingBytes ?? 0) > 0
                if case .done = step, isMore { continue }
                return (bytes.count - io.pointee.input.count, step)
            }
        }
    }

    private static var chunkBytes: Int { 65_536 }
    private static var readBytesMin: Int { 64 }
}
