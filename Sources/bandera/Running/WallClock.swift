internal import Flags
internal import Glibc

/// The one place where the program reads the wall clock.
enum WallClock {
    /// Now, to the millisecond.
    static var now: Timestamp {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
