internal import CMessages
internal import Flags
internal import Wire

typealias RawWriteRequest = Bandera__V1__WriteRequest

extension Command {
    /// Sets the command of a write request.
    func fill(_ message: inout RawWriteRequest, in arena: Arena) {
        switch self {
        case .openSession:
            message.command_case = BANDERA__V1__WRITE_REQUEST__COMMAND_OPEN_SESSION
            message.open_session = arena.message(bandera__v1__open_session__init) { _ in }
        case .putOrganization, .putEnvironment, .putPlan, .putCompany, .putMember, .removeMember,
            .createToken, .revokeToken, .removeCompany, .removePlan:
            self.fillTenancy(&message, in: arena)
        case .createFlag, .updateFlag, .archiveFlag, .restoreFlag, .setOverride, .removeOverride,
            .putSegment, .removeSegment, .emergencyRollback:
            self.fillFlags(&message, in: arena)
        case .startRelease, .controlRelease, .acknowledgeAlert:
            self.fillReleases(&message, in: arena)
        case .recordSchedule, .advanceRelease, .recordUsage:
            self.fillRecords(&message, in: arena)
        }
    }

    private func fillTenancy(_ message: inout RawWriteRequest, in arena: Arena) {
        switch self {
        case .putOrganization(let organization):
            message.command_case = BANDERA__V1__WRITE_REQUEST__COMMAND_PUT_ORGANIZATION
            message.put_organization = arena.message(bandera__flags__v1__organization__init) {
                organization.fill(&$0, in: arena)
            }
        case .putEnvironment(let environment):
            message.command_case = BANDERA__V1__WRITE_REQUEST__COMMAND_PUT_ENVIRONMENT
            message.put_environment = arena.message(bandera__flags__v1__environment__init) {
                environment.fill(&$0, in: arena)
            }
        case .putPlan(let plan):
            message.command_case = BANDERA__V1__WRITE_REQUEST__COMMAND_PUT_PLAN
            message.put_plan = arena.message(bandera__flags__v1__plan__init) {
                plan.fill(&$0, in: arena)
            }
        case .putCompany(let company):
            message.command_case = BANDERA__V1__WRITE_REQUEST__COMMAND_PUT_COMPANY
            message.put_company = arena.message(bandera__flags__v1__company__init) {
                company.fill(&$0, in: arena)
            }
        case .putMember(let member):
            message.command_case = BANDERA__V1__WRITE_REQUEST__COMMAND_PUT_MEMBER
            message.put_member = arena.message(bandera__flags__v1__team_member__init) {
                member.fill(&$0, in: arena)
            }
        case .removeMember(let organization, let name):
            message.command_case = BANDERA__V1__WRITE_REQUEST__COMMAND_REMOVE_MEMBER
            message.remove_member = arena.message(bandera__v1__remove_member__init) {
                $0.organization = arena.bytes(organization)
                $0.name = arena.bytes(name)
            }
        case .removeCompany(let organization, let id):
            message.command_case = BANDERA__V1__WRITE_REQUEST__COMMAND_REMOVE_COMPANY
            message.remove_company = arena.message(bandera__v1__remove_company__init) {
                $0.organization = arena.bytes(organization)
                $0.id = arena.bytes(id)
            }
        case .removePlan(let organization, let id):
            message.command_case = BANDERA__V1__WRITE_REQUEST__COMMAND_REMOVE_PLAN
            message.remove_plan = arena.message(bandera__v1__remove_plan__init) {
                $0.organization = arena.bytes(organization)
                $0.id = arena.bytes(id)
            }
        case .createToken(let token):
            message.command_case = BANDERA__V1__WRITE_REQUEST__COMMAND_CREATE_TOKEN
            message.create_token = arena.message(bandera__flags__v1__access_token__init) {
                token.fill(&$0, in: arena)
            }
        case .revokeToken(let organization, let id):
            message.command_case = BANDERA__V1__WRITE_REQUEST__COMMAND_REVOKE_TOKEN
            message.revoke_token = arena.message(bandera__v1__revoke_token__init) {
                $0.organization = arena.bytes(organization)
                $0.id = arena.bytes(id)
            }
        default:
            preconditionFailure("not a command about tenants: \(self)")
        }
    }

    private func fillFlags(_ message: inout RawWriteRequest, in arena: Arena) {
        switch self {
        case .createFlag(let environment, let definition):
            message.command_case = BANDERA__V1__WRITE_REQUEST__COMMAND_CREATE_FLAG
            message.create_flag = arena.message(bandera__v1__create_flag__init) {
                $0.environment = environment.build(in: arena)
                $0.definition = definition.build(in: arena)
            }
        case .updateFlag(let environment, let key, let patch):
            message.command_case = BANDERA__V1__WRITE_REQUEST__COMMAND_UPDATE_FLAG
            message.update_flag = arena.message(bandera__v1__update_flag__init) {
                $0.environment = environment.build(in: arena)
                $0.key = arena.bytes(key.rawValue)
                $0.patch = patch.build(in: arena)
            }
        case .archiveFlag(let environment, let key):
            message.command_case = BANDERA__V1__WRITE_REQUEST__COMMAND_ARCHIVE_FLAG
            message.archive_flag = arena.message(bandera__v1__archive_flag__init) {
                $0.environment = environment.build(in: arena)
                $0.key = arena.bytes(key.rawValue)
            }
        case .restoreFlag(let environment, let key, let definition, let revision):
            message.command_case = BANDERA__V1__WRITE_REQUEST__COMMAND_RESTORE_FLAG
            message.restore_flag = arena.message(bandera__v1__restore_flag__init) {
                $0.environment = environment.build(in: arena)
                $0.key = arena.bytes(key.rawValue)
                $0.definition = definition.build(in: arena)
                $0.from = revision.rawValue
            }
        case .emergencyRollback(let environment, let key):
            message.command_case = BANDERA__V1__WRITE_REQUEST__COMMAND_EMERGENCY_ROLLBACK
            message.emergency_rollback = arena.flagID(environment, key)
        default:
            self.fillTargeting(&message, in: arena)
        }
    }

    private func fillTargeting(_ message: inout RawWriteRequest, in arena: Arena) {
        switch self {
        case .setOverride(let environment, let key, let override):
            message.command_case = BANDERA__V1__WRITE_REQUEST__COMMAND_SET_OVERRIDE
            message.set_override = arena.message(bandera__v1__set_override__init) {
                $0.flag = arena.flagID(environment, key)
                $0.override = arena.message(bandera__flags__v1__override__init) {
                    override.fill(&$0, in: arena)
                }
            }
        case .removeOverride(let environment, let key, let level, let subject):
            message.command_case = BANDERA__V1__WRITE_REQUEST__COMMAND_REMOVE_OVERRIDE
            message.remove_override = arena.message(bandera__v1__remove_override__init) {
                $0.flag = arena.flagID(environment, key)
                $0.level = level.raw
                $0.subject = arena.bytes(subject)
            }
        case .putSegment(let environment, let definition):
            message.command_case = BANDERA__V1__WRITE_REQUEST__COMMAND_PUT_SEGMENT
            message.put_segment = arena.message(bandera__v1__put_segment__init) {
                $0.environment = environment.build(in: arena)
                $0.definition = definition.build(in: arena)
            }
        case .removeSegment(let environment, let key):
            message.command_case = BANDERA__V1__WRITE_REQUEST__COMMAND_REMOVE_SEGMENT
            message.remove_segment = arena.message(bandera__v1__remove_segment__init) {
                $0.environment = environment.build(in: arena)
                $0.key = arena.bytes(key)
            }
        default:
            preconditionFailure("not a command about flags: \(self)")
        }
    }

    private func fillReleases(_ message: inout RawWriteRequest, in arena: Arena) {
        switch self {
        case .startRelease(let environment, let key, let plan):
            message.command_case = BANDERA__V1__WRITE_REQUEST__COMMAND_START_RELEASE
            message.start_release = arena.message(bandera__v1__start_release__init) {
                $0.flag = arena.flagID(environment, key)
                $0.plan = plan.build(in: arena)
            }
        case .controlRelease(let environment, let key, let action, let step):
            message.command_case = BANDERA__V1__WRITE_REQUEST__COMMAND_CONTROL_RELEASE
            message.control_release = arena.message(bandera__v1__control_release__init) {
                $0.flag = arena.flagID(environment, key)
                $0.action = action.raw
                $0.step = step
            }
        case .acknowledgeAlert(let organization, let id):
            message.command_case = BANDERA__V1__WRITE_REQUEST__COMMAND_ACKNOWLEDGE_ALERT
            message.acknowledge_alert = arena.message(bandera__v1__acknowledge_alert__init) {
                $0.organization = arena.bytes(organization)
                $0.id = id.rawValue
            }
        default:
            preconditionFailure("not a command about releases: \(self)")
        }
    }

    private func fillRecords(_ message: inout RawWriteRequest, in arena: Arena) {
        switch self {
        case .recordSchedule(let environment, let key, let edge, let date):
            message.command_case = BANDERA__V1__WRITE_REQUEST__COMMAND_RECORD_SCHEDULE
            message.record_schedule = arena.message(bandera__v1__record_schedule__init) {
                $0.flag = arena.flagID(environment, key)
                $0.edge = edge.raw
                $0.date_ms = date.milliseconds
            }
        case .advanceRelease(let environment, let key, let release, let step):
            message.command_case = BANDERA__V1__WRITE_REQUEST__COMMAND_ADVANCE_RELEASE
            message.advance_release = arena.message(bandera__v1__advance_release__init) {
                $0.flag = arena.flagID(environment, key)
                $0.release = release.rawValue
                $0.step = step
            }
        case .recordUsage(let batch):
            message.command_case = BANDERA__V1__WRITE_REQUEST__COMMAND_RECORD_USAGE
            message.record_usage = batch.build(in: arena)
        default:
            preconditionFailure("not a command of a node: \(self)")
        }
    }
}
