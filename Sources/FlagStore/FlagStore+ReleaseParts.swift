internal import Flags
internal import HashTreeCollections
internal import Releases
internal import Usage

extension FlagStore {
    /// How many evaluations of a flag were ever reported.
    func evaluations(of key: FlagKey, in environment: EnvironmentID) -> UInt64 {
        self.places[environment]?.totals[key]?.evaluations ?? 0
    }

    /// Who acts in an actor's name, as far as that is known.
    ///
    /// Whoever created a token that is no member's acts in the token's name. A member's tokens all
    /// act in the member's name already.
    ///
    /// What cannot be known: whether a member and the holder of a certificate are one person, and
    /// whether who created a member's token kept its secret. A token that was forgotten stands for
    /// itself.
    func person(behind actor: String) -> String {
        var person = actor
        // A token may have been created with a token; a cycle would need one older than itself.
        for _ in 0..<FlagStoreLimits.actorChainMax {
            guard let token = self.token(named: person), token.member.isEmpty,
                !token.createdBy.isEmpty
            else { break }
            person = token.createdBy
        }
        return person
    }

    /// The token that an actor of this name uses.
    private func token(named actor: String) -> AccessToken? {
        let parts = actor.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "token" else { return nil }
        return self.tokens[String(parts[1]), String(parts[2])]
    }

    func release(_ id: Revision, of organization: String) -> Release? {
        self.tenants[organization]?.releases[id]?.release
    }

    /// The release that a flag is under.
    func runningRelease(
        of key: FlagKey,
        in environment: EnvironmentID
    ) throws(Refusal) -> Release {
        guard let flag = self.flag(environment, key)?.flag,
            let id = flag.release, let release = self.release(id, of: environment.organization)
        else {
            throw Refusal(
                code: .notFound,
                message: "no release of a flag \(key) runs in \(environment)"
            )
        }
        return release
    }

    /// Stores a release and puts it on the agenda; gives the ended one that had to go for it.
    mutating func store(_ release: Release) -> Revision? {
        let organization = release.environment.organization
        let previous = self.tenants[organization]?.releases[release.id]
        let due = release.nextDue(
            evaluations: self.evaluations(of: release.flag, in: release.environment)
        )
        self.agenda.move(
            .release,
            of: release.flag,
            in: release.environment,
            from: previous?.due,
            to: due
        )
        let stored = StoredRelease(release: release, due: due)
        self.tenants[organization]?.releases.set(stored, for: release.id)
        guard !release.isUnfinished else { return nil }
        return self.tenants[organization]?.releases.end(
            release.id,
            keeping: self.limits.endedReleasesMax
        )
    }
}

extension Flag {
    /// A flag is released to those who are asked for it: it must be switched on.
    func checkServing() throws(Refusal) {
        guard !self.isServing else { return }
        let state = self.status == .active ? "not enabled" : self.status.rawValue
        throw Refusal(
            code: .illegalTransition,
            message: "flag \(self.key) is \(state): a release runs only while its flag is active "
                + "and enabled"
        )
    }

    /// Refuses a change of what the release decides; to take the flag away is always possible.
    func checkRelease(_ release: Revision, since before: Flag) throws(Refusal) {
        guard self.status != .rolledBack else { return }
        let isFinal = self.status != before.status && self.status == .completed
        guard
            self.rollout != before.rollout || self.audience != before.audience
                || self.targeting.weights != before.targeting.weights || isFinal
        else { return }
        throw .releaseRuns(release, self.key)
    }
}

extension Release {
    /// Refuses what would make of `flag`, which it is the release of, something that the steps to
    /// come cannot be made for.
    func checkRest(of flag: Flag, at time: Timestamp) throws(Refusal) {
        let begun = Int(self.step) + 1
        guard self.isUnfinished, begun < self.plan.steps.count else { return }
        let rest = ReleasePlan(steps: Array(self.plan.steps[begun...]))
        do throws(Refusal) {
            try rest.checkSteps(of: flag, at: time)
        } catch {
            throw Refusal(
                code: error.code,
                message: "release \(self.id) of flag \(flag.key) could not go on: \(error.message)"
            )
        }
    }
}

extension ReleasePlan {
    /// Refuses a plan that would make of `flag` what it may not be.
    func checkSteps(of flag: Flag, at time: Timestamp) throws(Refusal) {
        for preview in self.preview(from: flag, startingAt: time) {
            var patch = FlagPatch()
            patch.plans = preview.audience.plans
            patch.roles = preview.audience.roles
            patch.companies = preview.audience.companies
            patch.regions = preview.audience.regions
            try Refusal.checking { () throws(FlagsError) in _ = try patch.applied(to: flag) }
        }
    }
}

extension Refusal {
    static func releaseRuns(_ release: Revision, _ key: FlagKey) -> Refusal {
        Refusal(
            code: .illegalTransition,
            message: "release \(release) decides who gets flag \(key): abort it first (release "
                + "abort), or roll the flag back"
        )
    }

    /// Runs a release and words its error as a refusal.
    static func releasing<Result>(
        _ body: () throws(ReleasesError) -> Result
    ) throws(Refusal) -> Result {
        do {
            return try body()
        } catch {
            let code: Code =
                switch error.code {
                case .wrongStep: .stale
                case .ownApproval: .permissionDenied
                case .wrongState, .approvedAlready, .approvalsMissing, .notDue: .illegalTransition
                }
            throw Refusal(code: code, message: error.message)
        }
    }
}
