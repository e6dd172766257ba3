import Flags
import Releases

/// A release with a clock and a count of evaluations.
struct Bench {
    static let start: Int64 = 1_770_000_000_000

    var release: Release
    var flag: Flag
    var now: Int64 = Bench.start
    var evaluations: UInt64 = 1_000
    private var revision: UInt64 = 50

    init(_ steps: [ReleaseStep], flag: Flag = Bench.flag()) {
        let (release, effect) = Release.start(
            ReleasePlan(steps: steps),
            of: flag.key,
            in: EnvironmentID(organization: "acme", environment: "production"),
            revision: Revision(50),
            by: "ana",
            at: Timestamp(milliseconds: Bench.start),
            evaluations: 1_000
        )
        self.release = release
        self.flag = flag
        effect.apply(to: &self.flag)
    }

    static func flag(audience: Audience = Audience()) -> Flag {
        Flag(
            key: FlagKey("checkout"),
            name: "",
            description: "",
            enabled: true,
            status: .active,
            isArchived: false,
            rollout: .none,
            audience: audience,
            start: nil,
            end: nil,
            variations: [
                Variation(name: "on", value: .bool(true)),
                Variation(name: "off", value: .bool(false)),
            ],
            onVariation: "on",
            offVariation: "off",
            salt: "checkout",
            bucketBy: "targetingKey",
            createdAt: Timestamp(milliseconds: 0),
            createdBy: "ana",
            updatedAt: Timestamp(milliseconds: 0),
            updatedBy: "ana",
            revision: Revision(1),
            createdRevision: Revision(1)
        )
    }

    var time: Timestamp { Timestamp(milliseconds: self.now) }

    var isDue: Bool { self.release.isDue(now: self.time, evaluations: self.evaluations) }

    /// The code of the error; `nil` when it was done.
    @discardableResult
    mutating func advance(after milliseconds: Int64 = 0) -> ReleasesError.Code? {
        self.now += milliseconds
        self.revision += 1
        do throws(ReleasesError) {
            let effect = try self.release.advance(
                from: self.release.step,
                at: self.time,
                evaluations: self.evaluations,
                revision: Revision(self.revision)
            )
            effect.apply(to: &self.flag)
            return nil
        } catch {
            return error.code
        }
    }

    /// The code of the error; `nil` when it was done.
    @discardableResult
    mutating func control(
        _ action: ReleaseAction,
        by actor: String = "ben",
        step: UInt32? = nil,
        after milliseconds: Int64 = 0
    ) -> ReleasesError.Code? {
        self.now += milliseconds
        self.revision += 1
        do throws(ReleasesError) {
            let effect = try self.release.control(
                action,
                step: step ?? self.release.step,
                by: actor,
                at: self.time,
                evaluations: self.evaluations,
                revision: Revision(self.revision)
            )
            effect.apply(to: &self.flag)
            return nil
        } catch {
            return error.code
        }
    }
}

extension ReleaseStep {
    /// A step that sets a percentage and holds for some minutes.
    static func percent(
        _ percent: UInt32,
        minutes: Int64 = 0,
        approvals: UInt32 = 0,
        evaluations: UInt64 = 0
    ) -> ReleaseStep {
        ReleaseStep(
            rollout: RolloutPercentage(thousandths: percent * 1_000),
            holdMilliseconds: minutes * 60_000,
            approvals: approvals,
            evaluationsMin: evaluations
        )
    }
}
