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
    ///
    /// MUST be called before other threads are started: they inherit the blocked signals.
    static func onInterruption(_ body: @escaping @Sendable () -> Void) {
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, SIGINT)
        unsafe sigaddset(&signals, SIGTERM)
        unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
        let waited = signals
        let thread = NIOThreadPool(numberOfThreads: 1)
        thread.start()
        thread.submit { _ in
            var waited = waited
            var number: Int32 = 0
            if unsafe sigwait(&waited, &number) == 0 { body() }
        }
    }
}
