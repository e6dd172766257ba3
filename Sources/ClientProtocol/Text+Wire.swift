internal import CMessages
internal import Flags
internal import Wire

extension ProtobufCBinaryData {
    /// A key, a tenant's name, a region: short.
    func identifier(_ field: String) throws(WireError) -> String {
        try self.string(byteCountMax: ClientProtocolLimits.identifierBytesMax, field)
    }

    /// What people read.
    func text(_ field: String) throws(WireError) -> String {
        try self.string(byteCountMax: ClientProtocolLimits.textBytesMax, field)
    }
}

extension EnvironmentID {
    /// Makes the C form.
    func build(
        in arena: Arena
    ) -> UnsafeMutablePointer<Bandera__Flags__V1__EnvironmentId> {
        arena.message(bandera__flags__v1__environment_id__init) { message in
            message.organization = arena.bytes(self.organization)
            message.environment = arena.bytes(self.environment)
        }
    }

    /// Reads the C form, which must be there.
    init(
        _ message: UnsafeMutablePointer<Bandera__Flags__V1__EnvironmentId>?
    ) throws(WireError) {
        let id = try require(message, "environment").pointee
        self.init(
            organization: try id.organization.identifier("organization"),
            environment: try id.environment.identifier("environment")
        )
    }
}
