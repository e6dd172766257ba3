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

/// Reads a list of what is short: keys, names of variations, tags.
func readIdentifiers(
    _ count: Int,
    _ array: UnsafeMutablePointer<ProtobufCBinaryData>?,
    max: Int,
    _ field: String
) throws(WireError) -> [String] {
    try readStrings(
        count,
        array,
        max: max,
        byteCountMax: ClientProtocolLimits.identifierBytesMax,
        field
    )
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

typealias RawFlagID = Bandera__Flags__V1__FlagId

extension Arena {
    /// Builds the name of a flag.
    func flagID(
        _ environment: EnvironmentID,
        _ key: FlagKey
    ) -> UnsafeMutablePointer<RawFlagID> {
        self.message(bandera__flags__v1__flag_id__init) {
            $0.environment = environment.build(in: self)
            $0.key = self.bytes(key.rawValue)
        }
    }
}

/// Reads the name of a flag, which must be there.
func readFlagID(
    _ message: UnsafeMutablePointer<RawFlagID>?
) throws(WireError) -> (environment: EnvironmentID, key: FlagKey) {
    let raw = try require(message, "flag").pointee
    return (try EnvironmentID(raw.environment), FlagKey(try raw.key.identifier("key")))
}
