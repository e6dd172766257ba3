internal import CMessages

/// Allows the other side to send more DATA on a stream.
package struct Credit: Hashable, Sendable {
    /// Added to what is left.
    package var messages: UInt32

    package init(messages: UInt32) { self.messages = messages }
}

extension Credit: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(
            arena.message(bandera__wire__v1__credit__init) { $0.messages = self.messages }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> Credit {
        try arena.unpack(bytes, with: bandera__wire__v1__credit__unpack) {
            (message) throws(WireError) -> Credit in
            Credit(messages: message.pointee.messages)
        }
    }
}

/// Closes a call that its caller no longer wants.
package struct Cancel: Hashable, Sendable {
    /// Why: `cancelled` unless the caller's deadline passed or the server broke the protocol.
    package var code: StatusCode

    package init(code: StatusCode = .cancelled) { self.code = code }
}

extension Cancel: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(
            arena.message(bandera__wire__v1__cancel__init) {
                $0.status = self.code == .cancelled ? 0 : self.code.rawValue
            }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> Cancel {
        try arena.unpack(bytes, with: bandera__wire__v1__cancel__unpack) {
            (message) throws(WireError) -> Cancel in
            let status = message.pointee.status
            return Cancel(code: status == 0 ? .cancelled : try StatusCode(received: status))
        }
    }
}
