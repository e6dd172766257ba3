internal import CMessages
internal import Flags
package import Wire

extension WriteRequest: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(
            arena.message(bandera__v1__write_request__init) { message in
                message.session = self.session.rawValue
                message.sequence = self.sequence
                self.command.fill(&message, in: arena)
            }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> WriteRequest {
        try arena.unpack(bytes, with: bandera__v1__write_request__unpack) {
            (message) throws(WireError) -> WriteRequest in
            WriteRequest(
                session: Revision(message.pointee.session),
                sequence: message.pointee.sequence,
                command: try Command(message.pointee)
            )
        }
    }
}

extension WriteResponse: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(
            arena.message(bandera__v1__write_response__init) {
                $0.revision = self.revision.rawValue
            }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> WriteResponse {
        try arena.unpack(bytes, with: bandera__v1__write_response__unpack) {
            (message) throws(WireError) -> WriteResponse in
            WriteResponse(revision: Revision(message.pointee.revision))
        }
    }
}
