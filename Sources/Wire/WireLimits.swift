/// Every bound of the wire protocol.
///
/// Nothing that arrives is stored, counted or followed past these.
package struct WireLimits: Hashable, Sendable {
    /// The largest payload of one frame.
    package var frameBytesMax: Int
    /// How many calls one connection may have open at once.
    package var streamsMax: Int
    /// How many DATA frames a client may send on a new call before it is granted more.
    package var initialCredit: UInt32

    package init(frameBytesMax: Int, streamsMax: Int, initialCredit: UInt32 = 16) {
        precondition(frameBytesMax > 0 && frameBytesMax <= Self.frameBytesCeiling)
        precondition(streamsMax > 0)
        precondition(initialCredit > 0 && initialCredit <= Self.creditMax)
        self.frameBytesMax = frameBytesMax
        self.streamsMax = streamsMax
        self.initialCredit = initialCredit
    }

    /// For the port that clients connect to.
    package static let client = WireLimits(frameBytesMax: 1 << 20, streamsMax: 1024)
    /// For what connects to that port: answers, such as lists, are larger than requests.
    package static let sdk = WireLimits(frameBytesMax: 16 << 20, streamsMax: 1024)
    /// For the port that nodes connect to: a batch carries several appends of up to 1 MiB each.
    package static let peer = WireLimits(
        frameBytesMax: 16 << 20,
        streamsMax: 64,
        initialCredit: 1024
    )

    /// No configuration may allow a larger frame.
    package static let frameBytesCeiling = 64 << 20
    /// No side may allow only smaller frames: what explains an error must fit.
    package static let frameBytesFloor = 4096
    /// No side may hold more unused credit than this; what is granted beyond it is lost.
    package static let creditMax: UInt32 = 1 << 20
    /// The longest method name.
    package static let methodBytesMax = 128
    /// How many metadata fields a request or an error may carry.
    package static let metadataFieldsMax = 64
    /// The longest text that explains a status to people.
    package static let statusMessageBytesMax = 4096
    /// How far messages may nest before unpacking is abandoned, as bytes of stack.
    ///
    /// The protocols' own limits are far tighter; this one only keeps a hostile message from ending
    /// the process.
    package static let unpackStackBytesMax = 192 << 10
    /// How many PING frames a peer may send within `pingWindow`.
    package static let pingsMax = 10
    /// The span that `pingsMax` counts over, in nanoseconds.
    package static let pingWindowNanoseconds: UInt64 = 1_000_000_000
    /// How much a reusable arena keeps between messages.
    package static let arenaKeptBytesMax = 4 << 20

    /// How much memory unpacking a message of `count` bytes may take.
    ///
    /// A C message is larger than its bytes on the wire; the factor leaves room for every honest
    /// message, and bounds what a message of many empty elements can make of few bytes.
    package static func unpackedBytesMax(messageBytes count: Int) -> Int {
        (16 << 10) + 48 * count
    }
}
