/// A moment of monotonic time, in milliseconds since an arbitrary start: how time enters machines.
package struct Moment: Hashable, Comparable, Sendable {
    /// Milliseconds since the start.
    package let milliseconds: Int64

    /// The moment `milliseconds` after the start.
    package init(_ milliseconds: Int64) { self.milliseconds = milliseconds }

    /// Orders by time.
    package static func < (lhs: Moment, rhs: Moment) -> Bool {
        lhs.milliseconds < rhs.milliseconds
    }

    /// The moment `milliseconds` after `moment`.
    package static func + (moment: Moment, milliseconds: Int64) -> Moment {
        Moment(moment.milliseconds &+ milliseconds)
    }

    /// The milliseconds from `rhs` until `lhs`.
    package static func - (lhs: Moment, rhs: Moment) -> Int64 {
        lhs.milliseconds &- rhs.milliseconds
    }
}
