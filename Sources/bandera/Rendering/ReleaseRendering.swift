internal import Flags
internal import Releases

/// Releases, and what plans will do, as the program shows them.
enum ReleaseRendering {
    /// Releases, a row each.
    static func document(_ releases: [Release]) -> Document {
        let table = Table(
            [
                .numbers(Texts.headingID), .words(Texts.headingFlag), .words(Texts.headingStatus),
                .words(Texts.headingStep), .words(Texts.headingNow), .words(Texts.headingStarted),
                .words(Texts.headingEnded),
            ],
            rows: releases.map { release in
                [
                    release.id.description, release.flag.rawValue, release.state.rawValue,
                    self.number(release),
                    release.currentStep.map(PlanText.text) ?? "",
                    "\(release.startedAt.rfc3339) \(release.startedBy)",
                    release.finishedAt?.rfc3339 ?? "",
                ]
            }
        )
        return Document(table: table) { json in
            json.beginObject()
            json.name("releases")
            json.documents(releases)
            json.endObject()
        }
    }

    /// One release: where it stands, and a row for each of its steps.
    ///
    /// - Parameter evaluations: how many evaluations of the flag were ever reported.
    static func document(
        _ release: Release,
        evaluations: UInt64,
        now: Timestamp
    ) -> Document {
        let heading = Texts.releaseStands(
            release.flag.rawValue,
            id: release.id.description,
            state: release.state.rawValue,
            step: self.number(release),
            since: release.stepStartedAt.rfc3339
        )
        let table = Table(
            [
                .numbers(Texts.headingStep), .words(Texts.headingPlan),
                .words(Texts.headingState), .words(Texts.headingApprovals),
            ],
            rows: release.plan.steps.enumerated().map { index, step in
                let approvals = release.approvals.filter { $0.step == index }
                return [
                    String(index + 1), PlanText.text(step), self.state(of: index, in: release),
                    approvals.map(\.actor).joined(separator: ", "),
                ]
            }
        )
        let waits = release.isUnfinished ? self.waits(release, evaluations, now: now) : ""
        return Document(
            text: [heading, table.text, waits].filter { !$0.isEmpty }.joined(separator: "\n")
        ) { json in
            json.value(release.document)
        }
    }

    private static func number(_ release: Release) -> String {
        Texts.step(Int(release.step) + 1, of: release.plan.steps.count)
    }

    private static func state(of index: Int, in release: Release) -> String {
        guard index != release.step else {
            return release.state == .completed ? Texts.stepDone : release.state.rawValue
        }
        return index < release.step ? Texts.stepDone : ""
    }

    /// What the step waits for.
    private static func waits(
        _ release: Release,
        _ evaluations: UInt64,
        now: Timestamp
    ) -> String {
        let known = max(evaluations, release.evaluationsBefore)
        let missing = release.gate(evaluations: known).description(at: now)
        return missing.isEmpty ? "" : Texts.releaseWaits(missing)
    }

    /// What a plan will do to a flag, a row for each step.
    static func document(
        _ steps: [ReleasePreview],
        of flag: Flag,
        in environment: EnvironmentID
    ) -> Document {
        let table = Table(
            [
                .numbers(Texts.headingStep), .words(Texts.headingEarliest),
                .numbers(Texts.headingRollout), .words(Texts.headingAudience),
                .words(Texts.headingWaits),
            ],
            rows: steps.map { step in
                [
                    String(step.step + 1), step.earliestStart.rfc3339, "\(step.rollout) %",
                    FlagRendering.audience(step.audience),
                    Texts.waits(
                        until: step.earliestEnd > step.earliestStart
                            ? step.earliestEnd.rfc3339 : "",
                        approvals: step.approvals,
                        evaluations: step.evaluationsMin
                    ),
                ]
            }
        )
        return Document(table: table) { json in
            json.beginObject()
            json.member("environment", environment.description)
            json.member("key", flag.key.rawValue)
            json.members("steps", steps, each: self.write)
            json.endObject()
        }
    }

    private static func write(_ step: ReleasePreview, to json: inout JSONWriter) {
        json.beginObject()
        json.member("step", step.step + 1)
        json.name("earliest_start")
        json.time(step.earliestStart)
        json.name("earliest_end")
        json.time(step.earliestEnd)
        json.name("rollout_percentage")
        json.number(step.rollout.percent)
        json.name("audience")
        json.value(step.audience.document)
        json.member("approvals", step.approvals)
        json.member("evaluations_min", step.evaluationsMin)
        json.endObject()
    }
}
