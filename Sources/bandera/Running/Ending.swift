internal import ArgumentParser
internal import Glibc

/// How the program ends after `run` threw: what it prints and its status.
struct Ending: Equatable {
    let output: String
    let complaint: String
    let status: ExitStatus

    /// Help and versions are thrown too, and end well; a usage error of the parser becomes status 2.
    init(_ error: any Error, for command: any ParsableCommand.Type) {
        if let failure = error as? CommandFailure {
            self.init(output: "", complaint: failure.description + "\n", status: failure.status)
            return
        }
        if error is DifferencesFound {
            self.init(output: "", complaint: "", status: .failed)
            return
        }
        let code = command.exitCode(for: error)
        let message = command.fullMessage(for: error)
        let text = message.isEmpty ? "" : message + "\n"
        switch code {
        case .success: self.init(output: text, complaint: "", status: .success)
        case .validationFailure: self.init(output: "", complaint: text, status: .usage)
        default: self.init(output: "", complaint: text, status: .failed)
        }
    }

    private init(output: String, complaint: String, status: ExitStatus) {
        self.output = output
        self.complaint = complaint
        self.status = status
    }
}

/// Leaving the program.
enum ProgramExit {
    /// Ends the process.
    static func exit(_ status: ExitStatus) -> Never { Glibc.exit(status.rawValue) }
}
