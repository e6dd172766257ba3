internal import NIOCore
internal import Wire

/// Who is told what arrives on a connection: its server or client half.
protocol FrameReceiver: AnyObject {
    /// The peer is known, verified and compatible; calls may flow.
    func opened(peer: Settings)
    /// One frame about a call, or GOAWAY. Its bytes are the payload. An error closes the connection.
    func received(_ header: FrameHeader, payload: ByteBuffer) throws(WireError)
    /// `FrameHandler.isWritable` changed.
    func writabilityChanged()
    /// Takes no new calls, and returns the highest stream that the peer opened: what GOAWAY says.
    func stopTaking() -> StreamID
    /// The connection is gone. The last call; never made while the service's code runs.
    func closed(_ reason: TransportError)
}
