/// What the program tells its caller on exit.
///
/// Scripts depend on these numbers.
enum ExitStatus: Int32, Sendable {
    case success = 0
    case failed = 1
    /// A usage error, or the person interrupted.
    case usage = 2
    case unauthorized = 4
    /// The cluster could not be reached, or did not answer in time.
    case unavailable = 5
}
