package import NIOCore

/// The buffers that all TLS connections of one event loop share.
///
/// Create one per loop and hand it to every `TLSHandler` of that loop. It MUST only be used there.
package final class TLSLoopBuffers {
    /// Makes the buffers of one loop.
    package init(allocator: ByteBufferAllocator = ByteBufferAllocator()) {}
}

@available(*, unavailable)
extension TLSLoopBuffers: Sendable {}
