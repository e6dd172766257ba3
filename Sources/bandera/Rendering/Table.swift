/// Rows under headings, as wide as their widest cell.
struct Table: Equatable, Sendable {
    /// One column.
    struct Column: Equatable, Sendable {
        let heading: String
        let isNumeric: Bool

        /// A column of words, aligned left.
        static func words(_ heading: String) -> Column {
            Column(heading: heading, isNumeric: false)
        }

        /// A column of numbers, aligned right.
        static func numbers(_ heading: String) -> Column {
            Column(heading: heading, isNumeric: true)
        }
    }

    let columns: [Column]
    private(set) var rows: [[String]] = []

    init(_ columns: [Column], rows: [[String]] = []) {
        precondition(rows.allSatisfy { $0.count == columns.count }, "a cell for every column")
        self.columns = columns
        self.rows = rows
    }

    /// The table, a line per row, headings first; without spaces at the ends of lines.
    var text: String {
        let lines = [self.columns.map(\.heading)] + self.rows.map { $0.map(Self.printable) }
        let widths = self.columns.indices.map { column in
            lines.map { $0[column].count }.max() ?? 0
        }
        return lines.map { Self.line($0, widths: widths, columns: self.columns) }
            .joined(separator: "\n")
    }

    /// One row in the given widths: for streams, whose later rows are not known yet.
    static func line(_ cells: [String], widths: [Int], columns: [Column]) -> String {
        var line = ""
        for (index, cell) in cells.enumerated() {
            let padding = String(repeating: " ", count: max(0, widths[index] - cell.count))
            line += index == 0 ? "" : "  "
            line += columns[index].isNumeric ? padding + cell : cell + padding
        }
        while line.last == " " { line.removeLast() }
        return line
    }

    /// Control characters could move a terminal's cursor: they come from other people's flags.
    static func printable(_ cell: String) -> String {
        var text = ""
        for scalar in cell.unicodeScalars {
            let isControl = scalar.properties.generalCategory == .control
            text.unicodeScalars.append(isControl ? "\u{fffd}" : scalar)
        }
        return text
    }
}
