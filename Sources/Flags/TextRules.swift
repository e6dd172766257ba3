/// What the texts of commands must look like.
///
/// Each check names the offender in its error.
enum TextRules {
    /// Which characters an id may have.
    enum Alphabet {
        /// `a-z 0-9 -`
        case tenant
        /// `a-z A-Z 0-9 . _ -`
        case identifier
        /// `a-z A-Z 0-9 . _ - @`
        case member

        func has(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"):
                true
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "."), UInt8(ascii: "_"):
                self != .tenant
            case UInt8(ascii: "@"):
                self == .member
            default:
                false
            }
        }

        var description: String {
            switch self {
            case .tenant: "a-z 0-9 -"
            case .identifier: "a-z A-Z 0-9 . _ -"
            case .member: "a-z A-Z 0-9 . _ - @"
            }
        }
    }

    /// Requires 1 through `bytesMax` characters of `alphabet`.
    static func checkName(
        _ text: String,
        _ what: String,
        _ alphabet: Alphabet,
        bytesMax: Int
    ) throws(FlagsError) {
        guard !text.isEmpty, text.utf8.count <= bytesMax else {
            throw FlagsError(
                .invalidName,
                "\(what) must have 1 to \(bytesMax) characters, not \(text.utf8.count)"
            )
        }
        for byte in text.utf8 where !alphabet.has(byte) {
            throw FlagsError(
                .invalidName,
                "\(what) \(Self.quoted(text)) may only have \(alphabet.description)"
            )
        }
    }

    /// Requires 1 through 64 of `a-z 0-9 -`.
    static func checkTenant(_ text: String, _ what: String) throws(FlagsError) {
        try self.checkName(text, what, .tenant, bytesMax: FlagsLimits.tenantBytesMax)
    }

    /// Requires 1 through 128 of `a-z A-Z 0-9 . _ -`.
    static func checkIdentifier(_ text: String, _ what: String) throws(FlagsError) {
        try self.checkName(text, what, .identifier, bytesMax: FlagsLimits.identifierBytesMax)
    }

    /// Requires a text that may be shown on one line.
    static func checkDisplayName(_ text: String, _ what: String) throws(FlagsError) {
        try self.checkText(text, what, bytesMax: FlagsLimits.nameBytesMax)
    }

    /// Requires at most `max` of something.
    static func checkCount(_ count: Int, _ what: String, max: Int) throws(FlagsError) {
        guard count <= max else {
            throw FlagsError(.limitExceeded, "\(count) \(what), more than \(max)")
        }
    }

    /// Requires texts of 1 through `bytesMax` bytes without control characters.
    static func checkEntries(
        _ entries: [String],
        _ what: String,
        bytesMax: Int
    ) throws(FlagsError) {
        for index in entries.indices {
            guard !entries[index].isEmpty else {
                throw FlagsError(.invalidText, "an empty text among the \(what)")
            }
            try self.checkText(entries[index], "an entry of the \(what)", bytesMax: bytesMax)
        }
    }

    /// Requires at most `bytesMax` bytes and no control characters, but for line breaks and tabs if
    /// allowed.
    static func checkText(
        _ text: String,
        _ what: String,
        bytesMax: Int,
        allowsLines: Bool = false
    ) throws(FlagsError) {
        guard text.utf8.count <= bytesMax else {
            throw FlagsError(
                .limitExceeded,
                "\(what) has \(text.utf8.count) bytes, more than \(bytesMax)"
            )
        }
        let span = text.utf8.span
        for index in span.indices where span[index] < 0x20 || span[index] == 0x7F {
            let isLayout = span[index] == 0x09 || span[index] == 0x0A || span[index] == 0x0D
            guard allowsLines && isLayout else {
                throw FlagsError(.invalidText, "\(what) has a control character")
            }
        }
    }

    /// The text in quotes, cut where it is too long for a message.
    static func quoted(_ text: String) -> String {
        text.utf8.count <= 80 ? "\"\(text)\"" : "\"\(text.prefix(40))…\""
    }
}
