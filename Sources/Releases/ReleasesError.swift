/// Why a release did not do what it was told.
///
/// Two errors are equal when their codes are; the message is for people.
package struct ReleasesError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of mistake it is.
    package enum Code: String, Hashable, Sendable, CaseIterable {
        /// What it was told does not fit the state that it is in.
        case wrongState
        /// It is not at the step that the caller saw.
        case wrongStep
        /// Nobody approves, or skips the approvals of, what they started themselves.
        case ownApproval
        /// The step has the caller's approval, or all that it needs.
        case approvedAlready
        /// The step lacks more approvals than one person stands for.
        case approvalsMissing
        /// The step still waits for something.
        case notDue
    }

    /// What kind of mistake it is.
    package let code: Code
    /// What is wrong and what would be right.
    package let message: String

    /// Creates an error.
    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    package var description: String { self.message }

    /// Compares codes only.
    package static func == (lhs: ReleasesError, rhs: ReleasesError) -> Bool {
        lhs.code == rhs.code
    }

    /// Hashes the code only.
    package func hash(into hasher: inout Hasher) { hasher.combine(self.code) }
}
