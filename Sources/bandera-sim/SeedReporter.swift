internal import Glibc

/// Names the seed when the code under test traps: a precondition ends the process at once, so only
/// a signal handler can still say how to replay it.
enum SeedReporter {
    private static let bytesMax = 256
    /// What the handler writes: a handler may not allocate, so it is made beforehand.
    nonisolated(unsafe) private static let line = UnsafeMutablePointer<UInt8>.allocate(
        capacity: bytesMax
    )
    nonisolated(unsafe) private static var lineBytes = 0

    /// The command that replays a seed.
    static func replay(_ seed: UInt64) -> String {
        "bandera-sim run --first-seed \(seed) --seeds 1 --trace"
    }

    /// Makes every signal that a trap raises name the seed.
    static func install() {
        for number in [SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS] {
            signal(number) { number in
                unsafe _ = write(2, SeedReporter.line, SeedReporter.lineBytes)
                signal(number, SIG_DFL)
                raise(number)
            }
        }
    }

    /// A seed's run begins.
    static func begin(_ seed: UInt64) {
        let text = "\nseed \(seed) trapped; replay: \(self.replay(seed))\n"
        var count = 0
        for byte in text.utf8.prefix(self.bytesMax) {
            unsafe self.line[count] = byte
            count += 1
        }
        unsafe self.lineBytes = count
    }
}
