internal import Flags

/// What is said about targeting, releases and alerts.
extension Texts {
    static let and = "and"
    static let not = "not"
    static let locked = "(locked)"
    static let all = "all"

    /// The first of many, and how many there are.
    static func few(_ names: [String]) -> String {
        let shown = names.prefix(10).joined(separator: ", ")
        return names.count > 10 ? "\(shown)… (\(names.count))" : shown
    }

    static func badPair(_ text: String, option: String) -> String {
        "'\(text)' is not a value for \(option): expected name=value"
    }

    static func badRule(_ reason: String) -> String { "the rule cannot be used: \(reason)" }

    static func badClauses(_ text: String) -> String {
        "'\(text)' is not a list of clauses, such as "
            + #"[{"attribute":"plan","operator":"in","values":["ENTERPRISE"]}]"#
    }

    static func badOverridePlace(_ text: String) -> String {
        "'\(text)' is not a place for an override: expected platform, organization, plan=ID, "
            + "company=ID or user=KEY"
    }

    static func exclusive(_ first: String, _ second: String) -> String {
        "\(first) and \(second) exclude each other"
    }

    static func notOneOf(_ text: String, option: String, _ allowed: [String]) -> String {
        "'\(text)' is not a value for \(option): expected \(allowed.joined(separator: ", "))"
    }

    static func badStep(_ step: String, part: String) -> String {
        "'\(part)' in the step '\(step)' is not understood: a step is a share, a time and names, "
            + "separated by colons, such as 25%:1h:approvals=1"
    }

    static let noPlanGiven = "no plan was given"
    static let nextNoPlanGiven = "use --steps '5%:30m, 25%:1h, 100%', or --file with a plan"

    static func noRelease(_ key: String) -> String { "flag \(key) has never had a release" }

    static func nextNoRelease(_ key: String) -> String {
        "'bandera release start \(key) --steps …' starts one"
    }

    static func step(_ number: Int, of count: Int) -> String { "\(number) of \(count)" }

    static let stepDone = "done"

    static func releaseStands(
        _ flag: String,
        id: String,
        state: String,
        step: String,
        since: String
    ) -> String {
        "release \(id) of flag \(flag): \(state), step \(step) since \(since)"
    }

    static func releaseWaits(_ missing: String) -> String { "waits for \(missing)" }

    static func waits(until: String, approvals: UInt32, evaluations: UInt64) -> String {
        var parts: [String] = []
        if !until.isEmpty { parts.append(until) }
        if approvals > 0 {
            parts.append("\(approvals) \(approvals == 1 ? "approval" : "approvals")")
        }
        if evaluations > 0 { parts.append("\(evaluations) evaluations") }
        return parts.joined(separator: ", ")
    }

    static func deliveriesDenied(_ reason: String) -> String {
        "the flag is rolled back, but how that reached the watchers may not be shown: \(reason)"
    }

    static let deliveriesMissing =
        "not every node has told yet: 'bandera alert list' shows the rest when it has come"

    static func delivered(
        region: String,
        acknowledged: UInt32,
        of watchers: UInt32,
        milliseconds: UInt32
    ) -> String {
        "\(region) \(acknowledged)/\(watchers) in \(milliseconds) ms"
    }

    static func unknownOperators(_ names: [String]) -> String {
        "this version does not know the operators \(names.joined(separator: ", ")): clauses with "
            + "them are false"
    }

    static func noSegment(_ key: String, _ environment: String) -> String {
        "there is no segment \(key) in \(environment)"
    }

    static let nextNoSegment = "'bandera segment list' shows the segments of an environment"

    static func noPlan(_ id: String, _ organization: String) -> String {
        "organization \(organization) has no plan \(id)"
    }

    static let nextNoPlan = "'bandera plan list' shows the plans of an organization"

    static func plan(_ plan: Plan) -> String {
        let description = plan.description.isEmpty ? "" : ": \(plan.description)"
        return "plan \(plan.id) (\(plan.name))\(description)"
    }

    static func quotas(_ quotas: Quotas) -> String {
        let parts = [
            ("flags", quotas.flags), ("companies", quotas.companies),
            ("watches", quotas.watches), ("writes/s", quotas.writesPerSecond),
        ]
        return parts.filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }.joined(separator: ", ")
    }

    static func unknownRole(_ text: String, allowed: [String]) -> String {
        "'\(text)' is not a role: expected \(allowed.joined(separator: ", "))"
    }

    static func secret(_ text: String) -> String {
        "secret (shown this once, stored nowhere): \(text)"
    }

    static func badMoment(_ text: String, from option: String, _ reason: String) -> String {
        "'\(text)' (\(option)) is no moment: \(reason)"
    }

    static func microseconds(_ count: UInt64) -> String { "\(count) µs" }

    static let usageCut =
        "there is more than one answer may have: ask for a shorter time, one flag or one value"
}
