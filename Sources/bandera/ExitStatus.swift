/// What the program tells its caller on exit.
///
/// Scripts depend on these numbers.
enum ExitStatus: Int32, Sendable {
    case success = 0
    /// It was not done; of commands that compare: something differs.
    case failed = 1
    /// A usage error, or the person interrupted.
    case usage = 2
    /// A command that compares failed: its 1 says that something differs.
    case comparisonFailed = 3
    case unauthorized = 4
    /// The cluster could not be reached, or did not answer in time.
    case unavailable = 5
}
