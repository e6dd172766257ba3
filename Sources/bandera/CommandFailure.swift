internal import BanderaClient

/// Why a command did not do what it was asked: what happened, to what, and what to do next.
struct CommandFailure: Error, Equatable, Sendable, CustomStringConvertible {
    /// How the program exits.
    let status: ExitStatus
    /// What happened, to what: one sentence without a full stop.
    let what: String
    /// What to do about it; empty when there is nothing to say.
    let next: String

    init(_ status: ExitStatus, _ what: String, next: String = "") {
        self.status = status
        self.what = what
        self.next = next
    }

    /// A bad value or combination of options, refused before anything is sent.
    static func usage(_ what: String, next: String = "") -> CommandFailure {
        CommandFailure(.usage, what, next: next)
    }

    /// The text for standard error.
    var description: String {
        self.next.isEmpty
            ? "\(Texts.errorPrefix)\(self.what)"
            : "\(Texts.errorPrefix)\(self.what)\n\(Texts.nextPrefix)\(self.next)"
    }
}

extension CommandFailure {
    /// Says what a failure of the client means for the thing that was being done.
    init(_ error: BanderaError, doing what: String) {
        let sentence = "\(what): \(error.message)"
        switch error.code {
        case .unauthorized:
            self.init(.unauthorized, sentence, next: Texts.nextUnauthorized)
        case .unavailable:
            self.init(.unavailable, sentence, next: Texts.nextUnavailable)
        case .timedOut:
            self.init(.unavailable, sentence, next: Texts.nextTimedOut)
        case .outcomeUnknown:
            self.init(.unavailable, sentence, next: Texts.nextOutcomeUnknown)
        case .notFound:
            self.init(.failed, sentence, next: Texts.nextNotFound)
        case .invalidConfiguration:
            self.init(.usage, sentence)
        default:
            self.init(.failed, sentence)
        }
    }
}
