import Flags
import FoundationEssentials
import Testing

@Suite struct TextFormTests {
    @Test func percentagesAreReadAndWritten() throws {
        let cases: [(String, UInt32, String)] = [
            ("0", 0, "0"), ("100", 100_000, "100"), ("12.5", 12_500, "12.5"),
            ("0.001", 1, "0.001"), ("099.990", 99_990, "99.99"), ("100.000", 100_000, "100"),
        ]
        for (text, thousandths, written) in cases {
            let percentage = try RolloutPercentage(parsing: text)
            #expect(percentage.thousandths == thousandths && percentage.description == written)
            #expect(try RolloutPercentage(percent: percentage.percent) == percentage)
        }
        for text in [
            "", "-1", "100.001", "101", "1.2345", "1.", ".5", "1e2", "NaN", "10 %", "1.2.3",
        ] {
            #expect(throws: FlagsError(.invalidRollout, "")) {
                _ = try RolloutPercentage(parsing: text)
            }
        }
        for percent in [-0.1, 100.1, .nan, .infinity, 12.34567] {
            #expect(throws: FlagsError(.invalidRollout, "")) {
                _ = try RolloutPercentage(percent: percent)
            }
        }
    }

    @Test func everyThousandthSurvivesItsNumberOfPercent() throws {
        for thousandths: UInt32 in 0...100_000 {
            let percentage = try #require(RolloutPercentage(thousandths: thousandths))
            #expect(try RolloutPercentage(percent: percentage.percent) == percentage)
        }
    }

    @Test func timesAreReadAndWrittenAsRFC3339() throws {
        let cases: [(String, Int64, String)] = [
            ("1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00Z"),
            ("2026-01-31T09:30:00.250Z", 1_769_851_800_250, "2026-01-31T09:30:00.250Z"),
            ("2024-02-29t23:59:60z", 1_709_251_200_000, "2024-03-01T00:00:00Z"),
            ("1969-12-31T23:59:59.999Z", -1, "1969-12-31T23:59:59.999Z"),
            ("2026-01-31T03:30:00.2509-06:00", 1_769_851_800_250, "2026-01-31T09:30:00.250Z"),
            ("2026-01-31", 1_769_817_600_000, "2026-01-31T00:00:00Z"),
            ("0000-01-01T00:00:00Z", -62_167_219_200_000, "0000-01-01T00:00:00Z"),
            ("9999-12-31T23:59:59.999Z", 253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        ]
        for (text, milliseconds, written) in cases {
            let moment = try Timestamp(parsing: text)
            #expect(moment.milliseconds == milliseconds, "\(text)")
            #expect(moment.rfc3339 == written)
        }
        #expect(Timestamp(milliseconds: .max).rfc3339 == "9999-12-31T23:59:59.999Z")
        #expect(Timestamp(milliseconds: .min).rfc3339 == "0000-01-01T00:00:00Z")
    }

    @Test func everyDayOfFourCenturiesSurvivesItsText() throws {
        for day: Int64 in -1_000...146_097 {
            let moment = Timestamp(milliseconds: day * 86_400_000 + 12_345_678)
            #expect(try Timestamp(parsing: moment.rfc3339) == moment)
        }
    }

    @Test func textsThatAreNoTimesAreRefused() {
        for text in [
            "", "now", "2026", "2026-13-01", "2026-02-29", "2026-00-10", "2026-01-31T", "26-01-31",
            "2026-01-31T24:00:00Z", "2026-01-31T10:00:00", "2026-01-31T10:00:00.Z",
            "2026-01-31T10:00:00+24:00", "2026-01-31T10:00:00Zjunk", "9999-12-31T23:59:59-01:00",
        ] {
            #expect(throws: FlagsError(.invalidText, ""), "\(text)") {
                _ = try Timestamp(parsing: text)
            }
        }
    }

    @Test func stringsAreEscapedAsRFC8259Requires() throws {
        let text = "\"\\/\u{8}\u{9}\u{A}\u{C}\u{D}\u{0}\u{1F}\u{7F}é👩‍👩‍👧\u{2028}"
        var writer = JSONWriter()
        writer.string(text)
        #expect(writer.text.hasPrefix(#""\"\\/\b\t\n\f\r\u0000\u001f"#))
        #expect(try JSONDecoder().decode(String.self, from: Data(writer.bytes)) == text)
    }

    @Test func everyByteThatNeedsAnEscapeIsFoundWhereverItStands() throws {
        for length in 0..<40 {
            for place in 0..<length {
                for scalar in [
                    "\u{0}", "\u{1F}", "\"", "\\", " ", "!", "#", "[", "]", "\u{7F}", "é",
                ] {
                    let text =
                        String(repeating: "a", count: place) + scalar
                        + String(repeating: "ÿ", count: length - place - 1)
                    var writer = JSONWriter()
                    writer.string(text)
                    let read = try JSONDecoder().decode(String.self, from: Data(writer.bytes))
                    #expect(read == text)
                }
            }
        }
    }

    @Test func numbersAreWrittenShortAndReadBackTheSame() throws {
        let cases: [(Double, String)] = [
            (0, "0"), (1, "1"), (-17, "-17"), (0.1, "0.1"), (12.5, "12.5"), (1e21, "1e+21"),
            (9_007_199_254_740_991, "9007199254740991"), (.leastNonzeroMagnitude, "5e-324"),
            (-0.0, "-0.0"),
            (.greatestFiniteMagnitude, "1.7976931348623157e+308"),
        ]
        for (number, written) in cases {
            var writer = JSONWriter()
            writer.number(number)
            #expect(writer.text == written)
            let read = try JSONDecoder().decode(Double.self, from: Data(writer.bytes))
            #expect(read.bitPattern == number.bitPattern)
        }
        var writer = JSONWriter()
        writer.beginArray()
        writer.number(.nan)
        writer.number(.infinity)
        writer.endArray()
        #expect(writer.text == "[null,null]")
    }

    @Test func theWriterAndTheLibraryEncoderAgreeOnFlags() throws {
        let nested = try #require(
            Value.makeObject([
                .init(name: "z", value: .array([.null, .bool(true), .number(-1.25), .array([])])),
                .init(name: "a", value: .object([])), .init(name: "é\n", value: .string("\"")),
            ])
        )
        let flag = Fixture.flag {
            $0.status = .rolledBack
            $0.rollout = RolloutPercentage(thousandths: 12_345) ?? .none
            $0.audience = Audience(plans: ["PREMIUM"], regions: ["MX", "CO"])
            $0.start = Timestamp(milliseconds: 1_769_851_800_250)
            $0.variations = [Variation(name: "v", value: nested)]
            $0.onVariation = "v"
            $0.offVariation = "v"
        }
        var writer = JSONWriter()
        writer.flag(flag)
        let written = try JSONDecoder().decode(Flag.self, from: Data(writer.bytes))
        let encoded = try JSONDecoder().decode(Flag.self, from: JSONEncoder().encode(flag))
        #expect(written == flag && encoded == flag)

        let asValue = try JSONDecoder().decode(Value.self, from: Data(writer.bytes))
        let encodedAsValue = try JSONDecoder().decode(
            Value.self,
            from: JSONEncoder().encode(flag)
        )
        guard case .object(let fields) = asValue, case .object(let others) = encodedAsValue else {
            Issue.record("a flag is an object")
            return
        }
        #expect(fields.filter { $0.value != .null } == others.filter { $0.value != .null })
        #expect(fields.count == Flag.Field.allCases.count)
        var whole = JSONWriter()
        whole.flag(Samples.flag)
        #expect(try JSONReader.value(whole.bytes) == Samples.flag.document)
        #expect(writer.text.contains(#""status":"rolled_back""#))
        #expect(writer.text.contains(#""rollout_percentage":12.345"#))
        #expect(writer.text.contains(#""start_date":"2026-01-31T09:30:00.250Z","end_date":null"#))
    }

    @Test func aValueThatNestsTooDeepIsNotRead() {
        let text = String(repeating: "[", count: 300) + String(repeating: "]", count: 300)
        #expect(throws: DecodingError.self) {
            _ = try JSONDecoder().decode(Value.self, from: Data(text.utf8))
        }
    }
}
