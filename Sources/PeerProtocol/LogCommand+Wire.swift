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
                if self.role != Self.formerRole(organization: self.organization) {
                    message.role = arena.bytes(self.role)
                }
                message.environment = arena.bytes(self.environment)
                message.token = arena.bytes(self.token)
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
            let organization = try message.organization.string(
                byteCountMax: nameBytesMax,
                "organization"
            )
            let role = try message.role.string(byteCountMax: nameBytesMax, "role")
            return LogCommand(
                origin: try NodeID(received: message.origin),
                incarnation: message.incarnation,
                proposal: message.proposal,
                time: message.time_ms,
                actor: try message.actor.string(byteCountMax: nameBytesMax, "actor"),
                organization: organization,
                environment: try message.environment.string(
                    byteCountMax: nameBytesMax,
                    "environment"
                ),
                role: role.isEmpty ? Self.formerRole(organization: organization) : role,
                token: try message.token.string(byteCountMax: nameBytesMax, "token"),
                request: message.request.array()
            )
        }
    }

    /// What an actor could do before there were roles, and what need not be said.
    private static func formerRole(organization: String) -> String {
        organization.isEmpty ? "super_admin" : "organization_admin"
    }
}
