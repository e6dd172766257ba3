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
        default:
            break
        }
    }

    /// Reads and checks the command of a write request.
    init(_ message: RawWriteRequest) throws(WireError) {
        switch message.command_case {
        case BANDERA__V1__WRITE_REQUEST__COMMAND_OPEN_SESSION:
            self = .openSession
        case BANDERA__V1__WRITE_REQUEST__COMMAND_PUT_ORGANIZATION:
            self = .putOrganization(
                try Organization(try require(message.put_organization, "organization"))
            )
        case BANDERA__V1__WRITE_REQUEST__COMMAND_PUT_ENVIRONMENT:
            self = .putEnvironment(
                try Environment(try require(message.put_environment, "environment"))
            )
        case BANDERA__V1__WRITE_REQUEST__COMMAND_PUT_PLAN:
            self = .putPlan(try Plan(try require(message.put_plan, "plan")))
        case BANDERA__V1__WRITE_REQUEST__COMMAND_PUT_COMPANY:
            self = .putCompany(try Company(try require(message.put_company, "company")))
        case BANDERA__V1__WRITE_REQUEST__COMMAND_CREATE_FLAG:
            let create = try require(message.create_flag, "create").pointee
            self = .createFlag(
                try EnvironmentID(create.environment),
                try FlagDefinition(try require(create.definition, "definition"))
            )
        case BANDERA__V1__WRITE_REQUEST__COMMAND_UPDATE_FLAG:
            let update = try require(message.update_flag, "update").pointee
            self = .updateFlag(
                try EnvironmentID(update.environment),
                FlagKey(try update.key.identifier("key")),
                try FlagPatch(try require(update.patch, "patch"))
            )
        case BANDERA__V1__WRITE_REQUEST__COMMAND_ARCHIVE_FLAG:
            let archive = try require(message.archive_flag, "archive").pointee
            self = .archiveFlag(
                try EnvironmentID(archive.environment),
                FlagKey(try archive.key.identifier("key"))
            )
        default:
            throw WireError(code: .missing, message: "a write without a known command")
        }
    }
}
