internal import COpenSSL

/// One subject alternative name of a certificate.
struct AlternativeName {
    enum Kind {
        case uri
        case dns
        case ip
        case other
    }

    let kind: Kind
    let text: String
}

/// Reads the subject alternative names of certificates.
enum AlternativeNames {
    /// All names in the certificate's order.
    ///
    /// Text that is not plain ASCII is given as `?`, so
    /// that an embedded NUL or a foreign letter can never look like an accepted name.
    static func read(_ certificate: OpaquePointer) -> [AlternativeName] {
        guard let names = copenssl_alternative_names(certificate) else { return [] }
        defer { copenssl_alternative_names_free(names) }
        return (0..<copenssl_alternative_names_count(names)).map { index in
            var start: UnsafePointer<UInt8>?
            var count: CInt = 0
            let kind = copenssl_alternative_name(names, index, &start, &count)
            let bytes = UnsafeBufferPointer(start: start, count: Int(count))
            switch kind {
            case GEN_URI: return AlternativeName(kind: .uri, text: Self.ascii(bytes))
            case GEN_DNS: return AlternativeName(kind: .dns, text: Self.ascii(bytes))
            case GEN_IPADD: return AlternativeName(kind: .ip, text: Self.address(bytes))
            default: return AlternativeName(kind: .other, text: Self.ascii(bytes))
            }
        }
    }

    private static func ascii(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        let isPlain = bytes.allSatisfy { (0x21...0x7e).contains($0) }
        return isPlain ? String(decoding: bytes, as: UTF8.self) : "?"
    }

    private static func address(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        switch bytes.count {
        case 4:
            return bytes.map { String($0) }.joined(separator: ".")
        case 16:
            let groups = stride(from: 0, to: 16, by: 2).map { index in
                String(UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1]), radix: 16)
            }
            return groups.joined(separator: ":")
        default:
            return "?"
        }
    }
}
