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
                message.reason = arena.bytes(self.reason)
                if let basedOn = self.basedOn {
                    message.basis_case = BANDERA__V1__WRITE_REQUEST__BASIS_BASED_ON
                    message.based_on = basedOn.rawValue
                }
                message.dry_run = self.isDryRun ? 1 : 0
            }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> WriteRequest {
        try arena.unpack(bytes, with: bandera__v1__write_request__unpack) {
            (message) throws(WireError) -> WriteRequest in
            let raw = message.pointee
            let isBased = raw.basis_case == BANDERA__V1__WRITE_REQUEST__BASIS_BASED_ON
            return WriteRequest(
                session: Revision(raw.session),
                sequence: raw.sequence,
                command: try Command(raw),
                reason: try raw.reason.text("reason"),
                basedOn: isBased ? Revision(raw.based_on) : nil,
                isDryRun: raw.dry_run != 0
            )
        }
    }
}

extension WriteResponse: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(
            arena.message(bandera__v1__write_response__init) { message in
                message.revision = self.revision.rawValue
                message.n_previews = self.previews.count
                message.previews = arena.messages(
                    self.previews,
                    bandera__v1__write_preview__init
                ) { preview, message in
                    message.kind = arena.bytes(preview.kind)
                    message.subject = arena.bytes(preview.subject)
                    message.before = preview.before.buildUnlessNull(in: arena)
                    message.after = preview.after.buildUnlessNull(in: arena)
                }
            }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> WriteResponse {
        try arena.unpack(bytes, with: bandera__v1__write_response__unpack) {
            (message) throws(WireError) -> WriteResponse in
            WriteResponse(
                revision: Revision(message.pointee.revision),
                previews: try readMessages(
                    message.pointee.n_previews,
                    message.pointee.previews,
                    max: ClientProtocolLimits.previewsMax,
                    "previews"
                ) { (preview) throws(WireError) -> WritePreview in
                    WritePreview(
                        kind: try preview.pointee.kind.identifier("kind"),
                        subject: try preview.pointee.subject.identifier("subject"),
                        before: try Value(optional: preview.pointee.before, .document),
                        after: try Value(optional: preview.pointee.after, .document)
                    )
                }
            )
        }
    }
}
