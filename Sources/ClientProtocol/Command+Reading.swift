internal import CMessages
internal import Flags
internal import Wire

extension Command {
    /// Reads and checks the command of a write request.
    init(_ message: RawWriteRequest) throws(WireError) {
        if message.command_case == BANDERA__V1__WRITE_REQUEST__COMMAND_OPEN_SESSION {
            self = .openSession
        } else {
            self = try Self.tenancy(message)
        }
    }

    private static func tenancy(_ message: RawWriteRequest) throws(WireError) -> Command {
        switch message.command_case {
        case BANDERA__V1__WRITE_REQUEST__COMMAND_PUT_ORGANIZATION:
            return .putOrganization(
                try Organization(try require(message.put_organization, "organization"))
            )
        case BANDERA__V1__WRITE_REQUEST__COMMAND_PUT_ENVIRONMENT:
            return .putEnvironment(
                try Environment(try require(message.put_environment, "environment"))
            )
        case BANDERA__V1__WRITE_REQUEST__COMMAND_PUT_PLAN:
            return .putPlan(try Plan(try require(message.put_plan, "plan")))
        case BANDERA__V1__WRITE_REQUEST__COMMAND_PUT_COMPANY:
            return .putCompany(try Company(try require(message.put_company, "company")))
        case BANDERA__V1__WRITE_REQUEST__COMMAND_PUT_MEMBER:
            return .putMember(try TeamMember(try require(message.put_member, "member")))
        case BANDERA__V1__WRITE_REQUEST__COMMAND_REMOVE_MEMBER:
            let remove = try require(message.remove_member, "member").pointee
            return .removeMember(
                try remove.organization.identifier("organization"),
                try remove.name.identifier("member")
            )
        case BANDERA__V1__WRITE_REQUEST__COMMAND_REMOVE_COMPANY:
            let remove = try require(message.remove_company, "company").pointee
            return .removeCompany(
                try remove.organization.identifier("organization"),
                try remove.id.identifier("company")
            )
        case BANDERA__V1__WRITE_REQUEST__COMMAND_REMOVE_PLAN:
            let remove = try require(message.remove_plan, "plan").pointee
            return .removePlan(
                try remove.organization.identifier("organization"),
                try remove.id.identifier("plan")
            )
        case BANDERA__V1__WRITE_REQUEST__COMMAND_CREATE_TOKEN:
            return .createToken(try AccessToken(try require(message.create_token, "token")))
        case BANDERA__V1__WRITE_REQUEST__COMMAND_REVOKE_TOKEN:
            let revoke = try require(message.revoke_token, "token").pointee
            return .revokeToken(
                try revoke.organization.identifier("organization"),
                try revoke.id.identifier("token")
            )
        default:
            return try Self.flags(message)
        }
    }

    private static func flags(_ message: RawWriteRequest) throws(WireError) -> Command {
        switch message.command_case {
        case BANDERA__V1__WRITE_REQUEST__COMMAND_CREATE_FLAG:
            let create = try require(message.create_flag, "create").pointee
            return .createFlag(
                try EnvironmentID(create.environment),
                try FlagDefinition(try require(create.definition, "definition"))
            )
        case BANDERA__V1__WRITE_REQUEST__COMMAND_UPDATE_FLAG:
            let update = try require(message.update_flag, "update").pointee
            return .updateFlag(
                try EnvironmentID(update.environment),
                FlagKey(try update.key.identifier("key")),
                try FlagPatch(try require(update.patch, "patch"))
            )
        case BANDERA__V1__WRITE_REQUEST__COMMAND_ARCHIVE_FLAG:
            let archive = try require(message.archive_flag, "archive").pointee
            return .archiveFlag(
                try EnvironmentID(archive.environment),
                FlagKey(try archive.key.identifier("key"))
            )
        case BANDERA__V1__WRITE_REQUEST__COMMAND_RESTORE_FLAG:
            let restore = try require(message.restore_flag, "restore").pointee
            return .restoreFlag(
                try EnvironmentID(restore.environment),
                FlagKey(try restore.key.identifier("key")),
                try FlagDefinition(try require(restore.definition, "definition")),
                from: Revision(restore.from)
            )
        case BANDERA__V1__WRITE_REQUEST__COMMAND_EMERGENCY_ROLLBACK:
            let flag = try readFlagID(message.emergency_rollback)
            return .emergencyRollback(flag.environment, flag.key)
        default:
            return try Self.targeting(message)
        }
    }

    private static func targeting(_ message: RawWriteRequest) throws(WireError) -> Command {
        switch message.command_case {
        case BANDERA__V1__WRITE_REQUEST__COMMAND_SET_OVERRIDE:
            let set = try require(message.set_override, "override").pointee
            let flag = try readFlagID(set.flag)
            return .setOverride(
                flag.environment,
                flag.key,
                try Override(try require(set.override, "override"))
            )
        case BANDERA__V1__WRITE_REQUEST__COMMAND_REMOVE_OVERRIDE:
            let remove = try require(message.remove_override, "override").pointee
            let flag = try readFlagID(remove.flag)
            return .removeOverride(
                flag.environment,
                flag.key,
                try OverrideLevel(remove.level),
                subject: try remove.subject.identifier("subject")
            )
        case BANDERA__V1__WRITE_REQUEST__COMMAND_PUT_SEGMENT:
            let put = try require(message.put_segment, "segment").pointee
            return .putSegment(
                try EnvironmentID(put.environment),
                try SegmentDefinition(put.definition)
            )
        case BANDERA__V1__WRITE_REQUEST__COMMAND_REMOVE_SEGMENT:
            let remove = try require(message.remove_segment, "segment").pointee
            return .removeSegment(
                try EnvironmentID(remove.environment),
                key: try remove.key.identifier("key")
            )
        default:
            return try Self.releases(message)
        }
    }

    private static func releases(_ message: RawWriteRequest) throws(WireError) -> Command {
        switch message.command_case {
        case BANDERA__V1__WRITE_REQUEST__COMMAND_START_RELEASE:
            let start = try require(message.start_release, "release").pointee
            let flag = try readFlagID(start.flag)
            return .startRelease(flag.environment, flag.key, try ReleasePlan(start.plan))
        case BANDERA__V1__WRITE_REQUEST__COMMAND_CONTROL_RELEASE:
            let control = try require(message.control_release, "release").pointee
            let flag = try readFlagID(control.flag)
            return .controlRelease(
                flag.environment,
                flag.key,
                try ReleaseAction(control.action),
                step: control.step
            )
        case BANDERA__V1__WRITE_REQUEST__COMMAND_ACKNOWLEDGE_ALERT:
            let acknowledge = try require(message.acknowledge_alert, "alert").pointee
            return .acknowledgeAlert(
                try acknowledge.organization.identifier("organization"),
                Revision(acknowledge.id)
            )
        default:
            return try Self.records(message)
        }
    }

    private static func records(_ message: RawWriteRequest) throws(WireError) -> Command {
        switch message.command_case {
        case BANDERA__V1__WRITE_REQUEST__COMMAND_RECORD_SCHEDULE:
            let record = try require(message.record_schedule, "schedule").pointee
            let flag = try readFlagID(record.flag)
            return .recordSchedule(
                flag.environment,
                flag.key,
                try ScheduleEdge(record.edge),
                date: Timestamp(milliseconds: record.date_ms)
            )
        case BANDERA__V1__WRITE_REQUEST__COMMAND_ADVANCE_RELEASE:
            let advance = try require(message.advance_release, "release").pointee
            let flag = try readFlagID(advance.flag)
            return .advanceRelease(
                flag.environment,
                flag.key,
                release: Revision(advance.release),
                step: advance.step
            )
        case BANDERA__V1__WRITE_REQUEST__COMMAND_RECORD_USAGE:
            return .recordUsage(try UsageBatch(try require(message.record_usage, "usage")))
        default:
            throw WireError(code: .missing, message: "a write without a known command")
        }
    }
}
