// Only a debug build lets tests see inside a program.
#if DEBUG
import Testing

@testable import bandera

@Suite struct JSONIndentationTests {
    @Test func laysOutObjectsAndArrays() {
        #expect(
            JSONIndentation.indented(#"{"a":1,"b":[true,null],"c":{},"d":[]}"#) == """
                {
                  "a": 1,
                  "b": [
                    true,
                    null
                  ],
                  "c": {},
                  "d": []
                }
                """
        )
    }

    @Test func leavesStringsAlone() {
        let tricky = #"{"a":"{\"x\": [1,2]}, \\","b":"é"}"#
        #expect(
            JSONIndentation.indented(tricky) == """
                {
                  "a": "{\\"x\\": [1,2]}, \\\\",
                  "b": "é"
                }
                """
        )
    }

    @Test func leavesAScalarAlone() {
        #expect(JSONIndentation.indented("12") == "12")
    }
}
#endif
