internal import Flags

extension Refusal {
    static func noOrganization(_ id: String) -> Refusal {
        Refusal(code: .notFound, message: "no organization \(id)")
    }

    static func noEnvironment(_ id: EnvironmentID) -> Refusal {
        Refusal(code: .notFound, message: "no environment \(id)")
    }

    /// There is no such thing in what it would belong to.
    static func missing(_ what: String, in place: some CustomStringConvertible) -> Refusal {
        Refusal(code: .notFound, message: "no \(what) in \(place)")
    }

    static func tooMany(_ what: String, _ countMax: Int) -> Refusal {
        Refusal(code: .limitExceeded, message: "there may not be more than \(countMax) \(what)")
    }

    /// Runs a check of `Flags` and words its error as a refusal.
    static func checking<Checked>(
        _ check: () throws(FlagsError) -> Checked
    ) throws(Refusal) -> Checked {
        do {
            return try check()
        } catch {
            let code: Code = error.code == .limitExceeded ? .limitExceeded : .invalid
            throw Refusal(code: code, message: error.message)
        }
    }
}
