/// The named maximums of this module.
package enum TLSLimits {
    /// Plaintext that may wait for the handshake to finish; more closes the connection.
    package static let earlyWriteBytesMax = 1 << 20
    /// Plaintext writes that may wait for the handshake to finish.
    package static let earlyWritesMax = 4_096
    /// The plaintext of one TLS record (RFC 8446, section 5.1).
    package static let recordPlaintextBytesMax = 16_384
    /// Ciphertext that a handshake may take from one peer before it is cut.
    package static let handshakeBytesMax = 128 << 10
    /// The longest certificate chain message that is accepted.
    package static let certificateListBytesMax = 32 << 10
    /// The longest chain: leaf, intermediates, root.
    package static let chainDepthMax = 4
    /// A SPIFFE ID is at most this long (SPIFFE-ID, section 2.3).
    package static let identityBytesMax = 2_048
    /// A trust domain is at most this long (SPIFFE-ID, section 2.1).
    package static let clusterBytesMax = 255
    /// A PEM file that is larger than this is not read.
    package static let pemBytesMax = 1 << 20
    /// How long a handshake may take unless the configuration says otherwise.
    package static let handshakeTimeoutMilliseconds: Int64 = 5_000
    /// How long a close waits for its last bytes and the peer's close_notify.
    package static let closeTimeoutMilliseconds: Int64 = 1_000
}
