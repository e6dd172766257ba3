internal import NIOCore
internal import Wire

/// One DATA frame that is built once and sent on many calls, to which only the stream id is fitted.
///
/// MUST stay on one event loop: the id is written into the shared bytes just before they are
/// encrypted for each call.
package final class PreparedFrame {
    /// Header and payload; whoever writes them sets the stream before.
    var bytes: [UInt8]

    /// How many bytes the frame takes.
    package var byteCount: Int { self.bytes.count }

    var messageByteCount: Int { self.bytes.count - FrameHeader.byteCount }

    /// Makes the frame of an application message that is already packed.
    package init(message: [UInt8]) {
        precondition(
            message.count <= WireLimits.frameBytesCeiling,
            "a message of \(message.count) bytes fits no frame"
        )
        self.bytes = []
        self.bytes.reserveCapacity(FrameHeader.byteCount + message.count)
        FrameHeader(length: UInt32(message.count), type: .data, stream: .connection)
            .append(to: &self.bytes)
        self.bytes.append(contentsOf: message)
    }

    /// Calls `body` with the bytes of the frame as it goes out on `stream`.
    func withBytes(on stream: StreamID, _ body: (UnsafeRawBufferPointer) -> Void) {
        unsafe self.bytes.withUnsafeMutableBytes { bytes in
            unsafe bytes.storeBytes(
                of: stream.rawValue.bigEndian,
                toByteOffset: FrameHeader.streamOffset,
                as: UInt32.self
            )
            unsafe body(UnsafeRawBufferPointer(bytes))
        }
    }
}

@available(*, unavailable)
extension PreparedFrame: Sendable {}

extension FrameHeader {
    /// Appends the twelve bytes of the header.
    func append(to bytes: inout [UInt8]) {
        unsafe withUnsafeTemporaryAllocation(byteCount: Self.byteCount, alignment: 4) { header in
            unsafe self.write(into: header)
            unsafe bytes.append(contentsOf: header)
        }
    }
}
