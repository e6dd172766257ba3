import ClientProtocol
import Flags
import Releases
import Testing
import Wire

/// What the release domain looks like on the wire and in the log.
@Suite struct ReleaseGoldenTests {
    private let environment = EnvironmentID(organization: "o", environment: "e")
    private let key = FlagKey("k")

    private let targeting = Targeting(
        prerequisites: [Prerequisite(flag: FlagKey("p"), variations: ["v"])],
        overrides: [Override(level: .user, subject: "u", variation: "v", isLocked: true)],
        targets: [Target(variation: "v", attribute: "a", values: ["x", "y"])],
        rules: [
            Rule(id: "r", description: "d", clauses: [], serve: .variation("v")),
            Rule(
                id: "s",
                clauses: [
                    Clause(
                        attribute: "a",
                        .isIn,
                        [.string("x")],
                        isNegated: true,
                        ignoresCase: true
                    )
                ],
                serve: .split(
                    Split(
                        weights: [WeightedVariation(variation: "v", weight: 100_000)],
                        bucketBy: "b"
                    )
                )
            ),
        ],
        weights: [WeightedVariation(variation: "v", weight: 1)]
    )

    private let segment = Segment(
        definition: SegmentDefinition(
            key: "s",
            name: "n",
            description: "d",
            attribute: "a",
            included: ["i"],
            excluded: ["x"],
            rules: [[Clause(attribute: "", .segment, [.string("t")])], []]
        ),
        createdAt: Timestamp(milliseconds: 1),
        createdBy: "c",
        updatedAt: Timestamp(milliseconds: 2),
        updatedBy: "u",
        revision: Revision(3)
    )

    private let plan = ReleasePlan(
        steps: [
            ReleaseStep(
                rollout: RolloutPercentage.none,
                audience: Audience(),
                regions: ["g"],
                holdMilliseconds: 1,
                approvals: 2,
                evaluationsMin: 3
            )
        ]
    )

    private func write(
        _ command: Command,
        _ golden: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        expectBytes(WriteRequest(command: command), golden, sourceLocation: sourceLocation)
    }

    @Test func theBytesOfAFlagAreFixed() {
        let flag = Flag(
            key: self.key,
            name: "",
            description: "",
            enabled: false,
            status: .draft,
            isArchived: false,
            rollout: .none,
            audience: Audience(),
            start: nil,
            end: nil,
            variations: [],
            onVariation: "",
            offVariation: "",
            salt: "",
            bucketBy: "",
            createdAt: Timestamp(milliseconds: 0),
            createdBy: "",
            updatedAt: Timestamp(milliseconds: 0),
            updatedBy: "",
            revision: .zero,
            createdRevision: .zero,
            labels: FlagLabels(tags: ["t"], owner: "o", schema: .bool(true)),
            targeting: self.targeting,
            recordedStart: Timestamp(milliseconds: 0),
            recordedEnd: Timestamp(milliseconds: 1),
            release: Revision(7)
        )
        expectBytes(
            GetFlagResponse(flag: flag, revision: Revision(9)),
            "0a770a016b2801b2010a0a017412016f1a021001ba01590a060a0170120176120a08051201"
                + "751a017620011a0c0a01761201611a01781a017922090a017212016422017622230a01731a"
                + "100a01611202696e1a03220178200128012a0c0a070a017610a08d061201622a050a017610"
                + "01c00100c80101d001071009"
        )
    }

    @Test func theBytesOfCommandsAboutFlagsAreFixed() {
        let definition = FlagDefinition(
            key: self.key,
            labels: FlagLabels(tags: ["t"]),
            targeting: Targeting(weights: self.targeting.weights)
        )
        self.write(
            .restoreFlag(self.environment, self.key, definition, from: Revision(4)),
            "9201230a060a016f12016512016b1a140a016b28017a030a01748201072a050a017610012004"
        )
        var patch = FlagPatch()
        patch.tags = []
        patch.owner = ""
        patch.schema = .null
        patch.prerequisites = []
        patch.targets = []
        patch.rules = []
        patch.weights = self.targeting.weights
        self.write(
            .updateFlag(self.environment, self.key, patch),
            "4a2b0a060a016f12016512016b1a1e8201008a010092010208019a0100a20100aa0100b201"
                + "070a050a01761001"
        )
        self.write(
            .setOverride(self.environment, self.key, self.targeting.overrides[0]),
            "9a01190a0b0a060a016f12016512016b120a08051201751a01762001"
        )
        self.write(
            .removeOverride(self.environment, self.key, .company, subject: "c"),
            "a201120a0b0a060a016f12016512016b10041a0163"
        )
        self.write(
            .putSegment(self.environment, self.segment.definition),
            "aa01300a060a016f12016512260a017312016e1a01642201612a01693201783a100a0e1207"
                + "7365676d656e741a032201743a00"
        )
        self.write(
            .removeSegment(self.environment, key: "s"),
            "b2010b0a060a016f120165120173"
        )
        self.write(
            .emergencyRollback(self.environment, self.key),
            "ba010b0a060a016f12016512016b"
        )
    }

    @Test func theBytesOfCommandsAboutReleasesAreFixed() {
        self.write(
            .startRelease(self.environment, self.key, self.plan),
            "c2011e0a0b0a060a016f12016512016b120f0a0d080012001a0167200128023003"
        )
        self.write(
            .controlRelease(self.environment, self.key, .abort, step: 3),
            "ca01110a0b0a060a016f12016512016b10051803"
        )
        self.write(
            .acknowledgeAlert("o", Revision(5)),
            "d201050a016f1005"
        )
        self.write(
            .recordSchedule(self.environment, self.key, .end, date: Timestamp(milliseconds: 6)),
            "da01110a0b0a060a016f12016512016b10021806"
        )
        self.write(
            .advanceRelease(self.environment, self.key, release: Revision(7), step: 8),
            "e201110a0b0a060a016f12016512016b10071808"
        )
    }

    @Test func theBytesOfCommandsAboutTenantsAreFixed() {
        self.write(
            .putOrganization(
                Organization(
                    id: "o",
                    name: "n",
                    branding: Branding(
                        logo: "l",
                        primaryColor: "p",
                        accentColor: "a",
                        locale: "c",
                        host: "h"
                    ),
                    quotas: Quotas(flags: 1, companies: 2, watches: 3, writesPerSecond: 4),
                    revision: Revision(5)
                )
            ),
            "22230a016f12016e1a0f0a016c1201701a01612201632a0168220808011002180320042805"
        )
        self.write(
            .putPlan(Plan(organization: "o", id: "p", name: "n", description: "d")),
            "320c0a016f1201701a016e220164"
        )
        let attributes = [Value.Field(name: "a", value: .number(1))]
        self.write(
            .putCompany(
                Company(
                    organization: "o",
                    id: "c",
                    name: "n",
                    plan: "p",
                    region: "r",
                    attributes: attributes,
                    revision: Revision(6)
                )
            ),
            "3a210a016f1201631a016e2201702a0172320e0a0161120919000000000000f03f3806"
        )
        self.write(
            .putMember(TeamMember(organization: "o", name: "m", role: .developer)),
            "72080a016f12016d1804"
        )
        self.write(
            .removeMember("o", "m"),
            "7a060a016f12016d"
        )
        self.write(
            .removeCompany("o", "c"),
            "f201060a016f120163"
        )
        self.write(
            .removePlan("o", "p"),
            "fa01060a016f120170"
        )
        self.write(
            .createToken(
                AccessToken(
                    id: "t",
                    organization: "o",
                    environment: "e",
                    role: .clientSDK,
                    member: "m",
                    sha256: "h",
                    expiresAt: Timestamp(milliseconds: 0),
                    createdAt: Timestamp(milliseconds: 1),
                    createdBy: "c",
                    revokedAt: Timestamp(milliseconds: 2),
                    revision: Revision(3)
                )
            ),
            "82011c0a017412016f1a016520072a016d320168380040014a016350025803"
        )
        self.write(
            .revokeToken("o", "t"),
            "8a01060a016f120174"
        )
    }

    @Test func theBytesOfDryRunsAreFixed() {
        expectBytes(
            WriteRequest(
                session: Revision(1),
                sequence: 2,
                command: .openSession,
                reason: "r",
                basedOn: .zero,
                isDryRun: true
            ),
            "080110021a005a017260006801"
        )
        let preview = WritePreview(kind: "k", subject: "s", before: .null, after: .bool(true))
        expectBytes(
            WriteResponse(revision: Revision(1), previews: [preview]),
            "0801120a0a016b12017322021001"
        )
    }

    @Test func theBytesOfWatchesAreFixed() {
        let revision = Revision(1)
        expectBytes(
            WatchRequest(
                environment: self.environment,
                context: EvaluationContext(targetingKey: "t")
            ),
            "0a060a016f12016522030a0174"
        )
        expectBytes(
            WatchEvent.snapshot(.init(revision: revision, flags: [], segments: [self.segment])),
            "0a3c0801180120012a340a260a017312016e1a01642201612a01693201783a100a0e120773"
                + "65676d656e741a032201743a0010011a016320022a01753003"
        )
        let items: [Change.Item] = [.segment(self.segment), .segmentRemoved("s")]
        let changes = items.enumerated().map { index, item in
            Change(
                revision: Revision(UInt64(index + 1)),
                environment: self.environment,
                item: item,
                isUrgent: index == 1
            )
        }
        expectBytes(
            WatchEvent.changes(.init(revision: Revision(2), changes: changes)),
            "125508021240080112060a016f12016522340a260a017312016e1a01642201612a01693201"
                + "783a100a0e12077365676d656e741a032201743a0010011a016320022a01753003120f0802"
                + "12060a016f1201652a01733001"
        )
        let evaluation = Evaluation(value: .bool(true), variation: "v", reason: .static)
        let value = WatchEvent.Values.FlagValue(flag: self.key, evaluation: evaluation)
        expectBytes(
            WatchEvent.values(.init(revision: revision, values: [value], isSnapshot: true)),
            "2a140801120e0a016b12090a02100112017618011801"
        )
    }

    @Test func theBytesOfExplanationsAreFixed() {
        expectBytes(
            EvaluateRequest(
                environment: self.environment,
                key: self.key,
                context: EvaluationContext(targetingKey: "t"),
                wantsExplanation: true,
                asOf: Revision(2),
                time: Timestamp(milliseconds: 3)
            ),
            "0a060a016f12016512016b1a030a0174380140024803"
        )
        let evaluation = Evaluation(value: .bool(true), variation: "v", reason: .static)
        let step = Explanation.Step(
            name: "n",
            inputs: [Value.Field(name: "i", value: .null)],
            outcome: "o",
            isDecisive: true
        )
        let explanation = Explanation(
            steps: [step],
            evaluation: evaluation,
            unknownOperators: ["u"]
        )
        expectBytes(
            EvaluateResponse(
                evaluation: evaluation,
                revision: Revision(1),
                node: 2,
                region: "r",
                routed: false,
                explanation: explanation
            ),
            "0a090a02100112017618011001180222017232210a110a016e12070a0169120208011a016f"
                + "200112090a02100112017618011a0175"
        )
    }

    @Test func theBytesOfReleasesAndAlertsAreFixed() {
        let release = Release(
            id: Revision(1),
            environment: self.environment,
            flag: self.key,
            plan: self.plan,
            state: .rolledBack,
            step: 2,
            stepStartedAt: Timestamp(milliseconds: 3),
            pausedAt: Timestamp(milliseconds: 4),
            approvals: [Release.Approval(step: 5, actor: "a", time: Timestamp(milliseconds: 6))],
            evaluationsBefore: 7,
            startedBy: "b",
            startedAt: Timestamp(milliseconds: 8),
            finishedAt: Timestamp(milliseconds: 9),
            revision: Revision(10)
        )
        expectBytes(
            ReleasesResponse(revision: Revision(1), releases: [release]),
            "0801123c0801120b0a060a016f12016512016b1a0f0a0d080012001a016720012802300320"
                + "05280230033804420708051201611806480752016258086009680a"
        )
        let alert = Alert(
            id: Revision(1),
            environment: self.environment,
            flag: self.key,
            kind: .releaseStopped,
            message: "m",
            raisedAt: Timestamp(milliseconds: 2),
            raisedBy: "b",
            acknowledgedAt: Timestamp(milliseconds: 3),
            acknowledgedBy: "c",
            deliveries: [
                Alert.Delivery(
                    region: "r",
                    node: 4,
                    watchers: 5,
                    acknowledged: 6,
                    milliseconds: 7
                )
            ]
        )
        expectBytes(
            AlertsResponse(revision: Revision(1), alerts: [alert]),
            "0801122b0801120b0a060a016f12016512016b180222016d280232016238034201634a0b0a"
                + "01721004180520062807"
        )
    }
}
