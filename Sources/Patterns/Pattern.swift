internal import CPatterns

/// A regular expression of PCRE2, compiled: immutable and shared by any number of threads.
///
/// It is found anywhere in a text, unless it is anchored; `$` is the end of the text only. A match
/// is bounded in time and memory (`PatternLimits`), whatever the expression and the text, and
/// allocates nothing once its thread has made one.
///
/// `@unchecked Sendable`: the compiled code is never changed (pcre2api, "Multithreading").
package final class Pattern: @unchecked Sendable {
    /// What became of a match.
    package enum Outcome: Hashable, Sendable {
        case matched
        case unmatched
        /// It was given up at a limit: nobody knows.
        case limited
    }

    private static let sourceLimits = cpatterns_source_limits(
        pattern_bytes: PatternLimits.patternBytesMax,
        compiled_bytes: PatternLimits.compiledBytesMax,
        parentheses_depth: PatternLimits.parenthesesDepthMax
    )
    private static let matchLimits = cpatterns_match_limits(
        steps: PatternLimits.matchStepsMax,
        depth: PatternLimits.matchDepthMax,
        heap_kibibytes: PatternLimits.matchKibibytesMax
    )

    private let code: UnsafeMutableRawPointer

    /// Compiles `source`; with `ignoresCase`, letters stand for themselves in either case.
    package init(_ source: String, ignoresCase: Bool = false) throws(PatternError) {
        guard source.utf8.count <= PatternLimits.patternBytesMax else {
            throw PatternError(
                .tooLong,
                offset: PatternLimits.patternBytesMax,
                "the pattern has \(source.utf8.count) bytes,"
                    + " more than \(PatternLimits.patternBytesMax)"
            )
        }
        var mistake = cpatterns_mistake()
        let code = source.utf8.span.withUnsafeBufferPointer { bytes in
            Self.withBase(of: bytes) {
                cpatterns_compile($0, bytes.count, ignoresCase, Self.sourceLimits, &mistake)
            }
        }
        guard let code else {
            let offset = min(mistake.offset, source.utf8.count)
            throw PatternError(.invalid, offset: offset, Self.message(mistake.number))
        }
        self.code = code
    }

    deinit { cpatterns_free(self.code) }

    /// Looks for the expression in `text`.
    package func match(_ text: borrowing String) -> Outcome {
        let bytes = text.utf8.span
        guard bytes.count <= PatternLimits.subjectBytesMax else { return .limited }
        let outcome = bytes.withUnsafeBufferPointer { bytes in
            Self.withBase(of: bytes) {
                cpatterns_match(self.code, $0, bytes.count, Self.matchLimits)
            }
        }
        return switch outcome {
        case cpatterns_matched: .matched
        case cpatterns_unmatched: .unmatched
        default: .limited
        }
    }

    /// Where the bytes are: an empty text may have no place, which PCRE2 would not take.
    private static func withBase<Result>(
        of bytes: UnsafeBufferPointer<UInt8>,
        _ body: (UnsafePointer<UInt8>) -> Result
    ) -> Result {
        guard let base = bytes.baseAddress else {
            var nothing: UInt8 = 0
            return body(&nothing)
        }
        return body(base)
    }

    private static func message(_ number: CInt) -> String {
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = cpatterns_message(number, &buffer, buffer.count)
        return String(decoding: buffer.prefix(count), as: UTF8.self)
    }
}
