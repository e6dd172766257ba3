import Flags
import FoundationEssentials

/// The time of day, for dates that are to come during a test.
enum WallClock {
    static var now: Timestamp {
        Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
    }
}
