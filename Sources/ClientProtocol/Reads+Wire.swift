internal import CMessages
internal import Flags
package import Wire

extension GetFlagRequest: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(
            arena.message(bandera__v1__get_flag_request__init) { message in
                message.environment = self.environment.build(in: arena)
                message.key = arena.bytes(self.key.rawValue)
                message.at_least = self.atLeast.rawValue
                message.linearizable = self.isLinearizable ? 1 : 0
                message.as_of = self.asOf.rawValue
            }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> GetFlagRequest {
        try arena.unpack(bytes, with: bandera__v1__get_flag_request__unpack) {
            (message) throws(WireError) -> GetFlagRequest in
            GetFlagRequest(
                environment: try EnvironmentID(message.pointee.environment),
                key: FlagKey(try message.pointee.key.identifier("key")),
                atLeast: Revision(message.pointee.at_least),
                isLinearizable: message.pointee.linearizable != 0,
                asOf: Revision(message.pointee.as_of)
            )
        }
    }
}

extension GetFlagResponse: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(
            arena.message(bandera__v1__get_flag_response__init) { message in
                message.flag = self.flag.build(in: arena)
                message.revision = self.revision.rawValue
            }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> GetFlagResponse {
        try arena.unpack(bytes, with: bandera__v1__get_flag_response__unpack) {
            (message) throws(WireError) -> GetFlagResponse in
            GetFlagResponse(
                flag: try Flag(try require(message.pointee.flag, "flag")),
                revision: Revision(message.pointee.revision)
            )
        }
    }
}

extension ListFlagsRequest: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(
            arena.message(bandera__v1__list_flags_request__init) { message in
                message.environment = self.environment.build(in: arena)
                message.include_archived = self.includeArchived ? 1 : 0
                message.at_least = self.atLeast.rawValue
                message.linearizable = self.isLinearizable ? 1 : 0
                message.after = arena.bytes(self.after)
            }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> ListFlagsRequest {
        try arena.unpack(bytes, with: bandera__v1__list_flags_request__unpack) {
            (message) throws(WireError) -> ListFlagsRequest in
            ListFlagsRequest(
                environment: try EnvironmentID(message.pointee.environment),
                includeArchived: message.pointee.include_archived != 0,
                atLeast: Revision(message.pointee.at_least),
                isLinearizable: message.pointee.linearizable != 0,
                after: try message.pointee.after.identifier("key")
            )
        }
    }
}

extension ListFlagsResponse: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(
            arena.message(bandera__v1__list_flags_response__init) { message in
                message.revision = self.revision.rawValue
                message.n_flags = self.flags.count
                message.flags = arena.flags(self.flags)
                message.has_more = self.hasMore ? 1 : 0
            }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> ListFlagsResponse {
        try arena.unpack(bytes, with: bandera__v1__list_flags_response__unpack) {
            (message) throws(WireError) -> ListFlagsResponse in
            ListFlagsResponse(
                revision: Revision(message.pointee.revision),
                flags: try readFlags(message.pointee.n_flags, message.pointee.flags),
                hasMore: message.pointee.has_more != 0
            )
        }
    }
}

extension HistoryRequest: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(
            arena.message(bandera__v1__history_request__init) { message in
                message.environment = self.environment.build(in: arena)
                message.key = arena.bytes(self.key.rawValue)
                message.limit = self.limit
                message.at_least = self.atLeast.rawValue
                message.linearizable = self.isLinearizable ? 1 : 0
                message.before = self.before.rawValue
            }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> HistoryRequest {
        try arena.unpack(bytes, with: bandera__v1__history_request__unpack) {
            (message) throws(WireError) -> HistoryRequest in
            HistoryRequest(
                environment: try EnvironmentID(message.pointee.environment),
                key: FlagKey(try message.pointee.key.identifier("key")),
                limit: message.pointee.limit,
                atLeast: Revision(message.pointee.at_least),
                isLinearizable: message.pointee.linearizable != 0,
                before: Revision(message.pointee.before)
            )
        }
    }
}

extension HistoryResponse: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(
            arena.message(bandera__v1__history_response__init) { message in
                message.n_rows = self.rows.count
                message.rows = arena.messages(
                    self.rows,
                    bandera__flags__v1__history_row__init
                ) { $0.fill(&$1, in: arena) }
                message.revision = self.revision.rawValue
                message.has_more = self.hasMore ? 1 : 0
            }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> HistoryResponse {
        try arena.unpack(bytes, with: bandera__v1__history_response__unpack) {
            (message) throws(WireError) -> HistoryResponse in
            let rows = try readMessages(
                message.pointee.n_rows,
                message.pointee.rows,
                max: ClientProtocolLimits.historyRowsMax,
                "rows"
            ) { (row) throws(WireError) -> HistoryRow in try HistoryRow(row) }
            return HistoryResponse(
                rows: rows,
                revision: Revision(message.pointee.revision),
                hasMore: message.pointee.has_more != 0
            )
        }
    }
}

extension Arena {
    /// Builds a list of flags.
    func flags(_ flags: [Flag]) -> UnsafeMutablePointer<UnsafeMutablePointer<RawFlag>?>? {
        self.messages(flags, bandera__flags__v1__flag__init) { $0.fill(&$1, in: self) }
    }
}

/// Reads a list of flags.
func readFlags(
    _ count: Int,
    _ array: UnsafeMutablePointer<UnsafeMutablePointer<RawFlag>?>?
) throws(WireError) -> [Flag] {
    try readMessages(count, array, max: ClientProtocolLimits.flagsMax, "flags") {
        (flag) throws(WireError) -> Flag in try Flag(flag)
    }
}
