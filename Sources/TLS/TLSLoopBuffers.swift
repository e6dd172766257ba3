internal import COpenSSL
package import NIOCore

/// The buffers that all TLS connections of one event loop share.
///
/// Create one per loop and hand it to every `TLSHandler` of that loop; it MUST only be used there.
/// An idle connection then owns no buffer at all: ciphertext is read where it arrived, a partial
/// record is kept by OpenSSL until it is whole, and what is written goes through one buffer, which
/// is emptied before the next connection uses it.
package final class TLSLoopBuffers {
    /// What the BIO works on; set up and taken within one call, see `LoopIO`.
    let io: UnsafeMutablePointer<LoopIO>
    let bio: OpaquePointer
    /// Small writes are gathered here into one record.
    let gathered: UnsafeMutableRawBufferPointer
    /// Plaintext on its way up; reused when the reader kept none of it.
    var plaintext: ByteBuffer
    let allocator: ByteBufferAllocator

    /// Makes the buffers of one loop.
    package init(allocator: ByteBufferAllocator = ByteBufferAllocator()) {
        self.allocator = allocator
        self.io = UnsafeMutablePointer<LoopIO>.allocate(capacity: 1)
        self.io.initialize(to: LoopIO(output: allocator.buffer(capacity: LoopIO.outputBytes)))
        self.bio = LoopBIO.make(self.io)
        self.gathered = UnsafeMutableRawBufferPointer.allocate(
            byteCount: TLSLimits.recordPlaintextBytesMax,
            alignment: 64
        )
        self.plaintext = allocator.buffer(capacity: LoopIO.outputBytes)
    }

    deinit {
        BIO_free(self.bio)
        self.io.deinitialize(count: 1)
        self.io.deallocate()
        self.gathered.deallocate()
    }

    /// Copies `bytes` to `offset` of the gathering buffer, where they MUST fit.
    func gather(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
        UnsafeMutableRawBufferPointer(rebasing: self.gathered[offset...]).copyMemory(from: bytes)
    }

    /// Ciphertext made and not yet taken.
    var outputBytes: Int { self.io.pointee.output.readableBytes }

    /// Writes as much of the output as the socket takes; true when that was all of it.
    func writeOutput(to socket: DirectSocket) -> Bool {
        let io = self.io
        let isWhole = io.pointee.output.readWithUnsafeReadableBytes { bytes in
            let count = socket.write(bytes)
            return (count, count == bytes.count)
        }
        if isWhole { io.pointee.output.clear() }
        return isWhole
    }

    /// The output in a buffer of its own, for a channel that keeps it until the socket takes it.
    func takeOutput() -> ByteBuffer {
        let own = self.allocator.buffer(bytes: self.io.pointee.output.readableBytesView)
        self.io.pointee.output.clear()
        return own
    }
}

@available(*, unavailable)
extension TLSLoopBuffers: Sendable {}
