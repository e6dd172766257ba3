/// Writes RFC 8259 JSON as UTF-8 into a byte array, without a tree in between.
///
/// The caller keeps the order: `name` before each value of an object, every `begin` with its `end`.
public struct JSONWriter: Sendable {
    /// What has been written.
    public private(set) var bytes: [UInt8]
    /// Whether a comma is due before the next name or element.
    private var needsComma = false

    /// Begins an empty text.
    public init(reservingBytes capacity: Int = 0) {
        self.bytes = []
        self.bytes.reserveCapacity(capacity)
    }

    /// What has been written, as a string.
    public var text: String { String(decoding: self.bytes, as: UTF8.self) }

    /// How many bytes have been written.
    public var count: Int { self.bytes.count }

    /// Forgets what has been written and keeps the memory.
    public mutating func removeAll() {
        self.bytes.removeAll(keepingCapacity: true)
        self.needsComma = false
    }

    /// Writes `text` as it is, with neither quotes nor a comma.
    package mutating func verbatim(_ text: String) { self.append(text.utf8.span) }

    /// Begins another text behind what has been written.
    package mutating func beginText() { self.needsComma = false }

    /// Writes `{`.
    public mutating func beginObject() { self.begin(UInt8(ascii: "{")) }

    /// Writes `}`.
    public mutating func endObject() { self.end(UInt8(ascii: "}")) }

    /// Writes `[`.
    public mutating func beginArray() { self.begin(UInt8(ascii: "[")) }

    /// Writes `]`.
    public mutating func endArray() { self.end(UInt8(ascii: "]")) }

    /// Writes the name of an object's next member.
    public mutating func name(_ name: String) {
        self.separate()
        self.quote(name)
        self.endName()
    }

    /// Writes a name that needs no escapes.
    mutating func plainName(_ name: String) {
        self.separate()
        self.bytes.append(UInt8(ascii: "\""))
        self.append(name.utf8.span)
        self.bytes.append(UInt8(ascii: "\""))
        self.endName()
    }

    /// Writes JSON that a value follows; as an element it is set apart from the one before.
    mutating func raw(_ json: StaticString, isElement: Bool) {
        if isElement { self.separate() }
        // Unsafe only in name: a static string is where it says, for ever.
        unsafe self.bytes.append(
            contentsOf: UnsafeBufferPointer(start: json.utf8Start, count: json.utf8CodeUnitCount)
        )
        self.needsComma = false
    }

    private mutating func endName() {
        self.bytes.append(UInt8(ascii: ":"))
        self.needsComma = false
    }

    /// Writes a string.
    public mutating func string(_ text: String) {
        self.separate()
        self.quote(text)
    }

    /// Writes `true` or `false`.
    public mutating func bool(_ value: Bool) {
        self.separate()
        self.bytes.append(contentsOf: (value ? "true" : "false").utf8)
    }

    /// Writes `null`.
    public mutating func null() {
        self.separate()
        self.bytes.append(contentsOf: "null".utf8)
    }

    /// Writes a whole number.
    public mutating func integer(_ value: some BinaryInteger) {
        self.separate()
        self.bytes.append(contentsOf: String(value).utf8)
    }

    /// Writes the shortest number that reads back the same; `null` for what JSON cannot write.
    public mutating func number(_ value: Double) {
        guard value.isFinite else { return self.null() }
        if value.magnitude < Value.wholeNumberMax, let whole = Int64(exactly: value),
            whole != 0 || value.sign == .plus
        {
            return self.integer(whole)
        }
        self.separate()
        self.bytes.append(contentsOf: value.description.utf8)
    }

    /// Writes a time as RFC 3339, or `null`.
    public mutating func time(_ moment: Timestamp?) {
        guard let moment else { return self.null() }
        self.separate()
        self.bytes.append(UInt8(ascii: "\""))
        moment.appendRFC3339(to: &self.bytes)
        self.bytes.append(UInt8(ascii: "\""))
    }

    /// Writes an array of strings.
    public mutating func strings(_ texts: [String]) {
        self.beginArray()
        for index in texts.indices { self.string(texts[index]) }
        self.endArray()
    }

    private mutating func begin(_ bracket: UInt8) {
        self.separate()
        self.bytes.append(bracket)
        self.needsComma = false
    }

    private mutating func end(_ bracket: UInt8) {
        self.bytes.append(bracket)
        self.needsComma = true
    }

    private mutating func separate() {
        if self.needsComma { self.bytes.append(UInt8(ascii: ",")) }
        self.needsComma = true
    }

    private mutating func quote(_ text: String) {
        self.bytes.append(UInt8(ascii: "\""))
        let span = text.utf8.span
        if unsafe Self.isPlain(span.bytes) {
            self.append(span)
        } else {
            for index in 0..<span.count {
                let byte = span[index]
                if Self.mustEscape(byte) { self.escape(byte) } else { self.bytes.append(byte) }
            }
        }
        self.bytes.append(UInt8(ascii: "\""))
    }

    private mutating func append(_ span: Span<UInt8>) {
        // Unsafe only in name: the array copies what the span vouches for.
        unsafe span.withUnsafeBufferPointer { unsafe self.bytes.append(contentsOf: $0) }
    }

    /// Whether no byte needs an escape, asked eight bytes at a time.
    private static func isPlain(_ bytes: RawSpan) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        var found: UInt64 = 0
        var offset = 0
        while offset + 8 <= bytes.byteCount {
            // Within the span, and every bit pattern is a number.
            let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
            let quotes = word ^ (ones &* 0x22)
            let slashes = word ^ (ones &* 0x5C)
            // Below 0x80, what is less than a control character's bound, or zero, borrows a high bit.
            found |=
                ((word &- ones &* 0x20) | (quotes &- ones) | (slashes &- ones)) & ~word
            offset += 8
        }
        if found & (ones &* 0x80) != 0 { return false }
        while offset < bytes.byteCount {
            let byte = unsafe bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
            if Self.mustEscape(byte) { return false }
            offset += 1
        }
        return true
    }

    private static func mustEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func escape(_ byte: UInt8) {
        self.bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case 0x08: self.bytes.append(UInt8(ascii: "b"))
        case 0x09: self.bytes.append(UInt8(ascii: "t"))
        case 0x0A: self.bytes.append(UInt8(ascii: "n"))
        case 0x0C: self.bytes.append(UInt8(ascii: "f"))
        case 0x0D: self.bytes.append(UInt8(ascii: "r"))
        case 0x00..<0x20:
            let digits: StaticString = byte < 0x10 ? "u000" : "u001"
            self.bytes.append(contentsOf: digits.description.utf8)
            let low = byte & 0xF
            self.bytes.append(low < 10 ? UInt8(ascii: "0") + low : UInt8(ascii: "a") + low - 10)
        default: self.bytes.append(byte)
        }
    }
}
