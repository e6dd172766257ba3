extension JSONReader {
    /// Reads a number (RFC 8259, section 6).
    mutating func number() throws(FlagsError) -> Double {
        let start = self.position
        let isNegative = self.next == UInt8(ascii: "-")
        if isNegative { self.position += 1 }
        let firstDigit = self.position
        let (whole, wholeDigits) = self.digits()
        guard wholeDigits > 0 else { throw self.failure("a digit is expected") }
        guard wholeDigits == 1 || self.bytes[firstDigit] != UInt8(ascii: "0") else {
            self.position = firstDigit
            throw self.failure("a number may not begin with 0 and another digit")
        }
        var isWhole = true
        if self.next == UInt8(ascii: ".") {
            isWhole = false
            self.position += 1
            guard self.digits().count > 0 else { throw self.failure("a digit is expected") }
        }
        if self.next == UInt8(ascii: "e") || self.next == UInt8(ascii: "E") {
            isWhole = false
            self.position += 1
            if self.next == UInt8(ascii: "+") || self.next == UInt8(ascii: "-") {
                self.position += 1
            }
            guard self.digits().count > 0 else { throw self.failure("a digit is expected") }
        }
        // Fifteen digits are exact in a Double.
        if isWhole, wholeDigits <= 15 { return isNegative ? -Double(whole) : Double(whole) }
        let text = String(decoding: self.bytes[start..<self.position], as: UTF8.self)
        guard let number = Double(text), number.isFinite else {
            self.position = start
            throw self.failure("the number is too great")
        }
        return number
    }

    /// Reads digits: their value, which is right for up to fifteen, and how many there are.
    private mutating func digits() -> (value: UInt64, count: Int) {
        var value: UInt64 = 0
        var count = 0
        while let byte = self.next, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
            value = value &* 10 &+ UInt64(byte - UInt8(ascii: "0"))
            count += 1
            self.position += 1
        }
        return (value, count)
    }

    /// Reads a string (RFC 8259, section 7); the opening quote is next.
    mutating func string() throws(FlagsError) -> String {
        let open = self.position
        self.position += 1
        let start = self.position
        var isASCII = try self.skipPlain(from: open)
        if self.next == UInt8(ascii: "\"") {
            let text = try self.text(self.bytes[start..<self.position], isASCII, from: open)
            self.position += 1
            return text
        }
        var content = Array(self.bytes[start..<self.position])
        while self.next == UInt8(ascii: "\\") {
            self.position += 1
            try self.escape(into: &content)
            let plain = self.position
            isASCII = try self.skipPlain(from: open) && isASCII
            content.append(contentsOf: self.bytes[plain..<self.position])
        }
        // What escapes stand for is valid by itself, and no part of it can complete what is not.
        let text = try self.text(content[...], isASCII, from: open)
        self.position += 1
        return text
    }

    /// Goes on to the next quote or backslash, and says whether all on the way was ASCII.
    private mutating func skipPlain(from open: Int) throws(FlagsError) -> Bool {
        var index = self.position
        var bits: UInt8 = 0
        while index < self.bytes.count {
            let byte = self.bytes[index]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                self.position = index
                return bits < 0x80
            }
            guard byte >= 0x20 else {
                self.position = index
                throw self.failure("a control character in a text must be escaped")
            }
            bits |= byte
            index += 1
        }
        self.position = open
        throw self.failure("the text that begins here does not end")
    }

    private mutating func text(
        _ content: ArraySlice<UInt8>,
        _ isASCII: Bool,
        from open: Int
    ) throws(FlagsError) -> String {
        if isASCII { return String(decoding: content, as: UTF8.self) }
        guard let text = String(validating: content, as: UTF8.self) else {
            self.position = open
            throw self.failure("the text that begins here is not UTF-8")
        }
        return text
    }

    private mutating func escape(into content: inout [UInt8]) throws(FlagsError) {
        guard let byte = self.next else { return }
        self.position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(byte)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0C)
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "u"): content.append(contentsOf: try self.scalar())
        default:
            self.position -= 2
            throw self.failure("there is no such escape")
        }
    }

    /// Reads what follows `\u`, and the other half of a surrogate pair.
    private mutating func scalar() throws(FlagsError) -> Unicode.UTF8.EncodedScalar {
        let start = self.position - 2
        var code = try self.hexadecimal()
        if code >= 0xD800, code < 0xDC00, self.next == UInt8(ascii: "\\") {
            self.position += 1
            if self.next == UInt8(ascii: "u") {
                self.position += 1
                let low = try self.hexadecimal()
                if low >= 0xDC00, low < 0xE000 {
                    code = 0x1_0000 + ((code - 0xD800) << 10) + (low - 0xDC00)
                }
            }
        }
        guard let scalar = Unicode.Scalar(code), let encoded = Unicode.UTF8.encode(scalar) else {
            self.position = start
            throw self.failure("half of a surrogate pair")
        }
        return encoded
    }

    private mutating func hexadecimal() throws(FlagsError) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            let digit: UInt8
            switch self.next {
            case .some(let byte) where byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"):
                digit = byte - UInt8(ascii: "0")
            case .some(let byte) where byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "f"):
                digit = byte - UInt8(ascii: "a") + 10
            case .some(let byte) where byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "F"):
                digit = byte - UInt8(ascii: "A") + 10
            default:
                throw self.failure("four hexadecimal digits are expected")
            }
            code = code << 4 | UInt32(digit)
            self.position += 1
        }
        return code
    }
}
