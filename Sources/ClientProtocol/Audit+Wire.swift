internal import CMessages
internal import Flags
package import Wire

extension AuditRequest: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(
            arena.message(bandera__v1__audit_request__init) { message in
                message.organization = arena.bytes(self.organization)
                message.environment = arena.bytes(self.environment)
                message.kind = arena.bytes(self.kind)
                message.subject = arena.bytes(self.subject)
                message.after = self.after
                message.limit = self.limit
                message.at_least = self.atLeast.rawValue
            }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> AuditRequest {
        try arena.unpack(bytes, with: bandera__v1__audit_request__unpack) {
            (pointer) throws(WireError) -> AuditRequest in
            let raw = pointer.pointee
            return AuditRequest(
                organization: try raw.organization.identifier("organization"),
                environment: try raw.environment.identifier("environment"),
                kind: try raw.kind.identifier("kind"),
                subject: try raw.subject.identifier("subject"),
                after: raw.after,
                limit: raw.limit,
                atLeast: Revision(raw.at_least)
            )
        }
    }
}

extension AuditResponse: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(
            arena.message(bandera__v1__audit_response__init) { message in
                message.revision = self.revision.rawValue
                message.n_rows = self.rows.count
                message.rows = arena.messages(self.rows, bandera__v1__audit_row__init) {
                    $0.fill(&$1, in: arena)
                }
                message.has_more = self.hasMore ? 1 : 0
            }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> AuditResponse {
        try arena.unpack(bytes, with: bandera__v1__audit_response__unpack) {
            (pointer) throws(WireError) -> AuditResponse in
            let raw = pointer.pointee
            return AuditResponse(
                revision: Revision(raw.revision),
                rows: try readMessages(
                    raw.n_rows,
                    raw.rows,
                    max: ClientProtocolLimits.historyRowsMax,
                    "rows"
                ) { (message) throws(WireError) -> AuditRow in try AuditRow(message) },
                hasMore: raw.has_more != 0
            )
        }
    }
}

extension VerifyHistoryRequest: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(
            arena.message(bandera__v1__verify_history_request__init) { message in
                message.organization = arena.bytes(self.organization)
                message.at_least = self.atLeast.rawValue
                message.through = self.through.rawValue
            }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> VerifyHistoryRequest {
        try arena.unpack(bytes, with: bandera__v1__verify_history_request__unpack) {
            (pointer) throws(WireError) -> VerifyHistoryRequest in
            let raw = pointer.pointee
            return VerifyHistoryRequest(
                organization: try raw.organization.identifier("organization"),
                atLeast: Revision(raw.at_least),
                through: Revision(raw.through)
            )
        }
    }
}

extension VerifyHistoryResponse: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(
            arena.message(bandera__v1__verify_history_response__init) { message in
                message.revision = self.revision.rawValue
                message.rows = self.rows
                message.first_bad = self.firstBad
                message.head = arena.bytes(self.head)
                message.node = self.node
            }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> VerifyHistoryResponse {
        try arena.unpack(bytes, with: bandera__v1__verify_history_response__unpack) {
            (pointer) throws(WireError) -> VerifyHistoryResponse in
            let raw = pointer.pointee
            return VerifyHistoryResponse(
                revision: Revision(raw.revision),
                rows: raw.rows,
                firstBad: raw.first_bad,
                head: try raw.head.identifier("head"),
                node: raw.node
            )
        }
    }
}

extension AuditRow {
    fileprivate func fill(_ message: inout Bandera__V1__AuditRow, in arena: Arena) {
        message.id = self.id
        message.revision = self.revision.rawValue
        message.organization = arena.bytes(self.organization)
        message.environment = arena.bytes(self.environment)
        message.kind = arena.bytes(self.kind)
        message.subject = arena.bytes(self.subject)
        message.time_ms = self.time.milliseconds
        message.actor = arena.bytes(self.actor)
        message.action = arena.bytes(self.action)
        message.reason = arena.bytes(self.reason)
        message.before = arena.bytes(self.before)
        message.after = arena.bytes(self.after)
        message.previous_hash = arena.bytes(self.previousHash)
        message.hash = arena.bytes(self.hash)
    }

    fileprivate init(_ message: UnsafePointer<Bandera__V1__AuditRow>) throws(WireError) {
        let raw = message.pointee
        self.init(
            id: raw.id,
            revision: Revision(raw.revision),
            organization: try raw.organization.identifier("organization"),
            environment: try raw.environment.identifier("environment"),
            kind: try raw.kind.identifier("kind"),
            subject: try raw.subject.identifier("subject"),
            time: Timestamp(milliseconds: raw.time_ms),
            actor: try raw.actor.identifier("actor"),
            action: try raw.action.identifier("action"),
            reason: try raw.reason.text("reason"),
            before: try raw.before.json("before"),
            after: try raw.after.json("after"),
            previousHash: try raw.previous_hash.identifier("hash"),
            hash: try raw.hash.identifier("hash")
        )
    }
}

extension ProtobufCBinaryData {
    fileprivate func json(_ field: String) throws(WireError) -> String {
        try self.string(byteCountMax: ClientProtocolLimits.auditDocumentBytesMax, field)
    }
}
