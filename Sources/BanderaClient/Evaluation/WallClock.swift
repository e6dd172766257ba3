internal import Flags
internal import Glibc

/// The time of day, for the windows of flags.
enum WallClock {
    /// Now, to the millisecond.
    ///
    /// The coarse clock is a few milliseconds old at most and costs a few nanoseconds; a flag's
    /// window does not need better.
    static var now: Timestamp {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_REALTIME_COARSE, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
