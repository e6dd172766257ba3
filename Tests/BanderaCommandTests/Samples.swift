// Only a debug build lets tests see inside a program.
#if DEBUG
import ArgumentParser
import BanderaClient
import Flags

@testable import bandera

/// A flag with something in every field, so that a golden shows them all.
func makeFlag() -> Flags.Flag {
    Flags.Flag(
        key: FlagKey("crm_advanced_features"),
        name: "CRM advanced features",
        description: "Pipelines and \"forecasts\"",
        enabled: true,
        status: .active,
        isArchived: false,
        rollout: RolloutPercentage(thousandths: 12_500) ?? .none,
        audience: Audience(
            plans: ["PREMIUM", "ENTERPRISE"],
            roles: ["ADMIN"],
            companies: [],
            regions: ["CO", "MX"]
        ),
        start: Timestamp(milliseconds: 1_767_225_600_000),
        end: nil,
        variations: [
            Variation(name: "on", value: .bool(true)), Variation(name: "off", value: .bool(false)),
        ],
        onVariation: "on",
        offVariation: "off",
        salt: "crm_advanced_features",
        bucketBy: "targetingKey",
        createdAt: Timestamp(milliseconds: 1_767_225_600_000),
        createdBy: "operator/ana",
        updatedAt: Timestamp(milliseconds: 1_767_229_200_250),
        updatedBy: "operator/luis",
        revision: Revision(42),
        createdRevision: Revision(17)
    )
}

/// Parses arguments as the command they name, and gives it.
func parse<Command: ParsableCommand>(
    _ arguments: String...,
    as type: Command.Type
) throws -> Command {
    let parsed = try Bandera.parseAsRoot(arguments)
    guard let command = parsed as? Command else { throw WrongCommand(found: "\(parsed)") }
    return command
}

struct WrongCommand: Error {
    let found: String
}
#endif
