internal import CMessages
internal import Raft
package import Wire

extension LogCommand: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(
            arena.message(bandera__peer__v1__log_command__init) { message in
                message.origin = self.origin.rawValue
                message.incarnation = self.incarnation
                message.proposal = self.proposal
                message.time_ms = self.time
                message.actor = arena.bytes(self.actor)
                message.organization = arena.bytes(self.organization)
                message.request = arena.bytes(self.request)
            }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> LogCommand {
        try arena.unpack(bytes, with: bandera__peer__v1__log_command__unpack) {
            (pointer) throws(WireError) -> LogCommand in
            let message = pointer.pointee
            let nameBytesMax = PeerProtocolLimits.nameBytesMax
            return LogCommand(
                origin: try NodeID(received: message.origin),
                incarnation: message.incarnation,
                proposal: message.proposal,
                time: message.time_ms,
                actor: try message.actor.string(byteCountMax: nameBytesMax, "actor"),
                organization: try message.organization.string(
                    byteCountMax: nameBytesMax,
                    "organization"
                ),
                request: message.request.array()
            )
        }
    }
}
