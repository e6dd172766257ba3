/// Every bound of counting usage, in one place.
package enum UsageLimits {
    /// Values of one dimension that a flag is counted by in one minute on one node; the others are
    /// counted together as `UsageRow.others`.
    package static let valuesPerDimensionMax = 200
    /// Variations of one flag that are counted apart, over all that is reported; a flag has at most
    /// 64 at a time, but may be given others.
    package static let variationsPerFlagMax = 128
    /// UTF-8 bytes of a dimension's value or a variation's name; longer ones are counted as
    /// `UsageRow.others`.
    package static let valueBytesMax = 256
    /// Rows that wait on a node to be replicated.
    ///
    /// Of these, of the flags and minutes, and of the sketches an organization may have as many as
    /// there is still room for: one alone half of all, and there is always some left for another.
    package static let rowsPendingMax = 100_000
    /// Flags and minutes that a node counts at one time.
    package static let periodsMax = 40_000
    /// Bytes of one batch when it is written down: half of what nodes take of one entry of the log.
    ///
    /// With ids of usual lengths the limit of rows is reached first.
    package static let batchBytesMax = 512 << 10
    /// Bytes of a batch that refused calls may take, and as many that reports of deliveries may.
    package static let sideBytesPerBatchMax = 96 << 10
    /// What each organization gets of a batch at least, when it is its turn: rows, sketches,
    /// registers and bytes.
    ///
    /// When there are too many for that in one batch, the others come first in the next.
    package static let rowsPerTurnMin = 64
    package static let sketchesPerTurnMin = 64
    package static let registersPerTurnMin = 1_024
    package static let bytesPerTurnMin = 16 << 10
    /// Rows of one batch: with ids of usual lengths some 250 kB of log.
    package static let rowsPerBatchMax = 2_000
    /// Registers of one batch, over all its sketches.
    package static let registersPerBatchMax = 20_000
    /// Sketches of one batch.
    package static let sketchesPerBatchMax = 2_000
    /// Variations of flags whose distinct users a node keeps; each is 1 kB.
    package static let sketchesMax = 16_384
    /// Callers and methods that were refused, kept apart until the next batch.
    package static let deniedPendingMax = 256
    /// Reports of deliveries that wait for the next batch.
    package static let deliveriesPendingMax = 1_024
    /// How old what an SDK reports may be and still be counted in its own minute: an SDK that was
    /// cut off reports late, and one whose clock is wrong must not write into last year.
    package static let reportAgeMillisecondsMax: Int64 = 3_600_000
    /// How far ahead of the node an SDK's clock may be.
    package static let reportAheadMillisecondsMax: Int64 = 60_000
}
