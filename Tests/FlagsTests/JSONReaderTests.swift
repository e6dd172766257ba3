import Flags
import Testing

@Suite struct JSONReaderTests {
    @Test func theValuesOfRFC8259AreRead() throws {
        let cases: [(String, Value)] = [
            ("null", .null), (" true\n", .bool(true)), ("\tfalse\r", .bool(false)),
            ("0", .number(0)), ("-17", .number(-17)), ("12.50e1", .number(125)),
            ("1E-3", .number(0.001)), ("123456789012345678", .number(123_456_789_012_345_680)),
            ("\"\"", .string("")), (#""\"\\\/\b\f\n\r\t""#, .string("\"\\/\u{8}\u{C}\n\r\t")),
            (#""é\u00e9\uD83D\uDE00\u0000""#, .string("éé😀\u{0}")),
            ("[]", .array([])),
            ("[1, [ ] ,\"a\"]", .array([.number(1), .array([]), .string("a")])),
            ("{ }", .object([])),
            (
                #"{"b":1,"a":{"c":null}}"#,
                .object([
                    .init(name: "a", value: .object([.init(name: "c", value: .null)])),
                    .init(name: "b", value: .number(1)),
                ])
            ),
        ]
        for (text, value) in cases { #expect(try JSONReader.value(text) == value, "\(text)") }
    }

    @Test func whatIsNotJSONIsRefusedWithItsPlace() {
        let cases: [(String, String)] = [
            ("", "line 1, column 1: the text ends where a value is expected"),
            ("[1,\n 2,]", "line 2, column 4: a value is expected"),
            ("[1 2]", "line 1, column 4: a comma or ] is expected"),
            ("{\"a\" 1}", "line 1, column 6: a colon is expected"),
            ("{\"a\":1,}", "line 1, column 8: a name in quotes is expected"),
            ("{a:1}", "line 1, column 2: a name in quotes is expected"),
            ("{\"a\":1 \"b\":2}", "line 1, column 8: a comma or } is expected"),
            ("1 2", "line 1, column 3: nothing but the end is expected here"),
            ("tru", "line 1, column 4: true is expected"),
            ("nul1", "line 1, column 4: null is expected"),
            ("01", "line 1, column 1: a number may not begin with 0 and another digit"),
            ("-", "line 1, column 2: a digit is expected"),
            ("1.", "line 1, column 3: a digit is expected"),
            ("1e+", "line 1, column 4: a digit is expected"),
            ("+1", "line 1, column 1: a value is expected"),
            (".5", "line 1, column 1: a value is expected"),
            ("NaN", "line 1, column 1: a value is expected"),
            ("Infinity", "line 1, column 1: a value is expected"),
            ("-Infinity", "line 1, column 2: a digit is expected"),
            ("1e400", "line 1, column 1: the number is too great"),
            ("[-1e999]", "line 1, column 2: the number is too great"),
            ("\"abc", "line 1, column 1: the text that begins here does not end"),
            ("\"abc\\", "line 1, column 1: the text that begins here does not end"),
            ("\"a\u{1}\"", "line 1, column 3: a control character in a text must be escaped"),
            (#""\x""#, "line 1, column 2: there is no such escape"),
            (#""\u12G4""#, "line 1, column 6: four hexadecimal digits are expected"),
            (#""\uD800""#, "line 1, column 2: half of a surrogate pair"),
            (#""\uDC00""#, "line 1, column 2: half of a surrogate pair"),
            (#""\uD800\u0041""#, "line 1, column 2: half of a surrogate pair"),
            (#""\uD800\n""#, "line 1, column 2: half of a surrogate pair"),
            (
                #"[{"a":1,"b":2,"a":3}]"#,
                "line 1, column 2: the object that begins here has \"a\" twice"
            ),
            (
                #"{"a":1,"\u0061":2}"#,
                "line 1, column 1: the object that begins here has \"a\" twice"
            ),
        ]
        for (text, message) in cases {
            Self.expectRefused(Array(text.utf8), "JSON, \(message)", .invalidDocument)
        }
    }

    @Test func bytesThatAreNotUTF8AreRefused() {
        for bytes: [UInt8] in [[0x80], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80]] {
            Self.expectRefused(
                [0x22] + bytes + [0x22],
                "JSON, line 1, column 1: the text that begins here is not UTF-8",
                .invalidDocument
            )
        }
        Self.expectRefused(
            [0xEF, 0xBB, 0xBF, 0x31],
            "JSON, line 1, column 1: a value is expected",
            .invalidDocument
        )
    }

    @Test func whatExceedsTheBoundsIsRefused() throws {
        let bounds = JSONReader.Bounds(bytesMax: 20, depthMax: 2, valuesMax: 4)
        #expect(throws: Never.self) { _ = try JSONReader.value("[[1,2]]", within: bounds) }
        for text in ["[[[]]]", "[1,2,3,4]", "\"01234567890123456789\"", #"{"a":{"b":[]}}"#] {
            #expect(throws: FlagsError(.limitExceeded, ""), "\(text)") {
                _ = try JSONReader.value(text, within: bounds)
            }
        }
        let deep = String(repeating: "[", count: 1_000_000)
        #expect(throws: FlagsError(.limitExceeded, "")) { _ = try JSONReader.value(deep) }
    }

    @Test func whatTheWriterWritesIsReadBackTheSame() throws {
        var generator = SeededGenerator(seed: 20_261_130)
        for round in 0..<3_000 {
            let value = RandomValues.value(depth: 4, &generator)
            var writer = JSONWriter()
            writer.value(value)
            let read = try JSONReader.value(writer.bytes)
            #expect(read == value, "round \(round)")
            var again = JSONWriter()
            again.value(read)
            #expect(again.bytes == writer.bytes, "round \(round)")
        }
    }

    @Test func anyBytesAreReadOrRefusedWithoutATrap() {
        var generator = SeededGenerator(seed: 7)
        let pieces = Array(#"{}[]":,\u0123eE+-.truefalsnD8 "#.utf8) + [0x00, 0x80, 0xE2, 0xFF]
        var readable = 0
        for _ in 0..<20_000 {
            let count = Int.random(in: 0..<12, using: &generator)
            let bytes = (0..<count).compactMap { _ in pieces.randomElement(using: &generator) }
            if (try? JSONReader.value(bytes)) != nil { readable += 1 }
        }
        #expect(readable > 0)
    }

    private static func expectRefused(
        _ bytes: [UInt8],
        _ message: String,
        _ code: FlagsError.Code
    ) {
        do {
            let value = try JSONReader.value(bytes)
            Issue.record("\(message): read as \(value)")
        } catch {
            #expect(error.code == code && error.message == message)
        }
    }
}

/// Values by chance.
enum RandomValues {
    static func value(depth: Int, _ generator: inout SeededGenerator) -> Value {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &generator) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &generator))
        case 2: return .number(Double(Int.random(in: -1_000...1_000, using: &generator)))
        case 3: return .number(Self.number(&generator))
        case 4: return .string(Self.text(&generator))
        case 5:
            let count = Int.random(in: 0..<4, using: &generator)
            return .array((0..<count).map { _ in Self.value(depth: depth - 1, &generator) })
        default:
            var fields: [Value.Field] = []
            for _ in 0..<Int.random(in: 0..<4, using: &generator) {
                let name = Self.text(&generator)
                guard !fields.contains(where: { $0.name == name }) else { continue }
                fields.append(.init(name: name, value: Self.value(depth: depth - 1, &generator)))
            }
            return Value.makeObject(fields) ?? .null
        }
    }

    static func text(_ generator: inout SeededGenerator) -> String {
        let pieces = [
            "a", "Z", "é", "e\u{301}", "\"", "\\", "/", "\u{0}", "\n", "\u{1F}", "😀", "\u{2028}",
            "\u{10FFFF}", "👩‍👩‍👧",
        ]
        let count = Int.random(in: 0..<6, using: &generator)
        return (0..<count).compactMap { _ in pieces.randomElement(using: &generator) }.joined()
    }

    private static func number(_ generator: inout SeededGenerator) -> Double {
        let number = Double(bitPattern: generator.next())
        return number.isFinite ? number : -0.0
    }
}
