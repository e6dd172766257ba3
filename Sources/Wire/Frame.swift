/// The number of a call on its connection; the client chooses it, strictly increasing.
package struct StreamID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let rawValue: UInt32

    package init(_ rawValue: UInt32) { self.rawValue = rawValue }

    /// The connection itself.
    package static let connection = StreamID(0)

    package var description: String { "s\(self.rawValue)" }

    package static func < (lhs: StreamID, rhs: StreamID) -> Bool { lhs.rawValue < rhs.rawValue }
}

/// What a frame's payload is.
package enum FrameType: UInt8, Hashable, Sendable, CaseIterable {
    case settings = 1
    case request = 2
    case data = 3
    case end = 4
    case cancel = 5
    case credit = 6
    case ping = 7
    case pong = 8
    case goaway = 9

    /// Whether the frame speaks about the connection, on stream 0, rather than about a call.
    package var isOfConnection: Bool {
        switch self {
        case .settings, .ping, .pong, .goaway: true
        case .request, .data, .end, .cancel, .credit: false
        }
    }
}

/// One-bit facts about a frame.
package struct FrameFlags: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The sender will send no more DATA on this stream.
    package static let endStream = FrameFlags(rawValue: 0x01)
}

/// The 12 bytes that precede every payload.
package struct FrameHeader: Hashable, Sendable {
    /// How many bytes a header takes.
    package static let byteCount = 12
    /// Where the stream id starts, for frames that are prepared once and sent on many streams.
    package static let streamOffset = 8

    /// How many bytes of payload follow.
    package var length: UInt32
    /// What the payload is.
    package var type: FrameType
    /// Only ``FrameFlags/endStream``, and only on REQUEST and DATA.
    package var flags: FrameFlags
    /// The call, or ``StreamID/connection``.
    package var stream: StreamID

    package init(length: UInt32, type: FrameType, flags: FrameFlags = [], stream: StreamID) {
        self.length = length
        self.type = type
        self.flags = flags
        self.stream = stream
    }

    /// How many bytes the whole frame takes.
    package var frameByteCount: Int { Self.byteCount + Int(self.length) }

    /// Reads a header from the first 12 bytes and checks what it says about itself.
    package init(parsing bytes: UnsafeRawBufferPointer) throws(WireError) {
        precondition(bytes.count >= Self.byteCount, "a header takes 12 bytes, got \(bytes.count)")
        let length = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt32.self))
        let reserved = bytes.loadUnaligned(fromByteOffset: 6, as: UInt16.self)
        let stream = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self))
        guard let type = FrameType(rawValue: bytes[4]) else {
            throw WireError(code: .malformed, message: "unknown frame type \(bytes[4])")
        }
        guard reserved == 0 else {
            throw WireError(code: .malformed, message: "reserved bits are set")
        }
        self.init(
            length: length,
            type: type,
            flags: FrameFlags(rawValue: bytes[5]),
            stream: StreamID(stream)
        )
        try self.validate()
    }

    /// Writes the header into the first 12 bytes.
    package func write(into bytes: UnsafeMutableRawBufferPointer) {
        precondition(bytes.count >= Self.byteCount, "a header takes 12 bytes, got \(bytes.count)")
        bytes.storeBytes(of: self.length.bigEndian, toByteOffset: 0, as: UInt32.self)
        bytes[4] = self.type.rawValue
        bytes[5] = self.flags.rawValue
        bytes.storeBytes(of: 0, toByteOffset: 6, as: UInt16.self)
        bytes.storeBytes(of: self.stream.rawValue.bigEndian, toByteOffset: 8, as: UInt32.self)
    }

    private func validate() throws(WireError) {
        let allowed: FrameFlags = self.type == .request || self.type == .data ? .endStream : []
        guard self.flags.isSubset(of: allowed) else {
            throw WireError(code: .malformed, message: "\(self.type) with unknown flags")
        }
        guard self.type.isOfConnection == (self.stream == .connection) else {
            throw WireError(code: .violation, message: "\(self.type) on stream \(self.stream)")
        }
        if self.type == .ping || self.type == .pong {
            guard self.length == 8 else {
                throw WireError(code: .malformed, message: "\(self.type) of \(self.length) bytes")
            }
        }
    }
}
