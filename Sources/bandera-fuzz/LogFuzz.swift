internal import Simulation

/// The files of a log.
enum LogFuzz {
    static func run(_ input: [UInt8]) { LogBytes.check(input) }
}
