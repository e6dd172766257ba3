// Only a debug build lets tests see inside a program.
#if DEBUG
import Testing

@testable import bandera

@Suite struct TableTests {
    @Test func columnsAreAsWideAsTheirWidestCell() {
        let table = Table(
            [.words("KEY"), .numbers("REVISION"), .words("NAME")],
            rows: [["a", "7", "first"], ["longer_key", "12345678901", ""]]
        )
        #expect(
            table.text == """
                KEY            REVISION  NAME
                a                     7  first
                longer_key  12345678901
                """
        )
    }

    @Test func anEmptyTableIsItsHeadings() {
        #expect(Table([.words("KEY"), .words("NAME")]).text == "KEY  NAME")
    }

    @Test func controlCharactersDoNotReachTheTerminal() {
        let table = Table([.words("KEY")], rows: [["a\u{1b}[2Jb\n"]])
        #expect(table.text == "KEY\na\u{fffd}[2Jb\u{fffd}")
    }
}
#endif
