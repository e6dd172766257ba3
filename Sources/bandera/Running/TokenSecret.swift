internal import TLS

/// The secret of a bearer token: known to whoever made it, and to the cluster by its hash only.
struct TokenSecret: Equatable, Sendable {
    private static let alphabet =
        Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)

    /// What a client sends.
    let text: String

    /// A new secret of more than 256 bits, from the system's random source.
    static func random() -> TokenSecret {
        var generator = SystemRandomNumberGenerator()
        let letters = (0..<ProgramLimits.secretLetters).map { _ in
            Self.alphabet[Int.random(in: Self.alphabet.indices, using: &generator)]
        }
        return TokenSecret(text: "bandera_" + String(decoding: letters, as: UTF8.self))
    }

    /// What the cluster is told of it.
    var sha256: String { SHA256.hex(Array(self.text.utf8)) }
}
