internal import Flags

extension ReleasePlan {
    /// What is written for the wave that opens every region.
    static let allRegions = "*"

    /// Whether a wave opens every region, which takes an audience to be said.
    var opensAllRegions: Bool { self.steps.contains { $0.regions == [Self.allRegions] } }

    /// The same plan where such waves are for the audience that the flag has then, in every region.
    func openingRegions(of flag: Flags.Flag) -> ReleasePlan {
        var audience = flag.audience
        var plan = self
        for index in plan.steps.indices {
            if plan.steps[index].regions == [Self.allRegions] {
                var open = plan.steps[index].audience ?? audience
                open.regions = []
                plan.steps[index].audience = open
                plan.steps[index].regions = []
            }
            audience = plan.steps[index].audience ?? audience
        }
        return plan
    }
}

/// Release plans as people write them on a command line: `5%:30m, 25%:1h:approvals=1, 100%`.
enum PlanText {
    /// Reads the steps, which are separated by commas.
    static func plan(_ text: String) throws(CommandFailure) -> ReleasePlan {
        var steps: [ReleaseStep] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            steps.append(try self.step(part.trimmingSpaces))
        }
        return ReleasePlan(steps: steps)
    }

    /// Reads parts that are separated by colons: a share, a hold, and what else it waits for.
    private static func step(_ text: String) throws(CommandFailure) -> ReleaseStep {
        var step = ReleaseStep()
        guard !text.isEmpty else { throw .usage(Texts.badStep(text, part: text)) }
        for part in text.split(separator: ":", omittingEmptySubsequences: false) {
            let part = part.trimmingSpaces
            if part.hasSuffix("%") {
                step.rollout = try FlagFields.rollout(part)
            } else if let equals = part.firstIndex(of: "=") {
                try self.assign(
                    String(part[..<equals]),
                    String(part[part.index(after: equals)...]),
                    to: &step,
                    of: text
                )
            } else if let milliseconds = try? HoldText.milliseconds(part) {
                step.holdMilliseconds = milliseconds
            } else {
                throw .usage(Texts.badStep(text, part: part))
            }
        }
        return step
    }

    private static func assign(
        _ name: String,
        _ value: String,
        to step: inout ReleaseStep,
        of text: String
    ) throws(CommandFailure) {
        // Commas separate steps, so lists within a step are joined by plus signs.
        let names = value.split(separator: "+").map(String.init)
        switch name {
        case "approvals":
            guard let count = UInt32(value) else { throw .usage(Texts.badStep(text, part: value)) }
            step.approvals = count
        case "evaluations":
            guard let count = UInt64(value) else { throw .usage(Texts.badStep(text, part: value)) }
            step.evaluationsMin = count
        case "regions": step.regions = names
        case "plans": step.audience = step.audience.with { $0.plans = names }
        case "roles": step.audience = step.audience.with { $0.roles = names }
        case "companies": step.audience = step.audience.with { $0.companies = names }
        default: throw .usage(Texts.badStep(text, part: "\(name)=\(value)"))
        }
    }

    /// A step as it is written here.
    static func text(_ step: ReleaseStep) -> String {
        var parts: [String] = []
        if let rollout = step.rollout { parts.append("\(rollout)%") }
        if let hold = HoldText.text(milliseconds: step.holdMilliseconds) { parts.append(hold) }
        if step.approvals > 0 { parts.append("approvals=\(step.approvals)") }
        if step.evaluationsMin > 0 { parts.append("evaluations=\(step.evaluationsMin)") }
        let lists = [
            ("regions", step.regions), ("plans", step.audience?.plans ?? []),
            ("roles", step.audience?.roles ?? []), ("companies", step.audience?.companies ?? []),
        ]
        for (name, names) in lists where !names.isEmpty {
            parts.append("\(name)=\(names.joined(separator: "+"))")
        }
        return parts.joined(separator: ":")
    }
}

extension Audience? {
    fileprivate func with(_ change: (inout Audience) -> Void) -> Audience {
        var audience = self ?? Audience()
        change(&audience)
        return audience
    }
}
