/// A history in one of the formats that are published with verdicts.
package enum HistoryFile: Sendable {
    case register(History<JepsenRegisterLog.Model>)
    case keyValue(History<KeyValue>)

    /// Takes the text of a file; the format shows in the first line that is not blank.
    package init(parsing text: String) throws(HistoryFileError) {
        guard
            let line = text.split(separator: "\n").first(where: {
                $0.contains { !$0.isWhitespace }
            })
        else { throw HistoryFileError(line: 0, message: "the history is empty") }
        if JepsenRegisterLog.matches(line) {
            self = .register(try JepsenRegisterLog.parse(text))
        } else if KeyValueLog.matches(line) {
            self = .keyValue(try KeyValueLog.parse(text))
        } else {
            throw HistoryFileError(
                line: 0,
                message: "neither a log of jepsen.util nor a history of {:process …} maps"
            )
        }
    }

    package func check(budget: Int = LinearizabilityLimits.stepsDefault) -> Judgement {
        switch self {
        case .register(let history): history.check(budget: budget)
        case .keyValue(let history): history.check(budget: budget)
        }
    }

    /// How many operations there are.
    package var count: Int {
        switch self {
        case .register(let history): history.operations.count
        case .keyValue(let history): history.operations.count
        }
    }

    /// What an operation was, in words.
    package func describe(_ operation: Int) -> String {
        switch self {
        case .register(let history): sentence(history.operations[operation])
        case .keyValue(let history): sentence(history.operations[operation])
        }
    }
}

private func sentence<Input, Output>(_ operation: Operation<Input, Output>) -> String {
    switch operation.outcome {
    case .returned(.some(let output), _): "\(operation.input) -> \(output)"
    case .returned(.none, _): "\(operation.input), done"
    case .failed: "\(operation.input), not done"
    case .unknown: "\(operation.input), unknown whether done"
    }
}
