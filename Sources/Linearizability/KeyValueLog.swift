/// A history of texts under keys with get, put and append.
///
/// A line is a map such as `{:process 0, :type :ok, :f :get, :key "1", :value "x 0 0 y"}`; a get
/// calls with the value `nil`.
package enum KeyValueLog {
    static func matches(_ line: Substring) -> Bool { line.hasPrefix("{:process ") }

    package static func parse(_ text: String) throws(HistoryFileError) -> History<KeyValue> {
        var log = EventLog(KeyValue())
        try forEachLine(text) { line throws(HistoryFileError) in
            let event = try KeyValueEvent(line)
            guard event.kind != .invoke else {
                return try log.call(event.process, try event.input())
            }
            let pending = try log.pending(event.process)
            switch event.kind {
            case .invoke: break
            case .fail: log.failed(event.process)
            case .info: log.lost(event.process)
            case .ok:
                guard pending.key == event.key else {
                    throw .line("answers about key \(event.key) a call about \(pending.key)")
                }
                guard pending.action == .get else {
                    guard try event.input() == pending else {
                        throw .line("answers another operation than was called")
                    }
                    return log.returned(event.process, nil)
                }
                guard event.function == "get", let value = event.value else {
                    throw .line("answers a get without a text")
                }
                log.returned(event.process, value)
            }
        }
        return log.history
    }
}

/// One line of the history.
private struct KeyValueEvent {
    let process: Int
    let kind: EventKind
    let function: String
    let key: String
    /// `nil` in a call of get.
    let value: String?

    init(_ line: Substring) throws(HistoryFileError) {
        var scanner = Scanner(rest: line)
        try scanner.expect("{:process ")
        let process = scanner.word()
        try scanner.expect(", :type :")
        let type = scanner.word()
        try scanner.expect(", :f :")
        self.function = scanner.word()
        try scanner.expect(", :key ")
        self.key = try scanner.quoted()
        try scanner.expect(", :value ")
        if scanner.rest.hasPrefix("nil") {
            try scanner.expect("nil")
            self.value = nil
        } else {
            self.value = try scanner.quoted()
        }
        try scanner.expect("}")
        guard scanner.rest.isEmpty else { throw .line("goes on after the map's end") }
        guard let number = Int(process) else { throw .line("has the process \(process)") }
        guard let kind = EventKind(rawValue: type) else {
            throw .line("has the unknown type :\(type)")
        }
        self.process = number
        self.kind = kind
    }

    func input() throws(HistoryFileError) -> KeyValue.Input {
        switch (self.function, self.value) {
        case ("get", .none): return KeyValue.Input(self.key, .get)
        case ("put", .some(let text)): return KeyValue.Input(self.key, .put(text))
        case ("append", .some(let text)): return KeyValue.Input(self.key, .append(text))
        default: throw .line(":\(self.function) with the value \(self.value ?? "nil") is unknown")
        }
    }
}

/// Reads a line from its beginning to its end.
private struct Scanner {
    var rest: Substring

    mutating func expect(_ text: String) throws(HistoryFileError) {
        guard self.rest.hasPrefix(text) else {
            throw .line("has `\(self.rest.prefix(20))` where `\(text)` belongs")
        }
        self.rest = self.rest.dropFirst(text.count)
    }

    /// Everything before the next comma, blank or brace.
    mutating func word() -> String {
        let word = self.rest.prefix { $0 != "," && $0 != " " && $0 != "}" }
        self.rest = self.rest.dropFirst(word.count)
        return String(word)
    }

    /// A text in quotation marks, in which a backslash stands before either.
    mutating func quoted() throws(HistoryFileError) -> String {
        try self.expect("\"")
        var text = ""
        var isEscaped = false
        while let next = self.rest.popFirst() {
            if !isEscaped, next == "\"" { return text }
            isEscaped = !isEscaped && next == "\\"
            if !isEscaped { text.append(next) }
        }
        throw .line("has a text without its end")
    }
}
