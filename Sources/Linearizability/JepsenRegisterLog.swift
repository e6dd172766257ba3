/// The log of a Jepsen test of one register with read, write and cas.
///
/// A line is `INFO  jepsen.util - PROCESS :TYPE :FUNCTION VALUE`, with tabs or blanks in between. A
/// failed cas is an observed mismatch; any other failure did not happen; `:info` is an unknown
/// outcome.
package enum JepsenRegisterLog {
    package typealias Model = Register<Int, Int>

    private static let prefix = "INFO  jepsen.util - "

    static func matches(_ line: Substring) -> Bool { line.hasPrefix(self.prefix) }

    package static func parse(_ text: String) throws(HistoryFileError) -> History<Model> {
        var log = EventLog(Model())
        try forEachLine(text) { line throws(HistoryFileError) in
            guard line.hasPrefix(self.prefix) else { throw .line("does not begin with INFO") }
            let columns = line.dropFirst(self.prefix.count)
                .split(maxSplits: 3) { $0 == "\t" || $0 == " " }
            guard columns.count == 4, let process = Int(columns[0]) else {
                throw .line("is not `process, type, function, value`")
            }
            guard columns[1].first == ":", let kind = EventKind(rawValue: columns[1].dropped)
            else { throw .line("has the unknown type \(columns[1])") }
            let value = columns[3].drop { $0 == "\t" || $0 == " " }
            try self.take(kind, process, columns[2], value, &log)
        }
        return log.history
    }

    private static func take(
        _ kind: EventKind,
        _ process: Int,
        _ function: Substring,
        _ value: Substring,
        _ log: inout EventLog<Model>
    ) throws(HistoryFileError) {
        guard kind != .invoke else {
            return try log.call(process, Model.Input(0, self.action(function, value)))
        }
        let pending = try log.pending(process).action
        guard self.name(of: pending) == function else {
            throw .line("answers \(function) to a \(self.name(of: pending))")
        }
        switch kind {
        case .invoke: break
        case .info: log.lost(process)
        case .ok:
            guard case .read = pending else {
                try self.require(function, value, echoes: pending)
                return log.returned(process, .done)
            }
            log.returned(process, .value(try self.number(value)))
        case .fail:
            guard case .compareAndSet = pending, value != ":timed-out" else {
                return log.failed(process)
            }
            try self.require(function, value, echoes: pending)
            log.returned(process, .mismatch)
        }
    }

    private static func require(
        _ function: Substring,
        _ value: Substring,
        echoes pending: Model.Action
    ) throws(HistoryFileError) {
        guard try self.action(function, value) == pending else {
            throw .line("answers \(value) to what was called with other values")
        }
    }

    private static func name(of action: Model.Action) -> String {
        switch action {
        case .read: ":read"
        case .write: ":write"
        case .compareAndSet: ":cas"
        }
    }

    private static func action(
        _ function: Substring,
        _ value: Substring
    ) throws(HistoryFileError) -> Model.Action {
        switch function {
        case ":read": return .read
        case ":write": return .write(try self.number(value))
        case ":cas":
            let pair = value.dropFirst().dropLast().split(separator: " ")
            guard value.first == "[", value.last == "]", pair.count == 2 else {
                throw .line("compares and sets \(value), which is not [old new]")
            }
            return .compareAndSet(try self.number(pair[0]), try self.number(pair[1]))
        default: throw .line("has the unknown function \(function)")
        }
    }

    private static func number(_ text: Substring) throws(HistoryFileError) -> Int? {
        if text == "nil" { return nil }
        guard let number = Int(text) else { throw .line("has the value \(text), not a number") }
        return number
    }
}

extension Substring {
    /// The text without its first character.
    fileprivate var dropped: String { String(self.dropFirst()) }
}
