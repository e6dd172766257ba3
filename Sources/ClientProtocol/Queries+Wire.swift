internal import CMessages
internal import Flags
internal import Releases
package import Wire

extension SegmentsRequest: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(
            arena.message(bandera__v1__segments_request__init) { message in
                message.environment = self.environment.build(in: arena)
                message.at_least = self.atLeast.rawValue
                message.after = arena.bytes(self.after)
            }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> SegmentsRequest {
        try arena.unpack(bytes, with: bandera__v1__segments_request__unpack) {
            (pointer) throws(WireError) -> SegmentsRequest in
            let raw = pointer.pointee
            return SegmentsRequest(
                environment: try EnvironmentID(raw.environment),
                atLeast: Revision(raw.at_least),
                after: try raw.after.identifier("segment")
            )
        }
    }
}

extension SegmentsResponse: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(
            arena.message(bandera__v1__segments_response__init) { message in
                message.revision = self.revision.rawValue
                message.n_segments = self.segments.count
                message.segments = arena.segments(self.segments)
                message.has_more = self.hasMore ? 1 : 0
            }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> SegmentsResponse {
        try arena.unpack(bytes, with: bandera__v1__segments_response__unpack) {
            (pointer) throws(WireError) -> SegmentsResponse in
            let raw = pointer.pointee
            return SegmentsResponse(
                revision: Revision(raw.revision),
                segments: try readSegments(raw.n_segments, raw.segments),
                hasMore: raw.has_more != 0
            )
        }
    }
}

extension ReleasesRequest: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(
            arena.message(bandera__v1__releases_request__init) { message in
                message.environment = self.environment.build(in: arena)
                message.flag = arena.bytes(self.flag)
                message.include_finished = self.includeFinished ? 1 : 0
                message.at_least = self.atLeast.rawValue
                message.after = self.after.rawValue
            }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> ReleasesRequest {
        try arena.unpack(bytes, with: bandera__v1__releases_request__unpack) {
            (pointer) throws(WireError) -> ReleasesRequest in
            let raw = pointer.pointee
            return ReleasesRequest(
                environment: try EnvironmentID(raw.environment),
                flag: try raw.flag.identifier("flag"),
                includeFinished: raw.include_finished != 0,
                atLeast: Revision(raw.at_least),
                after: Revision(raw.after)
            )
        }
    }
}

extension ReleasesResponse: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(
            arena.message(bandera__v1__releases_response__init) { message in
                message.revision = self.revision.rawValue
                message.n_releases = self.releases.count
                message.releases = arena.messages(self.releases, bandera__flags__v1__release__init)
                {
                    $0.fill(&$1, in: arena)
                }
                message.has_more = self.hasMore ? 1 : 0
            }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> ReleasesResponse {
        try arena.unpack(bytes, with: bandera__v1__releases_response__unpack) {
            (pointer) throws(WireError) -> ReleasesResponse in
            let raw = pointer.pointee
            return ReleasesResponse(
                revision: Revision(raw.revision),
                releases: try readMessages(
                    raw.n_releases,
                    raw.releases,
                    max: ClientProtocolLimits.releasesMax,
                    "releases"
                ) { (message) throws(WireError) -> Release in try Release(message) },
                hasMore: raw.has_more != 0
            )
        }
    }
}

extension AlertsRequest: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(
            arena.message(bandera__v1__alerts_request__init) { message in
                message.organization = arena.bytes(self.organization)
                message.include_acknowledged = self.includeAcknowledged ? 1 : 0
                message.at_least = self.atLeast.rawValue
                message.after = self.after.rawValue
                message.environment = arena.bytes(self.environment)
            }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> AlertsRequest {
        try arena.unpack(bytes, with: bandera__v1__alerts_request__unpack) {
            (pointer) throws(WireError) -> AlertsRequest in
            let raw = pointer.pointee
            return AlertsRequest(
                organization: try raw.organization.identifier("organization"),
                environment: try raw.environment.identifier("environment"),
                includeAcknowledged: raw.include_acknowledged != 0,
                atLeast: Revision(raw.at_least),
                after: Revision(raw.after)
            )
        }
    }
}

extension AlertsResponse: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(
            arena.message(bandera__v1__alerts_response__init) { message in
                message.revision = self.revision.rawValue
                message.n_alerts = self.alerts.count
                message.alerts = arena.messages(self.alerts, bandera__flags__v1__alert__init) {
                    $0.fill(&$1, in: arena)
                }
                message.has_more = self.hasMore ? 1 : 0
            }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> AlertsResponse {
        try arena.unpack(bytes, with: bandera__v1__alerts_response__unpack) {
            (pointer) throws(WireError) -> AlertsResponse in
            let raw = pointer.pointee
            return AlertsResponse(
                revision: Revision(raw.revision),
                alerts: try readMessages(
                    raw.n_alerts,
                    raw.alerts,
                    max: ClientProtocolLimits.alertsMax,
                    "alerts"
                ) { (message) throws(WireError) -> Alert in try Alert(message) },
                hasMore: raw.has_more != 0
            )
        }
    }
}

extension WhoAmIRequest: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(arena.message(bandera__v1__who_am_irequest__init) { _ in })
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> WhoAmIRequest {
        try arena.unpack(bytes, with: bandera__v1__who_am_irequest__unpack) { _ in
            WhoAmIRequest()
        }
    }
}

extension WhoAmIResponse: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(
            arena.message(bandera__v1__who_am_iresponse__init) { message in
                message.actor = arena.bytes(self.actor)
                message.authority = self.authority.build(in: arena)
            }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> WhoAmIResponse {
        try arena.unpack(bytes, with: bandera__v1__who_am_iresponse__unpack) {
            (pointer) throws(WireError) -> WhoAmIResponse in
            let raw = pointer.pointee
            return WhoAmIResponse(
                actor: try raw.actor.identifier("actor"),
                authority: try Authority(try require(raw.authority, "authority"))
            )
        }
    }
}
