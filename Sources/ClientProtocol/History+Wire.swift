internal import CMessages
internal import Flags
internal import Wire

extension Change {
    /// Sets the fields of the C form.
    func fill(_ message: inout Bandera__Flags__V1__Change, in arena: Arena) {
        message.revision = self.revision.rawValue
        message.environment = self.environment.build(in: arena)
        switch self.item {
        case .flag(let flag):
            message.item_case = BANDERA__FLAGS__V1__CHANGE__ITEM_FLAG
            message.flag = flag.build(in: arena)
        case .segment(let segment):
            message.item_case = BANDERA__FLAGS__V1__CHANGE__ITEM_SEGMENT
            message.segment = arena.message(bandera__flags__v1__segment__init) {
                segment.fill(&$0, in: arena)
            }
        case .segmentRemoved(let key):
            message.item_case = BANDERA__FLAGS__V1__CHANGE__ITEM_SEGMENT_REMOVED
            message.segment_removed = arena.bytes(key)
        }
        message.is_urgent = self.isUrgent ? 1 : 0
    }

    /// Reads the C form.
    init(_ message: UnsafePointer<Bandera__Flags__V1__Change>) throws(WireError) {
        self.init(
            revision: Revision(message.pointee.revision),
            environment: try EnvironmentID(message.pointee.environment),
            item: try Item(message.pointee),
            isUrgent: message.pointee.is_urgent != 0
        )
    }
}

extension Change.Item {
    fileprivate init(_ message: Bandera__Flags__V1__Change) throws(WireError) {
        switch message.item_case {
        case BANDERA__FLAGS__V1__CHANGE__ITEM_FLAG:
            self = .flag(try Flag(try require(message.flag, "flag")))
        case BANDERA__FLAGS__V1__CHANGE__ITEM_SEGMENT:
            self = .segment(try Segment(try require(message.segment, "segment")))
        case BANDERA__FLAGS__V1__CHANGE__ITEM_SEGMENT_REMOVED:
            self = .segmentRemoved(try message.segment_removed.identifier("segment"))
        default:
            throw WireError(code: .missing, message: "a change of nothing known")
        }
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

extension HistoryAction: WireEnum {
    /// The C form.
    var raw: Bandera__Flags__V1__HistoryAction {
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
        case .reopen: BANDERA__FLAGS__V1__HISTORY_ACTION__HISTORY_ACTION_REOPEN
        case .emergencyRollback:
            BANDERA__FLAGS__V1__HISTORY_ACTION__HISTORY_ACTION_EMERGENCY_ROLLBACK
        case .scheduleStart: BANDERA__FLAGS__V1__HISTORY_ACTION__HISTORY_ACTION_SCHEDULE_START
        case .scheduleEnd: BANDERA__FLAGS__V1__HISTORY_ACTION__HISTORY_ACTION_SCHEDULE_END
        case .overrideSet: BANDERA__FLAGS__V1__HISTORY_ACTION__HISTORY_ACTION_OVERRIDE_SET
        case .overrideRemove: BANDERA__FLAGS__V1__HISTORY_ACTION__HISTORY_ACTION_OVERRIDE_REMOVE
        case .releaseStart: BANDERA__FLAGS__V1__HISTORY_ACTION__HISTORY_ACTION_RELEASE_START
        case .releaseStep: BANDERA__FLAGS__V1__HISTORY_ACTION__HISTORY_ACTION_RELEASE_STEP
        case .releaseApprove: BANDERA__FLAGS__V1__HISTORY_ACTION__HISTORY_ACTION_RELEASE_APPROVE
        case .releasePause: BANDERA__FLAGS__V1__HISTORY_ACTION__HISTORY_ACTION_RELEASE_PAUSE
        case .releaseResume: BANDERA__FLAGS__V1__HISTORY_ACTION__HISTORY_ACTION_RELEASE_RESUME
        case .releaseSkip: BANDERA__FLAGS__V1__HISTORY_ACTION__HISTORY_ACTION_RELEASE_SKIP
        case .releaseAbort: BANDERA__FLAGS__V1__HISTORY_ACTION__HISTORY_ACTION_RELEASE_ABORT
        case .releaseComplete: BANDERA__FLAGS__V1__HISTORY_ACTION__HISTORY_ACTION_RELEASE_COMPLETE
        case .remove: BANDERA__FLAGS__V1__HISTORY_ACTION__HISTORY_ACTION_REMOVE
        case .revoke: BANDERA__FLAGS__V1__HISTORY_ACTION__HISTORY_ACTION_REVOKE
        case .acknowledge: BANDERA__FLAGS__V1__HISTORY_ACTION__HISTORY_ACTION_ACKNOWLEDGE
        }
    }
}
