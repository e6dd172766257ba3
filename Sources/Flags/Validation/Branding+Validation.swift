extension Branding {
    /// Requires of each part that is not empty: an https address, `#rrggbb`, a language tag, the
    /// name of a host.
    public func validate() throws(FlagsError) {
        if !self.logo.isEmpty { try Self.check(logo: self.logo) }
        try Self.check(color: self.primaryColor, "the primary colour")
        try Self.check(color: self.accentColor, "the accent colour")
        if !self.locale.isEmpty, !Self.isLanguageTag(self.locale) {
            throw FlagsError(
                .invalidText,
                "the locale \(TextRules.quoted(self.locale)) is not a language tag such as es-MX"
            )
        }
        if !self.host.isEmpty, !Self.isHost(self.host[...]) {
            throw FlagsError(
                .invalidText,
                "the host \(TextRules.quoted(self.host)) is not a name such as flags.example.com"
            )
        }
    }

    private static func check(logo: String) throws(FlagsError) {
        try TextRules.checkText(logo, "the logo", bytesMax: FlagsLimits.addressBytesMax)
        let scheme = "https://"
        let rest = logo.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let host = authority.prefix { $0 != ":" }
        let port = authority.dropFirst(host.count)
        guard logo.hasPrefix(scheme), Self.isHost(host),
            port.isEmpty || UInt16(port.dropFirst()) != nil,
            rest.utf8.allSatisfy(Self.mayStandInAddress)
        else {
            throw FlagsError(
                .invalidText,
                "the logo \(TextRules.quoted(logo)) is not an address such as "
                    + "https://example.com/logo.svg"
            )
        }
    }

    /// What RFC 3986 lets stand in an address unescaped, and `%`.
    private static func mayStandInAddress(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F
            && !#""<>\^`{|}"#.utf8.contains(byte)
    }

    private static func check(color: String, _ what: String) throws(FlagsError) {
        guard !color.isEmpty else { return }
        let digits = color.utf8.dropFirst()
        guard color.utf8.first == UInt8(ascii: "#"), digits.count == 6,
            digits.allSatisfy({ Unicode.Scalar($0).properties.isASCIIHexDigit })
        else {
            throw FlagsError(
                .invalidText,
                "\(what) \(TextRules.quoted(color)) is not a colour such as #1a2b3c"
            )
        }
    }

    /// Whether `text` has the form of a tag of BCP 47: letters, then parts of letters and digits.
    private static func isLanguageTag(_ text: String) -> Bool {
        guard text.utf8.count <= FlagsLimits.localeBytesMax else { return false }
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard let language = parts.first, (2...8).contains(language.count),
            language.allSatisfy(Self.isLetter)
        else { return false }
        return parts.dropFirst().allSatisfy { part in
            (1...8).contains(part.count)
                && part.allSatisfy { Self.isLetter($0) || Self.isDigit($0) }
        }
    }

    /// Whether `text` is the name of a host in lower case (RFC 1123, section 2.1).
    private static func isHost(_ text: Substring) -> Bool {
        guard text.utf8.count <= FlagsLimits.hostBytesMax else { return false }
        let labels = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return labels.allSatisfy { label in
            (1...63).contains(label.count) && label.first != UInt8(ascii: "-")
                && label.last != UInt8(ascii: "-")
                && label.allSatisfy(TextRules.Alphabet.tenant.has)
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
