internal import Flags

/// Which flag a numbered write of the failover measurement creates.
enum FailoverKey {
    /// The environment that a write goes into.
    static func environment(_ number: UInt64) -> EnvironmentID {
        EnvironmentID(
            organization: LoadTenant.organization,
            environment: self.environmentName(number / BenchLimits.writesPerEnvironmentMax)
        )
    }

    /// The name of the environment number `index`.
    static func environmentName(_ index: UInt64) -> String { "failover-\(index)" }

    /// The key of the flag.
    static func key(_ number: UInt64) -> FlagKey { FlagKey("write-\(number)") }

    /// How many writes there is room for.
    static let numbersMax = BenchLimits.writesPerEnvironmentMax * BenchLimits.environmentsMax
}

/// A write that the cluster said is durable.
struct AcknowledgedWrite: Sendable {
    let number: UInt64
    let revision: Revision
}
