internal import Glibc
internal import NIOPosix

/// The few things that the bench asks of the operating system.
enum BenchProcess {
    /// Ends the process without running anything more.
    static func exit(_ code: Int32) -> Never { _exit(code) }

    /// Nanoseconds of the monotonic clock.
    static func nanoseconds() -> UInt64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// Milliseconds since 1970.
    static func wallMilliseconds() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// Nanoseconds of processor time of this thread.
    static func threadNanoseconds() -> UInt64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// A line of progress, on standard error.
    static func progress(_ text: String) {
        let bytes = Array("\(text)\n".utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe write(2, $0.baseAddress, $0.count) }
    }

    /// Raises the soft limit of open files to the hard one; processes started later inherit it.
    static func raiseFileLimit() {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard unsafe getrlimit(resource, &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        _ = unsafe setrlimit(resource, &limit)
    }

    /// Runs `body` on a thread of its own when the process is asked to end.
    static func onInterruption(_ body: @escaping @Sendable () -> Void) {
        guard let (reading, _) = Self.interruptions else { return }
        let thread = NIOThreadPool(numberOfThreads: 1)
        thread.start()
        thread.submit { _ in
            var byte: UInt8 = 0
            // A child that ends may interrupt the wait.
            while unsafe read(reading, &byte, 1) != 1 {}
            body()
        }
        for number in [SIGINT, SIGTERM] {
            // A handler may do next to nothing, but it may write to a pipe (signal-safety(7)).
            _ = signal(number) { _ in
                guard let (_, writing) = BenchProcess.interruptions else { return }
                var byte: UInt8 = 1
                _ = unsafe write(writing, &byte, 1)
            }
        }
    }

    /// The two ends of the pipe through which signals are told; made before handlers need it.
    private static let interruptions: (reading: Int32, writing: Int32)? = {
        var ends: [Int32] = [-1, -1]
        return unsafe pipe(&ends) == 0 ? (ends[0], ends[1]) : nil
    }()
}
