/// Why a cluster of processes could not be started, reached or commanded.
package struct LocalClusterError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kind of failure, for code that has to tell one from another.
    package struct Code: Hashable, Sendable {
        private enum Kind {
            case executable
            case file
            case process
            case port
            case timedOut
            case notOwned
        }

        private let kind: Kind

        /// The `bandera` executable is nowhere to be found.
        package static let executable = Code(kind: .executable)
        /// A file or folder could not be made or read.
        package static let file = Code(kind: .file)
        /// A process could not be started or signalled, or ended when it should not have.
        package static let process = Code(kind: .process)
        /// No free port was found.
        package static let port = Code(kind: .port)
        /// What was waited for did not happen in time.
        package static let timedOut = Code(kind: .timedOut)
        /// The cluster was started by somebody else, so its processes cannot be commanded.
        package static let notOwned = Code(kind: .notOwned)
    }

    package let code: Code
    /// What happened, to what, and what to do next.
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// Errors are equal when their codes are: messages are for people.
    package static func == (lhs: LocalClusterError, rhs: LocalClusterError) -> Bool {
        lhs.code == rhs.code
    }

    package var description: String { self.message }
}
