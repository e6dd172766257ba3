internal import ArgumentParser
internal import Glibc
internal import Linearizability

extension BanderaSim {
    /// Judges a history that was written down elsewhere.
    struct CheckHistory: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check-history",
            abstract: "Tells whether a history of concurrent operations is linearizable.",
            discussion: """
                Takes a Jepsen log of a register (read, write, cas) or a history of get, put and \
                append, which it tells apart itself. Prints linearizable (exit status 0), \
                not-linearizable (1) or unknown (2: the budget ended first); 64 is a file that it \
                cannot read.
                """
        )

        @Argument(help: "The file.")
        var file: String

        @Option(help: "How many steps of the model to try before giving up.")
        var budget = LinearizabilityLimits.stepsDefault

        func validate() throws {
            guard self.budget >= 0 else { throw ValidationError("--budget must not be negative") }
        }

        func run() throws {
            let text = try readText(self.file)
            let history: HistoryFile
            do throws(HistoryFileError) {
                history = try HistoryFile(parsing: text)
            } catch {
                throw ValidationError("\(self.file): \(error)")
            }
            let judgement = history.check(budget: self.budget)
            print(judgement.verdict.rawValue)
            if let stuck = judgement.stuck {
                complain(
                    "\(stuck.ordered) of \(stuck.of) operations on this object can be ordered, "
                        + "but never operation \(stuck.operation + 1) of \(history.count): "
                        + history.describe(stuck.operation)
                )
            }
            switch judgement.verdict {
            case .linearizable: return
            case .notLinearizable: throw ExitCode(1)
            case .unknown: throw ExitCode(2)
            }
        }
    }
}

/// Reads a whole file of text.
func readText(_ path: String) throws(ValidationError) -> String {
    let bytes: [UInt8]
    do throws(Folder.Failure) {
        bytes = try Folder.read(path)
    } catch {
        throw ValidationError(error.description)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
        throw ValidationError("\(path): not text in UTF-8")
    }
    return text
}

/// Prints a line for people, beside the answer for programs.
func complain(_ line: String) {
    var bytes = Array(line.utf8) + [10]
    let count = bytes.count
    unsafe write(STDERR_FILENO, &bytes, count)
}
