/// Why the text of a history cannot be understood.
package struct HistoryFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The line, counted from 1; 0 is the text as a whole.
    package let line: Int
    package let message: String

    package var description: String {
        self.line == 0 ? self.message : "line \(self.line): \(self.message)"
    }
}
