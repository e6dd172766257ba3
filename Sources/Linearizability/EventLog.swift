/// What a line of a history says happened to a process's operation.
enum EventKind: String {
    case invoke
    case ok
    case fail
    case info
}

/// Puts the lines of a history together: every answer with the call of the same process.
struct EventLog<Model: SequentialModel> {
    private(set) var history: History<Model>
    private var open: [Int: Int] = [:]
    /// Processes that never learned an outcome: they must not call again.
    private var lost: Set<Int> = []

    init(_ model: Model) { self.history = History(model) }

    mutating func call(_ process: Int, _ input: Model.Input) throws(HistoryFileError) {
        guard !self.lost.contains(process) else {
            throw .line("process \(process) calls after an outcome that it did not learn")
        }
        guard self.open[process] == nil else {
            throw .line("process \(process) calls again before it was answered")
        }
        self.open[process] = self.history.call(input)
    }

    /// The input that the process waits for.
    func pending(_ process: Int) throws(HistoryFileError) -> Model.Input {
        guard let operation = self.open[process] else {
            throw .line("process \(process) is answered, but did not call")
        }
        return self.history.operations[operation].input
    }

    mutating func returned(_ process: Int, _ output: Model.Output?) {
        guard let operation = self.open.removeValue(forKey: process) else { return }
        self.history.returned(operation, output)
    }

    mutating func failed(_ process: Int) {
        guard let operation = self.open.removeValue(forKey: process) else { return }
        self.history.failed(operation)
    }

    /// The process will never know.
    mutating func lost(_ process: Int) {
        self.open[process] = nil
        self.lost.insert(process)
    }
}

extension HistoryFileError {
    /// An error of the line that is being read, whose number the reader of lines adds.
    static func line(_ message: String) -> HistoryFileError {
        HistoryFileError(line: 0, message: message)
    }
}

/// Calls `body` with every line that is not blank, and names the line in what it throws.
func forEachLine(
    _ text: String,
    _ body: (Substring) throws(HistoryFileError) -> Void
) throws(HistoryFileError) {
    var number = 0
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
        number += 1
        do throws(HistoryFileError) {
            guard line.utf8.count <= LinearizabilityLimits.lineBytesMax else {
                throw .line("is longer than \(LinearizabilityLimits.lineBytesMax) bytes")
            }
            guard line.contains(where: { !$0.isWhitespace }) else { continue }
            try body(line.last == "\r" ? line.dropLast() : line)
        } catch {
            throw HistoryFileError(line: number, message: error.message)
        }
    }
}
