internal import Glibc

/// The program's own streams, unbuffered: what is printed is out before the program goes on or ends.
enum StandardStreams {
    /// Whether standard output is a terminal: a person reads it.
    static var isOutputTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Prints to standard output.
    static func output(_ text: String) { self.write(text, to: STDOUT_FILENO) }

    /// Prints to standard error.
    static func error(_ text: String) { self.write(text, to: STDERR_FILENO) }

    private static func write(_ text: String, to descriptor: CInt) {
        let bytes = Array(text.utf8)
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(
                    descriptor,
                    buffer.baseAddress.map { unsafe $0 + written },
                    buffer.count - written
                )
            }
            if count < 0, errno == EINTR { continue }
            // Nobody is left to tell: the reader is gone or the disk is full.
            guard count > 0 else { exit(ExitStatus.failed.rawValue) }
            written += count
        }
    }
}

/// What a person's Ctrl-C does to a command that waits.
enum Interruption {
    /// Ends the program at once with the status for "cancelled".
    static func endsProgram() {
        for number in [SIGINT, SIGTERM] {
            signal(number) { _ in _exit(ExitStatus.usage.rawValue) }
        }
    }
}
