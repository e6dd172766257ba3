import ClientProtocol
import Flags
import Testing
import Wire
import WireTestKit

@Suite struct RoundTripTests {
    @Test func writesSurviveAbuse() throws {
        let seed = Chance.printedSeed()
        var chance = Chance(seed: seed)
        for command in chance.commands() {
            let request = WriteRequest(
                session: chance.revision(),
                sequence: UInt64(chance.number()),
                command: command,
                reason: chance.string(),
                basedOn: chance.flip() ? chance.revision() : nil,
                isDryRun: chance.flip()
            )
            try expectSurvives(request, seed: seed, rounds: 100)
        }
        let response = WriteResponse(
            revision: Revision(.max),
            previews: [
                WritePreview(
                    kind: chance.string(),
                    subject: chance.string(),
                    before: .null,
                    after: chance.value()
                ),
                WritePreview(kind: "", subject: "", before: chance.value(), after: .null),
            ]
        )
        try expectSurvives(response, seed: seed)
    }

    @Test func everyCommandSurvivesManyRoundTrips() throws {
        let seed = Chance.printedSeed()
        var chance = Chance(seed: seed)
        let arena = Arena()
        for _ in 0..<50 {
            for command in chance.commands() {
                let request = WriteRequest(command: command)
                let bytes = request.encode(using: arena)
                #expect(try WriteRequest.decode(bytes, using: arena) == request, "seed \(seed)")
            }
        }
    }

    @Test func readsSurviveAbuse() throws {
        let seed = Chance.printedSeed()
        var chance = Chance(seed: seed)
        let environment = chance.environment()
        let key = FlagKey(chance.string())
        let revision = chance.revision()
        try expectSurvives(
            GetFlagRequest(
                environment: environment,
                key: key,
                atLeast: revision,
                isLinearizable: true,
                asOf: chance.revision()
            ),
            seed: seed
        )
        try expectSurvives(GetFlagResponse(flag: chance.flag(), revision: revision), seed: seed)
        try expectSurvives(
            ListFlagsRequest(
                environment: environment,
                includeArchived: true,
                atLeast: revision,
                after: chance.string()
            ),
            seed: seed
        )
        try expectSurvives(
            ListFlagsResponse(revision: revision, flags: [chance.flag()], hasMore: true),
            seed: seed,
            rounds: 100
        )
        try expectSurvives(
            HistoryRequest(
                environment: environment,
                key: key,
                limit: 5,
                atLeast: revision,
                before: chance.revision()
            ),
            seed: seed
        )
        try expectSurvives(
            HistoryResponse(rows: [chance.historyRow(), chance.historyRow()], revision: revision),
            seed: seed,
            rounds: 100
        )
    }

    @Test func evaluationsSurviveAbuse() throws {
        let seed = Chance.printedSeed()
        var chance = Chance(seed: seed)
        for _ in 0..<10 {
            let request = EvaluateRequest(
                environment: chance.environment(),
                key: FlagKey(chance.string()),
                context: chance.context(),
                region: chance.string(),
                atLeast: chance.revision(),
                isLinearizable: true,
                wantsExplanation: chance.flip(),
                asOf: chance.revision(),
                time: chance.flip() ? chance.time() : nil
            )
            try expectSurvives(request, seed: seed, rounds: 100)
            let response = EvaluateResponse(
                evaluation: chance.evaluation(),
                revision: chance.revision(),
                node: 1,
                region: chance.string(),
                routed: chance.flip(),
                explanation: chance.flip() ? chance.explanation() : nil
            )
            try expectSurvives(response, seed: seed, rounds: 100)
        }
    }

    @Test func everyReasonAndErrorSurvivesARoundTrip() throws {
        let reasons: [EvaluationReason] = [
            .static, .default, .targetingMatch, .split, .disabled, .prerequisiteFailed, .cached,
            .stale, .error,
        ]
        let errors: [EvaluationErrorCode?] = [
            nil, .flagNotFound, .typeMismatch, .targetingKeyMissing, .invalidContext,
            .providerNotReady, .general,
        ]
        for reason in reasons {
            for error in errors {
                let evaluation = Evaluation(
                    value: error == nil ? .string("") : nil,
                    variation: error == nil ? "" : nil,
                    reason: reason,
                    errorCode: error
                )
                let response = EvaluateResponse(
                    evaluation: evaluation,
                    revision: Revision(1),
                    node: 2,
                    region: "MX",
                    routed: true
                )
                try expectSurvives(response, seed: 1, rounds: 20)
            }
        }
    }

    @Test func watchesSurviveAbuse() throws {
        let seed = Chance.printedSeed()
        var chance = Chance(seed: seed)
        let environment = chance.environment()
        let items: [Change.Item] = [
            .flag(chance.flag()), .segment(chance.segment()), .segmentRemoved(chance.string()),
        ]
        let changes = zip([Revision(4), Revision(6), Revision(9)], items).map {
            Change(revision: $0, environment: environment, item: $1, isUrgent: chance.flip())
        }
        let values = WatchEvent.Values(
            revision: chance.revision(),
            values: [.init(flag: FlagKey(chance.string()), evaluation: chance.evaluation())],
            isSnapshot: chance.flip(),
            isPartial: chance.flip()
        )
        let events: [WatchEvent] = [
            .snapshot(.init(revision: Revision(7), flags: [chance.flag()], isFirst: false)),
            .snapshot(.init(revision: .zero, flags: [])),
            .snapshot(.init(revision: .zero, flags: [], segments: [chance.segment()])),
            .changes(.init(revision: Revision(9), changes: changes, coalesced: true)),
            .bookmark(revision: chance.revision()),
            .resync(reason: chance.string()),
            .values(values),
        ]
        for event in events {
            try expectSurvives(event, seed: seed, rounds: 100)
        }
        try expectSurvives(
            WatchRequest(environment: environment, from: Revision(3), hasBasis: true),
            seed: seed
        )
        let context = chance.context()
        try expectSurvives(WatchRequest(environment: environment, context: context), seed: seed)
        try expectSurvives(WatchAcknowledgement(revision: Revision(9)), seed: seed)
    }

    @Test func aLargeSnapshotSurvivesARoundTrip() throws {
        let seed = Chance.printedSeed()
        var chance = Chance(seed: seed)
        let flags = (0..<500).map { _ in chance.flag() }
        let event = WatchEvent.snapshot(.init(revision: Revision(9), flags: flags))
        #expect(try WatchEvent.decode(event.encode()) == event, "seed \(seed)")
    }
}

@Suite struct ClusterRoundTripTests {
    @Test func statusSurvivesAbuse() throws {
        let seed = Chance.printedSeed()
        var chance = Chance(seed: seed)
        var nodes: [NodeStatus] = []
        for role in NodeRole.allCases {
            for health in NodeHealth.allCases {
                nodes.append(
                    NodeStatus(
                        id: UInt64(chance.number()),
                        name: chance.string(),
                        region: chance.string(),
                        zone: chance.string(),
                        role: role,
                        term: UInt64(chance.number()),
                        commit: UInt64(chance.number()),
                        applied: UInt64(chance.number()),
                        health: health,
                        clientAddress: chance.string(),
                        peerAddress: chance.string(),
                        lastHeardMilliseconds: UInt64(chance.number())
                    )
                )
            }
        }
        for leader in [nil, UInt64(3)] {
            let response = StatusResponse(
                nodes: nodes,
                leader: leader,
                cluster: chance.string(),
                answeredBy: 1,
                log: LogWork(appends: 7, entries: UInt64(chance.number()))
            )
            try expectSurvives(response, seed: seed, rounds: 100)
        }
        #expect(try StatusRequest.decode(StatusRequest().encode()) == StatusRequest())
    }

    @Test func topologySurvivesAbuse() throws {
        let seed = Chance.printedSeed()
        var chance = Chance(seed: seed)
        let nodes = NodeHealth.allCases.map { health in
            TopologyNode(
                id: UInt64(chance.number()),
                name: chance.string(),
                region: chance.string(),
                zone: chance.string(),
                health: health,
                clientAddress: chance.string()
            )
        }
        let response = TopologyResponse(
            nodes: nodes,
            roundTrips: [RoundTrip(from: 1, to: 2, microseconds: chance.number())],
            answeredBy: 3
        )
        try expectSurvives(response, seed: seed)
        #expect(try TopologyRequest.decode(TopologyRequest().encode()) == TopologyRequest())
    }

    @Test func administrationSurvivesAbuse() throws {
        let seed = Chance.printedSeed()
        var chance = Chance(seed: seed)
        let member = ClusterMember(
            id: UInt64(chance.number()),
            name: chance.string(),
            region: chance.string(),
            zone: chance.string(),
            peerAddress: chance.string(),
            clientAddress: chance.string(),
            priority: 7
        )
        let actions: [ClusterAction] = [
            .add(member), .promote(2), .remove(.max), .replace(1, with: 4), .transfer(to: nil),
            .transfer(to: 3),
        ]
        for action in actions {
            try expectSurvives(AdministerRequest(action), seed: seed, rounds: 100)
        }
        for leader in [nil, UInt64(2)] {
            let response = AdministerResponse(revision: chance.revision(), leader: leader)
            try expectSurvives(response, seed: seed)
        }
    }

    @Test func aChangeThatIsNotKnownIsRefused() {
        #expect(throws: WireError.self) {
            try AdministerRequest.decode(ProtobufBytes.message { $0.number(99, 1) })
        }
    }

    @Test func digestsSurviveAbuse() throws {
        let seed = Chance.printedSeed()
        var chance = Chance(seed: seed)
        for request in [StateHashRequest.hold, .digest(at: chance.revision())] {
            try expectSurvives(request, seed: seed)
        }
        let response = StateHashResponse(revision: chance.revision(), hash: .max - 1, node: 3)
        try expectSurvives(response, seed: seed)
    }

    @Test func tenancySurvivesAbuse() throws {
        let seed = Chance.printedSeed()
        var chance = Chance(seed: seed)
        let response = TenancyResponse(
            revision: chance.revision(),
            organizations: [chance.organization()],
            environments: [chance.tenantEnvironment()],
            plans: [chance.tenantPlan()],
            companies: [chance.company(), chance.company()],
            members: [chance.member()],
            tokens: [chance.token(), chance.token()],
            hasMoreCompanies: true
        )
        try expectSurvives(response, seed: seed)
        let request = TenancyRequest(
            organization: chance.string(),
            companiesAfter: chance.string(),
            wantsCompanies: chance.flip()
        )
        try expectSurvives(request, seed: seed)
        #expect(try WhoAmIRequest.decode(WhoAmIRequest().encode()) == WhoAmIRequest())
        for role in Role.allCases {
            let authority = Authority(
                role: role,
                organization: chance.string(),
                environment: chance.string()
            )
            try expectSurvives(
                WhoAmIResponse(actor: chance.string(), authority: authority),
                seed: seed
            )
        }
    }

    @Test func aRoleThatIsNotKnownYetIsUnknown() throws {
        let node = ProtobufBytes.message { node in
            node.number(1, 7)
            node.number(5, 99)
            node.number(9, 99)
        }
        let response = try StatusResponse.decode(ProtobufBytes.message { $0.bytes(1, node) })
        #expect(response.nodes.map(\.role) == [.unknown])
        #expect(response.nodes.map(\.health) == [.unknown])
    }
}
