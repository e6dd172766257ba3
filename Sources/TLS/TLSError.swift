/// Why a TLS connection, context or certificate could not be used, and what to do about it.
package struct TLSError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kind of failure, for code that has to tell one from another.
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Kind: String {
            case configuration, certificate, verification, identity, alpn, handshake
            case handshakeTimeout, notTLS, violation, closedUncleanly, closed, overloaded
            case allocation, file
        }

        private let kind: Kind

        /// A configuration value is missing, contradictory or refused by OpenSSL.
        package static let configuration = Code(kind: .configuration)
        /// A certificate or key could not be parsed, created or used.
        package static let certificate = Code(kind: .certificate)
        /// A certificate chain was refused: wrong authority, expired, wrong purpose, or missing.
        package static let verification = Code(kind: .verification)
        /// The certificate is trusted but names somebody else, or nobody.
        package static let identity = Code(kind: .identity)
        /// The two sides speak no common application protocol.
        package static let alpn = Code(kind: .alpn)
        /// The handshake failed for another reason.
        package static let handshake = Code(kind: .handshake)
        /// The handshake did not finish in the configured time.
        package static let handshakeTimeout = Code(kind: .handshakeTimeout)
        /// The bytes are not TLS 1.3.
        package static let notTLS = Code(kind: .notTLS)
        /// The peer broke the protocol after the handshake.
        package static let violation = Code(kind: .violation)
        /// The connection ended without a close_notify: what was received may be cut short.
        package static let closedUncleanly = Code(kind: .closedUncleanly)
        /// The connection is closed; nothing can be written to it.
        package static let closed = Code(kind: .closed)
        /// More was written than may be buffered.
        package static let overloaded = Code(kind: .overloaded)
        /// OpenSSL could not allocate.
        package static let allocation = Code(kind: .allocation)
        /// A file could not be read or written.
        package static let file = Code(kind: .file)

        package var description: String { self.kind.rawValue }
    }

    package let code: Code
    /// What happened and what to do next, for the operator.
    package let message: String
    /// OpenSSL's (or the operating system's) own words, when there are any.
    package let cause: String?

    package init(_ code: Code, _ message: String, cause: String? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// Errors are equal when their codes are: messages are for people.
    package static func == (lhs: TLSError, rhs: TLSError) -> Bool { lhs.code == rhs.code }

    package var description: String {
        let text = "TLS \(self.code): \(self.message)"
        guard let cause = self.cause else { return text }
        return "\(text) [\(cause)]"
    }
}
