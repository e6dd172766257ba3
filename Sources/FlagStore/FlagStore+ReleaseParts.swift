internal import Flags
internal import HashTreeCollections
internal import Releases
internal import Usage

extension FlagStore {
    /// How many evaluations of a flag were ever reported.
    func evaluations(of key: FlagKey, in environment: EnvironmentID) -> UInt64 {
        self.places[environment]?.totals[key]?.evaluations ?? 0
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
            message: "release \(release) decides who gets flag \(key): pause or abort it first "
                + "(release pause, release abort), or roll the flag back"
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
                case .wrongState, .approvedAlready, .notDue: .illegalTransition
                }
            throw Refusal(code: code, message: error.message)
        }
    }
}
