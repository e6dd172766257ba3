internal import COpenSSL

/// What OpenSSL's per-thread error queue held after a failed call.
///
/// Clear the queue before a call and take it right after, without leaving the thread in between.
struct OpenSSLFailure {
    /// The library and reason of the first (innermost) error, 0 when the queue was empty.
    let code: UInt
    /// All reasons, innermost first.
    let text: String?

    /// Reads and empties the calling thread's queue.
    static func take() -> OpenSSLFailure {
        var first: UInt = 0
        var reasons: [String] = []
        // The queue holds at most 16 entries (ERR_NUM_ERRORS), so this ends.
        while true {
            var detail: UnsafePointer<CChar>?
            var flags: CInt = 0
            let code = ERR_get_error_all(nil, nil, nil, &detail, &flags)
            if code == 0 { break }
            if first == 0 { first = code }
            reasons.append(Self.reason(code, detail: flags & ERR_TXT_STRING != 0 ? detail : nil))
        }
        return OpenSSLFailure(
            code: first,
            text: reasons.isEmpty ? nil : reasons.joined(separator: "; ")
        )
    }

    /// Empties the calling thread's queue.
    static func clear() {
        // Emptying an empty queue walks all its 16 entries, a tenth of a small write's cost.
        if ERR_peek_error() != 0 { ERR_clear_error() }
    }

    /// The reason when the first error came from the TLS library itself, else 0.
    var tlsReason: CInt {
        ERR_GET_LIB(self.code) == ERR_LIB_SSL ? ERR_GET_REASON(self.code) : 0
    }

    private static func reason(_ code: UInt, detail: UnsafePointer<CChar>?) -> String {
        var text = "error \(String(code, radix: 16))"
        if let known = ERR_reason_error_string(code) {
            text = String(cString: known)
        } else if ERR_GET_LIB(code) == ERR_LIB_SYS {
            text = copenssl_system_error(ERR_GET_REASON(code)).map { String(cString: $0) } ?? text
        }
        guard let detail, detail.pointee != 0 else { return text }
        return "\(text) (\(String(cString: detail)))"
    }
}
