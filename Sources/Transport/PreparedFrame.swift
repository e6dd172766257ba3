internal import NIOCore
internal import Wire

/// One DATA frame that is built once and sent on many calls, to which only the stream id is fitted.
///
/// MUST stay on one event loop: the id is written into the shared bytes just before they are
/// encrypted for each call.
@safe package final class PreparedFrame {
    /// Header and payload, freed with the frame and never handed out longer than for one call.
    ///
    /// No array, because thousands of uses would ask each time who else holds it.
    private let bytes: UnsafeMutableRawBufferPointer

    /// How many bytes the frame takes.
    package var byteCount: Int { unsafe self.bytes.count }

    var messageByteCount: Int { self.byteCount - FrameHeader.byteCount }

    /// Makes the frame of an application message that is already packed.
    package init(message: [UInt8]) {
        precondition(
            message.count <= WireLimits.frameBytesCeiling,
            "a message of \(message.count) bytes fits no frame"
        )
        let byteCount = FrameHeader.byteCount + message.count
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 8)
        let header = FrameHeader(length: UInt32(message.count), type: .data, stream: .connection)
        unsafe header.write(into: bytes)
        let payload = unsafe bytes[FrameHeader.byteCount...]
        unsafe UnsafeMutableRawBufferPointer(rebasing: payload).copyBytes(from: message)
        unsafe self.bytes = bytes
    }

    deinit { unsafe self.bytes.deallocate() }

    /// Calls `body` with the bytes of the frame as it goes out on `stream`.
    func withBytes(on stream: StreamID, _ body: (UnsafeRawBufferPointer) -> Void) {
        unsafe self.bytes.storeBytes(
            of: stream.rawValue.bigEndian,
            toByteOffset: FrameHeader.streamOffset,
            as: UInt32.self
        )
        unsafe body(UnsafeRawBufferPointer(self.bytes))
    }
}

@available(*, unavailable)
extension PreparedFrame: Sendable {}
