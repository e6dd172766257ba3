internal import ClientProtocol
internal import Flags
internal import PeerProtocol
internal import Raft
internal import Releases
internal import Wire

/// One of each message that chance would hardly make.
enum MessageSamples {
    /// For `client-request`.
    static var requests: [[UInt8]] {
        var inputs: [[UInt8]] = []
        func add(_ message: some WireMessage) {
            inputs.append(MessageFuzz.input(message, of: MessageFuzz.requests))
        }
        for write in Self.writes { add(write) }
        add(UsageReport(environment: Self.environment, start: Self.time, entries: Self.entries))
        add(
            UsageQuery(
                environment: Self.environment,
                from: Self.time,
                to: Self.time,
                resolution: .hour,
                dimension: .plan
            )
        )
        add(AuditRequest(organization: "o", environment: "e", kind: "flag", subject: "f"))
        add(
            EvaluateRequest(
                environment: Self.environment,
                key: Self.key,
                context: EvaluationContext(targetingKey: "t"),
                wantsExplanation: true,
                asOf: Revision(2),
                time: Self.time
            )
        )
        return inputs
    }

    /// For `client-response`.
    static var responses: [[UInt8]] {
        var inputs: [[UInt8]] = []
        func add(_ message: some WireMessage) {
            inputs.append(MessageFuzz.input(message, of: MessageFuzz.responses))
        }
        add(SegmentsResponse(revision: Revision(1), segments: [Self.segment]))
        add(ReleasesResponse(revision: Revision(1), releases: [Self.release]))
        add(AlertsResponse(revision: Revision(1), alerts: [Self.alert]))
        add(UsageQueryResponse(revision: Revision(1), rows: Self.batch.rows, isCut: false))
        add(
            EvaluateResponse(
                evaluation: Self.evaluation,
                revision: Revision(1),
                node: 1,
                region: "r",
                routed: false,
                explanation: Explanation(
                    steps: [
                        .init(
                            name: "s",
                            inputs: [Value.Field(name: "n", value: .number(1))],
                            outcome: "o"
                        )
                    ],
                    evaluation: Self.evaluation
                )
            )
        )
        let preview = WritePreview(
            kind: "flag",
            subject: "f",
            before: .null,
            after: .object([Value.Field(name: "key", value: .string("f"))])
        )
        add(WriteResponse(revision: Revision(1), previews: [preview]))
        return inputs
    }

    /// For `watch-event`.
    static var watches: [[UInt8]] {
        let revision = Revision(1)
        let values = [WatchEvent.Values.FlagValue(flag: Self.key, evaluation: Self.evaluation)]
        let removed = Change(
            revision: revision,
            environment: Self.environment,
            item: .segmentRemoved("s"),
            isUrgent: true
        )
        let events: [WatchEvent] = [
            .snapshot(.init(revision: revision, flags: [], segments: [Self.segment])),
            .changes(.init(revision: revision, changes: [removed])),
            .values(.init(revision: revision, values: values, isSnapshot: true)),
            .values(
                .init(revision: revision, values: values, isSnapshot: true, isPartial: true)
            ),
        ]
        return events.map { MessageFuzz.input($0, of: MessageFuzz.watches) }
    }

    /// For `log-command`.
    static var commands: [[UInt8]] {
        Self.writes.prefix(1).map { write in
            LogCommand(
                origin: NodeID(1),
                incarnation: 2,
                proposal: 3,
                time: 4,
                actor: "a",
                organization: "o",
                environment: "e",
                role: "developer",
                request: write.encode()
            ).encode()
        }
    }

    private static let environment = EnvironmentID(organization: "o", environment: "e")
    private static let key = FlagKey("f")
    private static let time = Timestamp(milliseconds: 60_000)
    private static let evaluation = Evaluation(value: .bool(true), variation: "v", reason: .split)

    private static var writes: [WriteRequest] {
        var patch = FlagPatch()
        patch.tags = ["t"]
        patch.schema = .object([])
        patch.rules = Self.targeting.rules
        patch.weights = Self.targeting.weights
        let step = ReleaseStep(rollout: .all, audience: Audience(), regions: ["r"], approvals: 1)
        let commands: [Command] = [
            .createFlag(
                Self.environment,
                FlagDefinition(
                    key: Self.key,
                    labels: FlagLabels(tags: ["t"], owner: "o", schema: .bool(true)),
                    targeting: Self.targeting
                )
            ),
            .updateFlag(Self.environment, Self.key, patch),
            .putMember(TeamMember(organization: "o", name: "n", role: .viewer)),
            .createToken(AccessToken(id: "t", organization: "o", role: .viewer, sha256: "h")),
            .setOverride(Self.environment, Self.key, Self.targeting.overrides[0]),
            .removeOverride(Self.environment, Self.key, .user, subject: "u"),
            .putSegment(Self.environment, Self.segment.definition),
            .startRelease(Self.environment, Self.key, ReleasePlan(steps: [step])),
            .controlRelease(Self.environment, Self.key, .approve, step: 1),
            .recordSchedule(Self.environment, Self.key, .end, date: Self.time),
            .advanceRelease(Self.environment, Self.key, release: Revision(1), step: 2),
            .recordUsage(Self.batch),
        ]
        return commands.map {
            WriteRequest(command: $0, reason: "r", basedOn: Revision(3), isDryRun: true)
        }
    }

    private static let targeting = Targeting(
        prerequisites: [Prerequisite(flag: FlagKey("g"), variations: ["v"])],
        overrides: [Override(level: .user, subject: "u", variation: "v", isLocked: true)],
        targets: [Target(variation: "v", attribute: "a", values: ["x", "y"])],
        rules: [
            Rule(
                id: "r",
                clauses: [Clause(attribute: "a", .isIn, [.string("x")], isNegated: true)],
                serve: .split(Split(weights: [WeightedVariation(variation: "v", weight: 1)]))
            )
        ],
        weights: [WeightedVariation(variation: "v", weight: 100_000)]
    )

    private static let segment = Segment(
        definition: SegmentDefinition(
            key: "s",
            included: ["a", "b"],
            excluded: ["c"],
            rules: [[Clause(attribute: "", .segment, [.string("t")])]]
        ),
        createdAt: Self.time,
        createdBy: "x",
        updatedAt: Self.time,
        updatedBy: "y",
        revision: Revision(1)
    )

    private static let release = Release(
        id: Revision(1),
        environment: Self.environment,
        flag: Self.key,
        plan: ReleasePlan(steps: [ReleaseStep(holdMilliseconds: 1)]),
        stepStartedAt: Self.time,
        approvals: [Release.Approval(step: 0, actor: "a", time: Self.time)],
        startedBy: "b",
        startedAt: Self.time,
        revision: Revision(1)
    )

    private static let alert = Alert(
        id: Revision(1),
        environment: Self.environment,
        flag: Self.key,
        kind: .releaseStopped,
        message: "m",
        raisedAt: Self.time,
        raisedBy: "a",
        deliveries: [Self.delivery]
    )

    private static let delivery = Alert.Delivery(
        region: "r",
        node: 1,
        watchers: 2,
        acknowledged: 2,
        milliseconds: 3
    )

    private static var counts: UsageCounts {
        var counts = UsageCounts()
        counts.evaluations = 3
        counts.feedbacks = 1
        counts.feedbackThousandths = 4_500
        return counts
    }

    private static var entries: [UsageReport.Entry] {
        ["c", "d", "c"].map {
            UsageReport.Entry(flag: Self.key, variation: "v", company: $0, counts: Self.counts)
        }
    }

    private static var batch: UsageBatch {
        let rows = [(UsageDimension.total, ""), (.company, "c"), (.region, UsageRow.others)].map {
            UsageRow(
                environment: Self.environment,
                flag: Self.key,
                variation: "v",
                dimension: $0.0,
                value: $0.1,
                start: Self.time,
                counts: Self.counts
            )
        }
        return UsageBatch(
            node: 1,
            rows: rows,
            sketches: [
                UsageSketch(
                    environment: Self.environment,
                    flag: Self.key,
                    variation: "v",
                    registers: [65, 1023 << 6 | 55]
                )
            ],
            denied: [DeniedAttempt(actor: "a", organization: "o", method: "m", count: 1)],
            deliveries: [DeliveryReport(alert: Revision(1), delivery: Self.delivery)],
            dropped: 2
        )
    }
}
