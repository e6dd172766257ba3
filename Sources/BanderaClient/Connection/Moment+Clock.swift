internal import NIOCore

extension Moment {
    /// The moment by the machine's monotonic clock.
    ///
    /// Only shells ask.
    package static var now: Moment {
        Moment(Int64(NIODeadline.now().uptimeNanoseconds / 1_000_000))
    }
}
