/// Splits what a connection received into frames, without copying.
///
/// Checks all that can be checked without knowing the streams: the header, the payload's size, who
/// may send which type, and that SETTINGS comes first and once. Everything it refuses ends the
/// connection, because nothing after a bad header can be trusted. It then refuses for good.
package struct FrameReader: Sendable {
    /// Which side this reader is on.
    package enum Receiver: Hashable, Sendable {
        case client
        case server
    }

    /// What the bytes that were offered begin with.
    package enum Step: Equatable, Sendable {
        /// A whole frame.
        ///
        /// Its payload is in this range of the offered bytes, and the next frame begins where the
        /// range ends.
        case frame(FrameHeader, payload: Range<Int>)
        /// The beginning of a frame; offer it again once it is so many bytes long.
        case incomplete(byteCountNeeded: Int)
        /// Close the connection.
        case violation(WireError)
    }

    private enum State: Equatable {
        /// Nothing was received; can become `open` or `broken`.
        case fresh
        /// SETTINGS was received; can become `broken`.
        case open
        /// Something was refused; final.
        case broken(WireError)
    }

    private let receiver: Receiver
    private let frameBytesMax: Int
    private var state = State.fresh

    package init(receiver: Receiver, frameBytesMax: Int) {
        precondition(frameBytesMax > 0 && frameBytesMax <= WireLimits.frameBytesCeiling)
        self.receiver = receiver
        self.frameBytesMax = frameBytesMax
    }

    /// Reads the frame that starts at the first of `bytes`, the bytes not yet consumed.
    package mutating func next(_ bytes: UnsafeRawBufferPointer) -> Step {
        if case .broken(let error) = self.state {
            return .violation(error)
        }
        guard bytes.count >= FrameHeader.byteCount else {
            return .incomplete(byteCountNeeded: FrameHeader.byteCount)
        }
        let header: FrameHeader
        do throws(WireError) {
            header = try FrameHeader(parsing: bytes)
            try self.check(header)
        } catch {
            self.state = .broken(error)
            return .violation(error)
        }
        guard bytes.count >= header.frameByteCount else {
            return .incomplete(byteCountNeeded: header.frameByteCount)
        }
        self.state = .open
        return .frame(header, payload: FrameHeader.byteCount..<header.frameByteCount)
    }

    /// Checks a header before its payload is waited for, so that nothing oversized is buffered.
    private func check(_ header: FrameHeader) throws(WireError) {
        guard Int(header.length) <= self.frameBytesMax else {
            throw WireError(
                code: .tooLarge,
                message: "\(header.type) of \(header.length) bytes, allowed are \(frameBytesMax)"
            )
        }
        guard (header.type == .settings) == (self.state == .fresh) else {
            throw WireError(
                code: .violation,
                message: self.state == .fresh
                    ? "\(header.type) before SETTINGS" : "SETTINGS a second time"
            )
        }
        let isMisdirected =
            switch header.type {
            case .request, .cancel: self.receiver == .client
            case .end: self.receiver == .server
            case .settings, .data, .credit, .ping, .pong, .goaway: false
            }
        guard !isMisdirected else {
            throw WireError(
                code: .violation,
                message: "the \(self.receiver) does not take \(header.type)"
            )
        }
    }
}
