internal import CMessages
internal import Flags
package import Wire

extension UsageReceipt: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(
            arena.message(bandera__v1__usage_receipt__init) { message in
                message.dropped = self.dropped
            }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> UsageReceipt {
        try arena.unpack(bytes, with: bandera__v1__usage_receipt__unpack) {
            (pointer) throws(WireError) -> UsageReceipt in
            let raw = pointer.pointee
            return UsageReceipt(
                dropped: raw.dropped
            )
        }
    }
}

extension UsageQuery: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(
            arena.message(bandera__v1__usage_query__init) { message in
                message.environment = self.environment.build(in: arena)
                message.flag = arena.bytes(self.flag)
                message.from_ms = self.from.milliseconds
                message.to_ms = self.to.milliseconds
                message.resolution = self.resolution.raw
                message.dimension = self.dimension.raw
                message.value = arena.bytes(self.value)
                message.at_least = self.atLeast.rawValue
            }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> UsageQuery {
        try arena.unpack(bytes, with: bandera__v1__usage_query__unpack) {
            (pointer) throws(WireError) -> UsageQuery in
            let raw = pointer.pointee
            return UsageQuery(
                environment: try EnvironmentID(raw.environment),
                flag: try raw.flag.identifier("flag"),
                from: Timestamp(milliseconds: raw.from_ms),
                to: Timestamp(milliseconds: raw.to_ms),
                resolution: try UsageResolution(raw.resolution),
                dimension: try UsageDimension(raw.dimension),
                value: try raw.value.identifier("value"),
                atLeast: Revision(raw.at_least)
            )
        }
    }
}

extension UsageQueryResponse: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(
            arena.message(bandera__v1__usage_query_response__init) { message in
                message.revision = self.revision.rawValue
                message.table = arena.usage(self.rows)
                message.is_cut = self.isCut ? 1 : 0
            }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> UsageQueryResponse {
        try arena.unpack(bytes, with: bandera__v1__usage_query_response__unpack) {
            (pointer) throws(WireError) -> UsageQueryResponse in
            let raw = pointer.pointee
            return UsageQueryResponse(
                revision: Revision(raw.revision),
                rows: try readUsage(raw.table).rows,
                isCut: raw.is_cut != 0
            )
        }
    }
}

extension UsageResolution: WireEnum {
    /// The C form.
    var raw: Bandera__V1__UsageResolution {
        switch self {
        case .minute: BANDERA__V1__USAGE_RESOLUTION__USAGE_RESOLUTION_MINUTE
        case .hour: BANDERA__V1__USAGE_RESOLUTION__USAGE_RESOLUTION_HOUR
        case .day: BANDERA__V1__USAGE_RESOLUTION__USAGE_RESOLUTION_DAY
        }
    }
}
