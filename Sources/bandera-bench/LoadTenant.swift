internal import BanderaClient
internal import Flags

/// The organization and environments that a measurement writes into.
struct LoadTenant {
    static let organization = "bench"

    let client: AdministrationClient

    /// Makes the organization, if it is not there yet.
    func prepare() async throws {
        try await self.put(
            .putOrganization(Organization(id: Self.organization, name: "Bench"))
        )
    }

    /// Makes an environment, if it is not there yet, and names it.
    func environment(_ name: String) async throws -> EnvironmentID {
        let id = EnvironmentID(organization: Self.organization, environment: name)
        try await self.put(.putEnvironment(Environment(id: id, name: name)))
        return id
    }

    /// Makes flags until there are `flags`, several at a time.
    func fill(_ environment: EnvironmentID, flags: Int) async throws {
        guard flags > 0 else { return }
        BenchProcess.progress("making \(flags) flags")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for filler in 0..<BenchLimits.fillersMax {
                group.addTask {
                    for number in stride(from: filler, to: flags, by: BenchLimits.fillersMax) {
                        let key = FlagKey("load-\(number)")
                        let definition = Self.definition(key, value: "v\(number)")
                        do throws(BanderaError) {
                            _ = try await self.client.write(.createFlag(environment, definition))
                        } catch {
                            guard error.code == .alreadyExists else { throw error }
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private func put(_ command: Command) async throws {
        _ = try await self.client.write(command)
    }

    /// A flag with a text variation of about `valueBytes` bytes.
    static func definition(_ key: FlagKey, value: String) -> FlagDefinition {
        FlagDefinition(
            key: key,
            enabled: true,
            status: .active,
            rollout: .all,
            variations: Self.variations(value),
            onVariation: "on",
            offVariation: "off"
        )
    }

    /// The variations of such a flag.
    static func variations(_ value: String) -> [Variation] {
        [
            Variation(name: "on", value: .string(value)),
            Variation(name: "off", value: .string("")),
        ]
    }

    /// A text of `bytes` bytes that starts with a number, so that each differs from the last.
    static func value(_ number: UInt64, bytes: Int) -> String {
        let digits = String(number).prefix(bytes)
        return digits + String(repeating: "x", count: bytes - digits.count)
    }
}
