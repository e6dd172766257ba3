import ClientProtocol
import Flags
import Testing
import Wire
import WireTestKit

@Suite struct ReleaseRefusalTests {
    /// A write whose command is written by hand.
    private func write(
        _ command: UInt64,
        _ content: (inout ProtobufBytes) -> Void
    ) -> WireError.Code? {
        let bytes = ProtobufBytes.message(content)
        return refusal(WriteRequest.self, ProtobufBytes.message { $0.bytes(command, bytes) })
    }

    /// The name of a flag.
    private let flag = ProtobufBytes.message { $0.bytes(1, []) }

    @Test func levelsOfOverridesThatAreNotKnownAreRefused() {
        for (level, code) in [(UInt64(5), nil), (0, WireError.Code.outOfRange), (6, .outOfRange)] {
            let override = ProtobufBytes.message { $0.number(1, level) }
            let set = self.write(19) {
                $0.bytes(1, self.flag)
                $0.bytes(2, override)
            }
            #expect(set == code, "\(level)")
            let remove = self.write(20) {
                $0.bytes(1, self.flag)
                $0.number(2, level)
            }
            #expect(remove == code, "\(level)")
        }
    }

    @Test func rolesThatAreNotKnownAreRefused() {
        for (role, code) in [(UInt64(7), nil), (0, WireError.Code.outOfRange), (8, .outOfRange)] {
            #expect(self.write(14) { $0.number(3, role) } == code, "member \(role)")
            #expect(self.write(16) { $0.number(4, role) } == code, "token \(role)")
            let authority = ProtobufBytes.message { $0.number(1, role) }
            let answer = ProtobufBytes.message { $0.bytes(2, authority) }
            #expect(refusal(WhoAmIResponse.self, answer) == code, "authority \(role)")
        }
        #expect(refusal(WhoAmIResponse.self, []) == .missing)
    }

    @Test func whatIsDoneToReleasesMustBeKnown() {
        for (number, code) in [(UInt64(0), WireError.Code.outOfRange), (6, .outOfRange)] {
            let control = self.write(25) {
                $0.bytes(1, self.flag)
                $0.number(2, number)
            }
            #expect(control == code)
            let schedule = self.write(27) {
                $0.bytes(1, self.flag)
                $0.number(2, number)
            }
            #expect(schedule == code)
            let release = ProtobufBytes.message {
                $0.bytes(2, self.flag)
                $0.bytes(3, [])
                $0.number(4, number)
            }
            let releases = ProtobufBytes.message { $0.bytes(2, release) }
            #expect(refusal(ReleasesResponse.self, releases) == code)
            let alert = ProtobufBytes.message {
                $0.bytes(2, self.flag)
                $0.number(3, number)
            }
            let alerts = ProtobufBytes.message { $0.bytes(2, alert) }
            #expect(refusal(AlertsResponse.self, alerts) == code)
        }
    }

    @Test func aStepRollsOutToAHundredPercentAtMost() {
        for (rollout, code) in [(UInt64(100_000), nil), (100_001, WireError.Code.outOfRange)] {
            let step = ProtobufBytes.message { $0.number(1, rollout) }
            let plan = ProtobufBytes.message { $0.bytes(1, step) }
            let start = self.write(24) {
                $0.bytes(1, self.flag)
                $0.bytes(2, plan)
            }
            #expect(start == code)
        }
    }

    @Test func whatMustBeThereIsMissed() {
        for command: UInt64 in [18, 19, 20, 21, 22, 23, 24, 25, 27, 28] {
            #expect(self.write(command) { _ in } == .missing, "\(command)")
        }
        // A rule that serves nothing, a change of nothing.
        let rule = ProtobufBytes.message { $0.bytes(1, [0x72]) }
        let rules = ProtobufBytes.message { $0.bytes(1, rule) }
        let patch = ProtobufBytes.message { $0.bytes(21, rules) }
        let update = self.write(9) {
            $0.bytes(1, [])
            $0.bytes(3, patch)
        }
        #expect(update == .missing)
        let change = ProtobufBytes.message {
            $0.number(1, 1)
            $0.bytes(2, [])
        }
        let changes = ProtobufBytes.message {
            $0.number(1, 1)
            $0.bytes(2, change)
        }
        let event = ProtobufBytes.message { $0.bytes(2, changes) }
        #expect(refusal(WatchEvent.self, event) == .missing)
    }

    @Test func aClauseWithAnOperatorThatNobodyKnowsIsKept() throws {
        let clause = ProtobufBytes.message { $0.bytes(2, Array("smells_like".utf8)) }
        let rule = ProtobufBytes.message {
            $0.bytes(3, clause)
            $0.bytes(4, [0x76])
        }
        let rules = ProtobufBytes.message { $0.bytes(1, rule) }
        let patch = ProtobufBytes.message { $0.bytes(21, rules) }
        let update = ProtobufBytes.message {
            $0.bytes(1, [])
            $0.bytes(3, patch)
        }
        let request = try WriteRequest.decode(ProtobufBytes.message { $0.bytes(9, update) })
        guard case .updateFlag(_, _, let read) = request.command else {
            Issue.record("\(request.command)")
            return
        }
        let comparison = read.rules?.first?.clauses.first?.comparison
        #expect(comparison == ClauseOperator("smells_like"))
    }

    @Test func numbersOfMetricsAreFinite() {
        for field: UInt64 in [3, 4, 5, 6] {
            var metrics: [UInt8] = [UInt8(field << 3 | 1)]
            for shift in stride(from: UInt64(0), to: 64, by: 8) {
                metrics.append(UInt8(truncatingIfNeeded: Double.nan.bitPattern >> shift))
            }
            let bytes = ProtobufBytes.message { $0.bytes(2, metrics) }
            #expect(refusal(MetricsResponse.self, bytes) == .outOfRange, "\(field)")
        }
    }

    @Test func countsThatLieAreRefused() {
        let definition = ProtobufBytes.message { $0.bytes(5, claiming: 1 << 40, [0x61]) }
        let segment = self.write(21) {
            $0.bytes(1, [])
            $0.bytes(2, definition)
        }
        #expect(segment == .malformed)
        let rows = ProtobufBytes.message { $0.bytes(6, claiming: 1 << 30, [1, 2]) }
        let group = ProtobufBytes.message { $0.bytes(3, rows) }
        let usage = self.write(29) { $0.bytes(2, group) }
        #expect(usage == .malformed)
    }
}

@Suite struct ReleaseSizeTests {
    private let environment = EnvironmentID(organization: "o", environment: "e")

    /// A request of a client fits a frame, and comes back.
    private func expectFits(_ command: Command) throws {
        let request = WriteRequest(command: command)
        let bytes = request.encode()
        #expect(bytes.count < WireLimits.client.frameBytesMax, "\(bytes.count) bytes")
        #expect(try WriteRequest.decode(bytes) == request)
    }

    private func keys(_ count: Int) -> [String] {
        (0..<count).map { "user-\($0)" }
    }

    @Test func aSegmentMayIncludeAsManyAsAreAllowed() throws {
        let half = FlagsLimits.segmentEntriesMax / 2
        let definition = SegmentDefinition(
            key: "s",
            included: self.keys(half),
            excluded: self.keys(half)
        )
        try self.expectFits(.putSegment(self.environment, definition))
        // Short ones are the ones that take much memory for their bytes.
        let short = SegmentDefinition(key: "s", included: Array(repeating: "", count: half))
        try self.expectFits(.putSegment(self.environment, short))
    }

    @Test func aFlagMayHaveAsMuchTargetingAsIsAllowed() throws {
        let rules = (0..<FlagsLimits.rulesPerFlagMax).map { index in
            Rule(
                id: "\(index)",
                clauses: [
                    Clause(attribute: "plan", .isIn, [.string("a"), .number(1), .bool(true)]),
                    Clause(attribute: "", .exists),
                ],
                serve: .variation("on")
            )
        }
        let overrides = self.keys(FlagsLimits.overridesPerFlagMax).map {
            Override(level: .user, subject: $0, variation: "on")
        }
        let definition = FlagDefinition(
            key: FlagKey("f"),
            targeting: Targeting(
                overrides: overrides,
                targets: [
                    Target(variation: "on", values: self.keys(FlagsLimits.valuesPerTargetMax))
                ],
                rules: rules
            )
        )
        try self.expectFits(.createFlag(self.environment, definition))
        let values = self.keys(FlagsLimits.valuesPerClauseMax).map { Value.string($0) }
        var patch = FlagPatch()
        patch.rules = [
            Rule(
                id: "r",
                clauses: [Clause(attribute: "a", .isIn, values)],
                serve: .variation("on")
            )
        ]
        try self.expectFits(.updateFlag(self.environment, FlagKey("f"), patch))
    }

    @Test func tooMuchOfAnythingIsRefused() {
        let key = FlagKey("f")
        let many = Array(repeating: "", count: 1 << 16)
        var patches: [FlagPatch] = (0..<6).map { _ in FlagPatch() }
        patches[0].tags = many
        patches[1].prerequisites = many.map { _ in Prerequisite(flag: key, variations: []) }
        patches[2].targets = [Target(variation: "", values: many)]
        patches[3].rules = many.map { Rule(id: $0, clauses: [], serve: .variation("")) }
        patches[4].weights = many.map { WeightedVariation(variation: $0, weight: 0) }
        let clauses = many.map { Clause(attribute: $0, .exists) }
        patches[5].rules = [Rule(id: "", clauses: clauses, serve: .variation(""))]
        let overrides = many.map { Override(level: .user, subject: $0, variation: "") }
        var commands = patches.map { Command.updateFlag(self.environment, key, $0) }
        commands += [
            .createFlag(
                self.environment,
                FlagDefinition(key: key, targeting: Targeting(overrides: overrides))
            ),
            .putSegment(self.environment, SegmentDefinition(key: "s", included: many)),
            .putSegment(self.environment, SegmentDefinition(key: "s", rules: many.map { _ in [] })),
            .startRelease(
                self.environment,
                key,
                ReleasePlan(steps: many.map { _ in ReleaseStep(approvals: 1) })
            ),
        ]
        for (index, command) in commands.enumerated() {
            let bytes = WriteRequest(command: command).encode()
            #expect(refusal(WriteRequest.self, bytes) == .tooLarge, "\(index)")
        }
    }

    @Test func aNameInAListMayNotBeLong() {
        let long = String(repeating: "a", count: ClientProtocolLimits.identifierBytesMax + 1)
        let definition = SegmentDefinition(key: "s", included: ["a", long])
        let bytes = WriteRequest(command: .putSegment(self.environment, definition)).encode()
        #expect(refusal(WriteRequest.self, bytes) == .tooLarge)
        let command = Command.putMember(TeamMember(organization: "o", name: "m", role: .viewer))
        let reason = String(repeating: "a", count: ClientProtocolLimits.textBytesMax + 1)
        let request = WriteRequest(command: command, reason: reason)
        #expect(refusal(WriteRequest.self, request.encode()) == .tooLarge)
    }

    /// What a dry run answers: an object in an object, and so on.
    private func response(levels: Int) -> WriteResponse {
        var value = Value.null
        for _ in 1..<levels { value = .object([Value.Field(name: "a", value: value)]) }
        let preview = WritePreview(kind: "flag", subject: "f", before: .null, after: value)
        return WriteResponse(revision: Revision(1), previews: [preview])
    }

    @Test func documentsMayNestDeeperThanTheValuesInThem() throws {
        let deepest = self.response(levels: ClientProtocolLimits.documentDepthMax)
        #expect(try WriteResponse.decode(deepest.encode()) == deepest)
        let tooDeep = self.response(levels: ClientProtocolLimits.documentDepthMax + 1)
        #expect(refusal(WriteResponse.self, tooDeep.encode()) == .tooDeep)
        // A flag's document: its deepest value is in a clause of a rule.
        let valueLevels = ClientProtocolLimits.valueDepthMax
        #expect(valueLevels + 7 <= ClientProtocolLimits.documentDepthMax)
    }
}
