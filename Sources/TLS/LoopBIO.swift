internal import COpenSSL
internal import NIOCore

/// What the BIO of one event loop reads from and writes to during one OpenSSL call.
///
/// It belongs to no connection: the caller sets it up right before a call and takes the result
/// right after, and no user code runs in between.
struct LoopIO {
    /// Ciphertext not yet read; points into the `ByteBuffer` being processed.
    var input = UnsafeRawBufferPointer(start: nil, count: 0)
    /// Ciphertext made by the call.
    var output: ByteBuffer
    /// Whom the handshake in progress may be with.
    var peers = PeerPolicy.anyNodeOfAuthority
    /// Who the handshake in progress turned out to be with.
    var identity: PeerIdentity?
    /// Why our own check refused the peer's certificate, which OpenSSL cannot say.
    var refusal: TLSError?

    /// The capacity that `output` starts with: some small frames, or a handshake flight.
    static let outputBytes = 4_096
}

/// The BIO that all connections of one event loop share: it passes bytes to and from a `LoopIO`.
///
/// Two memory BIOs per connection would each keep a buffer; this keeps none. A BIO may be in any
/// number of SSL objects as long as one thread uses them, for it has no state between calls.
enum LoopBIO {
    /// Makes a BIO that works on `io`, which MUST outlive it and every SSL that it is set in.
    static func make(_ io: UnsafeMutablePointer<LoopIO>) -> OpaquePointer {
        guard let method = Self.method, let bio = BIO_new(method) else {
            preconditionFailure("OpenSSL could not allocate a BIO at start-up")
        }
        BIO_set_data(bio, io)
        BIO_set_init(bio, 1)
        return bio
    }

    /// The `LoopIO` behind the BIO of a connection.
    static func io(of bio: OpaquePointer?) -> UnsafeMutablePointer<LoopIO>? {
        BIO_get_data(bio)?.assumingMemoryBound(to: LoopIO.self)
    }

    // Never freed, never changed after its creation, so that all threads may read it.
    nonisolated(unsafe) private static let method: OpaquePointer? = {
        let type = BIO_get_new_index() | BIO_TYPE_SOURCE_SINK
        guard let method = BIO_meth_new(type, "bandera loop") else { return nil }
        BIO_meth_set_read_ex(method) { bio, bytes, count, read in
            guard let bio, let bytes, let read, let io = LoopBIO.io(of: bio) else { return 0 }
            let taken = min(count, io.pointee.input.count)
            guard taken > 0 else {
                copenssl_bio_set_retry_read(bio)
                return 0
            }
            UnsafeMutableRawBufferPointer(start: bytes, count: taken)
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: io.pointee.input[..<taken]))
            io.pointee.input = UnsafeRawBufferPointer(rebasing: io.pointee.input[taken...])
            copenssl_bio_clear_retry(bio)
            read.pointee = taken
            return 1
        }
        BIO_meth_set_write_ex(method) { bio, bytes, count, written in
            guard let bio, let bytes, let written, let io = LoopBIO.io(of: bio) else { return 0 }
            io.pointee.output.writeBytes(UnsafeRawBufferPointer(start: bytes, count: count))
            copenssl_bio_clear_retry(bio)
            written.pointee = count
            return 1
        }
        // Must not touch the LoopIO: it is also called while an SSL is being freed.
        BIO_meth_set_ctrl(method) { _, command, _, _ in command == BIO_CTRL_FLUSH ? 1 : 0 }
        return method
    }()
}
