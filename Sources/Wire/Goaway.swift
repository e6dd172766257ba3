internal import CMessages

/// Announces that the sender takes no new calls and will close the connection.
package struct Goaway: Hashable, Sendable {
    /// The highest stream that was or will be served; later ones may be retried elsewhere.
    package var lastStream: StreamID
    /// Why.
    package var code: StatusCode
    /// For people.
    package var message: String
    /// Reconnect within this window, at a random moment.
    package var retryAfterMilliseconds: UInt32

    package init(
        lastStream: StreamID,
        code: StatusCode,
        message: String = "",
        retryAfterMilliseconds: UInt32 = 0
    ) {
        self.lastStream = lastStream
        self.code = code
        self.message = message
        self.retryAfterMilliseconds = retryAfterMilliseconds
    }
}

extension Goaway: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(
            arena.message(bandera__wire__v1__goaway__init) { message in
                message.last_stream = self.lastStream.rawValue
                message.status = self.code.rawValue
                message.message = arena.bytes(self.message)
                message.retry_after_ms = self.retryAfterMilliseconds
            }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> Goaway {
        try arena.unpack(bytes, with: bandera__wire__v1__goaway__unpack) {
            (pointer) throws(WireError) -> Goaway in
            let message = pointer.pointee
            return Goaway(
                lastStream: StreamID(message.last_stream),
                code: try StatusCode(received: message.status),
                message: try message.message.string(
                    byteCountMax: WireLimits.statusMessageBytesMax,
                    "message"
                ),
                retryAfterMilliseconds: message.retry_after_ms
            )
        }
    }
}
