import Linearizability
import Testing

@Suite("Histories in files")
struct HistoryFileTests {
    private func jepsen(_ lines: String...) -> String {
        lines.map { "INFO  jepsen.util - " + $0.replacing("|", with: "\t") + "\n" }.joined()
    }

    private func message(_ text: String) -> String? {
        do throws(HistoryFileError) {
            _ = try HistoryFile(parsing: text)
            return nil
        } catch { return "\(error)" }
    }

    @Test("A register's log is read with all its outcomes")
    func register() throws {
        let text = self.jepsen(
            "0|:invoke|:read|nil",
            "1|:invoke|:write|4",
            "0|:ok|:read|nil",
            "1|:ok|:write|4",
            "0|:invoke|:cas|[4 2]",
            "0|:fail|:cas|[4 2]",
            "1|:invoke|:write|3",
            "1|:info|:write|:timed-out",
            "0|:invoke|:read|nil",
            "0|:fail|:read|:timed-out"
        )
        guard case .register(let history) = try HistoryFile(parsing: text) else {
            Issue.record("not a register")
            return
        }
        let outcomes = history.operations.map { operation in
            switch operation.outcome {
            case .returned(.some(let output), _): "\(output)"
            case .returned(.none, _): "done"
            case .failed: "failed"
            case .unknown: "unknown"
            }
        }
        #expect(outcomes == ["value(nil)", "done", "mismatch", "unknown", "failed"])
        #expect(history.check().verdict == .notLinearizable)
    }

    @Test("A history of keys is read, with texts in quotation marks")
    func keyValue() throws {
        let text = #"""
            {:process 0, :type :invoke, :f :append, :key "0", :value "a\"b\\"}
            {:process 0, :type :ok, :f :append, :key "0", :value "a\"b\\"}
            {:process 1, :type :invoke, :f :get, :key "0", :value nil}
            {:process 1, :type :ok, :f :get, :key "0", :value "a\"b\\"}
            """#
        let history = try HistoryFile(parsing: text)
        #expect(history.check().verdict == .linearizable)
        #expect(history.count == 2)
        #expect(history.describe(0).contains("append"))
        let spoilt = text.replacing(#""a\"b\\"}"# + "\n{:process 1", with: "\"a\"}\n{:process 1")
        #expect(self.message(spoilt) == "line 2: answers another operation than was called")
    }

    @Test(
        "A line that cannot be understood is named",
        arguments: [
            ("0|:invoke|:read", "line 1: is not `process, type, function, value`"),
            ("x|:invoke|:read|nil", "line 1: is not `process, type, function, value`"),
            ("0|:begin|:read|nil", "line 1: has the unknown type :begin"),
            ("0|:invoke|:swap|1", "line 1: has the unknown function :swap"),
            ("0|:invoke|:write|one", "line 1: has the value one, not a number"),
            ("0|:invoke|:cas|[1]", "line 1: compares and sets [1], which is not [old new]"),
            ("0|:ok|:read|1", "line 1: process 0 is answered, but did not call"),
        ]
    )
    func badRegisterLine(line: String, message: String) {
        #expect(self.message(self.jepsen(line)) == message)
    }

    @Test("Lines that contradict each other are named")
    func contradictions() {
        let call = "0|:invoke|:write|1"
        #expect(
            self.message(self.jepsen(call, call))
                == "line 2: process 0 calls again before it was answered"
        )
        #expect(
            self.message(self.jepsen(call, "0|:ok|:read|1"))
                == "line 2: answers :read to a :write"
        )
        #expect(
            self.message(self.jepsen(call, "0|:ok|:write|2"))
                == "line 2: answers 2 to what was called with other values"
        )
        #expect(
            self.message(self.jepsen(call, "0|:info|:write|:timed-out", call))
                == "line 3: process 0 calls after an outcome that it did not learn"
        )
        #expect(
            self.message(self.jepsen(call) + "noise\n") == "line 2: does not begin with INFO"
        )
    }

    @Test(
        "A map that is cut off or goes on is named",
        arguments: [
            #"{:process 0, :type :invoke, :f :get, :key "0", :value nil"#,
            #"{:process 0, :type :invoke, :f :get, :key "0", :value nil}}"#,
            #"{:process 0, :type :invoke, :f :get, :key "0}"#,
            #"{:process 0, :type :invoke, :f :put, :key "0", :value nil}"#,
            #"{:process , :type :invoke, :f :get, :key "0", :value nil}"#,
            #"{:process 0, :type :did, :f :get, :key "0", :value nil}"#,
        ]
    )
    func badMap(line: String) {
        #expect(self.message(line)?.hasPrefix("line 1: ") == true)
    }

    @Test("What is no history is refused")
    func noHistory() {
        #expect(self.message(" \n\n") == "the history is empty")
        #expect(self.message("hello")?.hasPrefix("neither") == true)
    }
}
