internal import COpenSSL
package import NIOCore

/// The buffers that all TLS connections of one event loop share.
///
/// Create one per loop and hand it to every `TLSHandler` of that loop; it MUST only be used there.
/// An idle connection then owns no buffer at all: ciphertext is read where it arrived, a partial
/// record is kept by OpenSSL until it is whole, and what is written goes through one buffer, which
/// is free again when the socket took it.
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
    var outputBytes: Int {
        self.io.pointee.outputIsTaken ? 0 : self.io.pointee.output.readableBytes
    }

    /// Ciphertext made since the last call, if any; the storage stays shared until it is released.
    func takeOutput() -> ByteBuffer? {
        guard !self.io.pointee.outputIsTaken else { return nil }
        guard self.io.pointee.output.readableBytes > 0 else { return nil }
        self.io.pointee.outputIsTaken = true
        return self.io.pointee.output
    }

    /// Makes the output buffer ready for the next record, and says whether the last one that was
    /// taken is still held by somebody: then the socket did not take it at once.
    func reclaimOutput() -> Bool {
        guard self.io.pointee.outputIsTaken else { return false }
        self.io.pointee.outputIsTaken = false
        let before = self.io.pointee.output.storageAddress
        self.io.pointee.output.clear(minimumCapacity: LoopIO.outputBytes)
        return before != self.io.pointee.output.storageAddress
    }
}

@available(*, unavailable)
extension TLSLoopBuffers: Sendable {}

extension ByteBuffer {
    /// Where the storage lies: equal before and after `clear` only when nobody else held it.
    fileprivate var storageAddress: UnsafeRawPointer? {
        self.withVeryUnsafeBytes { $0.baseAddress }
    }
}
