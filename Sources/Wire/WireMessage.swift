internal import CMessages

/// A message in C form, inside the arena that it was built in; pack it before the arena is reused.
package struct BuiltMessage {
    private let base: UnsafePointer<ProtobufCMessage>

    /// Takes a generated message struct, whose first field is always the common head.
    package init<Message>(_ message: UnsafeMutablePointer<Message>) {
        self.base = UnsafeRawPointer(message).assumingMemoryBound(to: ProtobufCMessage.self)
    }

    /// Packs into one array, after `prefixByteCount` bytes that `writePrefix` fills in.
    fileprivate func pack(
        prefixByteCount: Int,
        writePrefix: (UnsafeMutableRawBufferPointer, _ payloadByteCount: Int) -> Void
    ) -> [UInt8] {
        let count = protobuf_c_message_get_packed_size(self.base)
        return [UInt8](unsafeUninitializedCapacity: prefixByteCount + count) {
            buffer,
            initialized in
            writePrefix(UnsafeMutableRawBufferPointer(buffer), count)
            let packed = protobuf_c_message_pack(
                self.base,
                buffer.baseAddress.map { $0 + prefixByteCount }
            )
            precondition(packed == count, "packed \(packed) bytes, measured \(count)")
            initialized = prefixByteCount + count
        }
    }
}

/// A Swift value that travels as one protobuf message.
package protocol WireMessage: Sendable {
    /// Builds the C form; called only while the arena is reserved for it.
    func build(in arena: Arena) -> BuiltMessage

    /// Unpacks and checks; never traps, whatever the bytes are.
    static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> Self
}

extension WireMessage {
    /// Packs the message; pass an arena that is kept where this is called often.
    package func encode(using arena: Arena = Arena()) -> [UInt8] {
        arena.building {
            self.build(in: arena).pack(prefixByteCount: 0) { _, _ in }
        }
    }

    /// Packs the message as a whole frame, header included.
    package func encodeFrame(
        _ type: FrameType,
        flags: FrameFlags = [],
        stream: StreamID,
        using arena: Arena = Arena()
    ) -> [UInt8] {
        arena.building {
            self.build(in: arena).pack(prefixByteCount: FrameHeader.byteCount) { prefix, count in
                precondition(
                    count <= WireLimits.frameBytesCeiling,
                    "a \(type) payload of \(count) bytes fits no frame"
                )
                let length = UInt32(count)
                FrameHeader(length: length, type: type, flags: flags, stream: stream)
                    .write(into: prefix)
            }
        }
    }

    /// Unpacks and checks, with memory for this one message.
    package static func decode(_ bytes: UnsafeRawBufferPointer) throws(WireError) -> Self {
        try Self.decode(bytes, using: Arena())
    }

    /// Unpacks and checks bytes that are already in an array.
    package static func decode(
        _ bytes: [UInt8],
        using arena: Arena = Arena()
    ) throws(WireError) -> Self {
        let result = bytes.withUnsafeBytes { (bytes) -> Result<Self, WireError> in
            do throws(WireError) {
                return .success(try Self.decode(bytes, using: arena))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}

extension Arena {
    fileprivate func building(_ body: () -> [UInt8]) -> [UInt8] {
        do throws(WireError) {
            return try self.exclusively(body)
        } catch {
            preconditionFailure("packing does not throw: \(error)")
        }
    }
}
