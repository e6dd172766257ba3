internal import CMessages
internal import Flags
package import Wire

extension WatchRequest: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(
            arena.message(bandera__v1__watch_request__init) { message in
                message.environment = self.environment.build(in: arena)
                message.from = self.from.rawValue
                message.has_basis = self.hasBasis ? 1 : 0
                message.context = self.context?.build(in: arena)
            }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> WatchRequest {
        try arena.unpack(bytes, with: bandera__v1__watch_request__unpack) {
            (message) throws(WireError) -> WatchRequest in
            let context = message.pointee.context
            return WatchRequest(
                environment: try EnvironmentID(message.pointee.environment),
                from: Revision(message.pointee.from),
                hasBasis: message.pointee.has_basis != 0,
                context: context == nil ? nil : try EvaluationContext(context)
            )
        }
    }
}

extension WatchAcknowledgement: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(
            arena.message(bandera__v1__watch_acknowledgement__init) {
                $0.revision = self.revision.rawValue
            }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> WatchAcknowledgement {
        try arena.unpack(bytes, with: bandera__v1__watch_acknowledgement__unpack) {
            (message) throws(WireError) -> WatchAcknowledgement in
            WatchAcknowledgement(revision: Revision(message.pointee.revision))
        }
    }
}

extension WatchEvent: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(
            arena.message(bandera__v1__watch_event__init) { message in
                switch self {
                case .snapshot(let snapshot):
                    message.event_case = BANDERA__V1__WATCH_EVENT__EVENT_SNAPSHOT
                    message.snapshot = snapshot.build(in: arena)
                case .changes(let changes):
                    message.event_case = BANDERA__V1__WATCH_EVENT__EVENT_CHANGES
                    message.changes = changes.build(in: arena)
                case .bookmark(let revision):
                    message.event_case = BANDERA__V1__WATCH_EVENT__EVENT_BOOKMARK
                    message.bookmark = arena.message(bandera__v1__watch_bookmark__init) {
                        $0.revision = revision.rawValue
                    }
                case .resync(let reason):
                    message.event_case = BANDERA__V1__WATCH_EVENT__EVENT_RESYNC
                    message.resync = arena.message(bandera__v1__watch_resync__init) {
                        $0.reason = arena.bytes(reason)
                    }
                case .values(let values):
                    message.event_case = BANDERA__V1__WATCH_EVENT__EVENT_VALUES
                    message.values = values.build(in: arena)
                }
            }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> WatchEvent {
        try arena.unpack(bytes, with: bandera__v1__watch_event__unpack) {
            (message) throws(WireError) -> WatchEvent in
            try WatchEvent(message.pointee)
        }
    }

    private init(_ message: Bandera__V1__WatchEvent) throws(WireError) {
        switch message.event_case {
        case BANDERA__V1__WATCH_EVENT__EVENT_SNAPSHOT:
            self = .snapshot(try Snapshot(try require(message.snapshot, "snapshot")))
        case BANDERA__V1__WATCH_EVENT__EVENT_CHANGES:
            self = .changes(try Changes(try require(message.changes, "changes")))
        case BANDERA__V1__WATCH_EVENT__EVENT_BOOKMARK:
            let bookmark = try require(message.bookmark, "bookmark")
            self = .bookmark(revision: Revision(bookmark.pointee.revision))
        case BANDERA__V1__WATCH_EVENT__EVENT_RESYNC:
            let resync = try require(message.resync, "resync")
            self = .resync(reason: try resync.pointee.reason.text("reason"))
        case BANDERA__V1__WATCH_EVENT__EVENT_VALUES:
            self = .values(try Values(try require(message.values, "values")))
        default:
            throw WireError(code: .missing, message: "a watch event of no known kind")
        }
    }
}

extension WatchEvent.Snapshot {
    fileprivate func build(in arena: Arena) -> UnsafeMutablePointer<Bandera__V1__WatchSnapshot> {
        arena.message(bandera__v1__watch_snapshot__init) { message in
            message.revision = self.revision.rawValue
            message.n_flags = self.flags.count
            message.flags = arena.flags(self.flags)
            message.is_first = self.isFirst ? 1 : 0
            message.is_last = self.isLast ? 1 : 0
            message.n_segments = self.segments.count
            message.segments = arena.segments(self.segments)
        }
    }

    fileprivate init(_ message: UnsafePointer<Bandera__V1__WatchSnapshot>) throws(WireError) {
        self.init(
            revision: Revision(message.pointee.revision),
            flags: try readFlags(message.pointee.n_flags, message.pointee.flags),
            segments: try readSegments(message.pointee.n_segments, message.pointee.segments),
            isFirst: message.pointee.is_first != 0,
            isLast: message.pointee.is_last != 0
        )
    }
}

extension WatchEvent.Changes {
    fileprivate func build(in arena: Arena) -> UnsafeMutablePointer<Bandera__V1__WatchChanges> {
        arena.message(bandera__v1__watch_changes__init) { message in
            message.revision = self.revision.rawValue
            message.n_changes = self.changes.count
            message.changes = arena.messages(
                self.changes,
                bandera__flags__v1__change__init
            ) { $0.fill(&$1, in: arena) }
            message.coalesced = self.coalesced ? 1 : 0
        }
    }

    /// Refuses changes out of order: a watcher relies on it to miss and repeat nothing.
    fileprivate init(_ message: UnsafePointer<Bandera__V1__WatchChanges>) throws(WireError) {
        let revision = Revision(message.pointee.revision)
        var last = Revision.zero
        let changes = try readMessages(
            message.pointee.n_changes,
            message.pointee.changes,
            max: ClientProtocolLimits.changesMax,
            "changes"
        ) { (message) throws(WireError) -> Change in
            let change = try Change(message)
            guard change.revision > last else {
                throw WireError(
                    code: .outOfRange,
                    message: "change \(change.revision) after \(last)"
                )
            }
            last = change.revision
            return change
        }
        guard last == revision else {
            throw WireError(code: .outOfRange, message: "changes to \(last) said \(revision)")
        }
        self.init(
            revision: revision,
            changes: changes,
            coalesced: message.pointee.coalesced != 0
        )
    }
}

extension WatchEvent.Values {
    fileprivate func build(in arena: Arena) -> UnsafeMutablePointer<Bandera__V1__WatchValues> {
        arena.message(bandera__v1__watch_values__init) { message in
            message.revision = self.revision.rawValue
            message.n_values = self.values.count
            message.values = arena.messages(self.values, bandera__v1__flag_value__init) {
                $1.flag = arena.bytes($0.flag.rawValue)
                $1.evaluation = $0.evaluation.build(in: arena)
            }
            message.is_snapshot = self.isSnapshot ? 1 : 0
            message.is_partial = self.isPartial ? 1 : 0
        }
    }

    fileprivate init(_ message: UnsafePointer<Bandera__V1__WatchValues>) throws(WireError) {
        self.init(
            revision: Revision(message.pointee.revision),
            values: try readMessages(
                message.pointee.n_values,
                message.pointee.values,
                max: ClientProtocolLimits.flagsMax,
                "values"
            ) { (value) throws(WireError) -> FlagValue in
                FlagValue(
                    flag: FlagKey(try value.pointee.flag.identifier("flag")),
                    evaluation: try Evaluation(
                        try require(value.pointee.evaluation, "evaluation")
                    )
                )
            },
            isSnapshot: message.pointee.is_snapshot != 0,
            isPartial: message.pointee.is_partial != 0
        )
    }
}
