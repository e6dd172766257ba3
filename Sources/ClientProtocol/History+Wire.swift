internal import CMessages
internal import Flags
internal import Wire

extension Change {
    /// Sets the fields of the C form.
    func fill(_ message: inout Bandera__Flags__V1__Change, in arena: Arena) {
        message.revision = self.revision.rawValue
        message.environment = self.environment.build(in: arena)
        message.flag = self.flag?.build(in: arena)
    }

    /// Reads the C form.
    init(_ message: UnsafePointer<Bandera__Flags__V1__Change>) throws(WireError) {
        self.init(
            revision: Revision(message.pointee.revision),
            environment: try EnvironmentID(message.pointee.environment),
            flag: try Flag(try require(message.pointee.flag, "flag"))
        )
    }
}

extension HistoryRow {
    /// Sets the fields of the C form.
    func fill(_ message: inout Bandera__Flags__V1__HistoryRow, in arena: Arena) {
        message.environment = self.environment.build(in: arena)
        message.revision = self.revision.rawValue
        message.time_ms = self.time.milliseconds
        message.actor = arena.bytes(self.actor)
        message.action = self.action.raw
        message.reason = arena.bytes(self.reason)
        message.before = self.before?.build(in: arena)
        message.after = self.after.build(in: arena)
    }

    /// Reads the C form.
    init(_ message: UnsafePointer<Bandera__Flags__V1__HistoryRow>) throws(WireError) {
        let raw = message.pointee
        var before: Flag?
        if let flag = raw.before {
            before = try Flag(UnsafePointer(flag))
        }
        self.init(
            environment: try EnvironmentID(raw.environment),
            revision: Revision(raw.revision),
            time: Timestamp(milliseconds: raw.time_ms),
            actor: try raw.actor.identifier("actor"),
            action: try HistoryAction(raw.action),
            reason: try raw.reason.text("reason"),
            before: before,
            after: try Flag(try require(raw.after, "after"))
        )
    }
}

extension HistoryAction {
    fileprivate var raw: Bandera__Flags__V1__HistoryAction {
        switch self {
        case .create: BANDERA__FLAGS__V1__HISTORY_ACTION__HISTORY_ACTION_CREATE
        case .enable: BANDERA__FLAGS__V1__HISTORY_ACTION__HISTORY_ACTION_ENABLE
        case .disable: BANDERA__FLAGS__V1__HISTORY_ACTION__HISTORY_ACTION_DISABLE
        case .rolloutUpdate: BANDERA__FLAGS__V1__HISTORY_ACTION__HISTORY_ACTION_ROLLOUT_UPDATE
        case .pause: BANDERA__FLAGS__V1__HISTORY_ACTION__HISTORY_ACTION_PAUSE
        case .resume: BANDERA__FLAGS__V1__HISTORY_ACTION__HISTORY_ACTION_RESUME
        case .complete: BANDERA__FLAGS__V1__HISTORY_ACTION__HISTORY_ACTION_COMPLETE
        case .rollback: BANDERA__FLAGS__V1__HISTORY_ACTION__HISTORY_ACTION_ROLLBACK
        case .update: BANDERA__FLAGS__V1__HISTORY_ACTION__HISTORY_ACTION_UPDATE
        case .archive: BANDERA__FLAGS__V1__HISTORY_ACTION__HISTORY_ACTION_ARCHIVE
        default: BANDERA__FLAGS__V1__HISTORY_ACTION__HISTORY_ACTION_UNSPECIFIED
        }
    }

    fileprivate init(_ raw: Bandera__Flags__V1__HistoryAction) throws(WireError) {
        guard let action = Self.allCases.first(where: { $0.raw == raw }) else {
            throw WireError(code: .outOfRange, message: "unknown action \(raw.rawValue)")
        }
        self = action
    }
}
