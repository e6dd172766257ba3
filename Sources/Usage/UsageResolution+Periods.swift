package import Flags

extension UsageResolution {
    /// When the period that `time` falls into began; periods begin at whole minutes, hours and days
    /// of UTC.
    package func start(of time: Timestamp) -> Timestamp {
        let length = self.milliseconds
        let rest = time.milliseconds % length
        let (start, isOver) = time.milliseconds.subtractingReportingOverflow(
            rest < 0 ? rest + length : rest
        )
        return isOver ? time : Timestamp(milliseconds: start)
    }

    /// How long periods are kept before they are forgotten: minutes for two days, hours for 90
    /// days, days for five years.
    package var retentionMilliseconds: Int64 {
        switch self {
        case .minute: 2 * UsageResolution.day.milliseconds
        case .hour: 90 * UsageResolution.day.milliseconds
        case .day: 1_827 * UsageResolution.day.milliseconds
        }
    }

    /// The first period that is still kept at `now`: earlier ones are to be forgotten.
    package func oldestKept(at now: Timestamp) -> Timestamp {
        let (oldest, isOver) = now.milliseconds.subtractingReportingOverflow(
            self.retentionMilliseconds
        )
        return self.start(of: Timestamp(milliseconds: isOver ? now.milliseconds : oldest))
    }
}
