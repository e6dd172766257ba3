import Flags
import Testing

@Suite struct HoldTextTests {
    @Test func timesToWaitAreReadAndWritten() throws {
        let cases: [(String, Int64, String?)] = [
            ("30m", 1_800_000, "30m"), ("90s", 90_000, "1m30s"), ("1h30m", 5_400_000, "1h30m"),
            ("2d", 172_800_000, "2d"), ("250ms", 250, "250ms"), ("0s", 0, nil),
            ("1d2h3m4s5ms", 93_784_005, "1d2h3m4s5ms"),
        ]
        for (text, milliseconds, written) in cases {
            #expect(try HoldText.milliseconds(text) == milliseconds)
            #expect(HoldText.text(milliseconds: milliseconds) == written)
        }
        #expect(HoldText.text(milliseconds: -1) == nil)
    }

    @Test func whatIsNoTimeToWaitIsRefused() {
        for text in [
            "", "30", "m", "-5m", "1.5h", "30m1h", "5m5m", "1h ", "1H", "٣m",
            "99999999999999999999s", "9223372036854775807d",
        ] {
            #expect(throws: FlagsError(.invalidText, ""), "\(text)") {
                _ = try HoldText.milliseconds(text)
            }
        }
    }
}
