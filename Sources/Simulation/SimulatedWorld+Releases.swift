internal import ClientProtocol
internal import FlagStore
internal import Flags
internal import Raft
internal import Replica

/// People who release: what they ask for is judged by the state machine, and nobody minds what is
/// refused or lost.
extension SimulatedWorld {
    static let segmentKeys = ["beta", "staff"]
    static let releasedKeys = [FlagKey("released-0"), FlagKey("released-1")]
    static let datedKeys = [FlagKey("dated-0"), FlagKey("dated-1")]

    func releasersAct() {
        guard !self.isHealed else { return }
        self.plan(.releasersAct, after: self.draw(self.parameters.releaseInterval))
        guard self.isPrepared, let index = self.chooseNode() else { return }
        let command = self.releaseCommand(at: self.nodes[index])
        self.nextCall += 1
        self.note("somebody asks node \(index + 1) for \(command)")
        let request = WriteRequest(command: command)
        self.ask(index, self.write(request, call: self.nextCall, index))
    }

    private func releaseCommand(at node: SimulatedNode) -> Command {
        let place = Self.environment
        let now = node.wallTime(at: self.now).milliseconds
        let key = Self.releasedKeys[Int(self.draw(0...1))]
        let segment = Self.segmentKeys[Int(self.draw(0...1))]
        switch self.draw(0...15) {
        case 0, 1:
            return .createFlag(place, Self.definition(Self.releasedKeys[Int(self.draw(0...1))]))
        case 2:
            return .createFlag(place, Self.definition(Self.datedKeys[Int(self.draw(0...1))]))
        case 3, 4:
            let dated = Self.datedKeys[Int(self.draw(0...1))]
            var patch = FlagPatch()
            let start = now + Int64(self.draw(1...1_500))
            let end = start + Int64(self.draw(1...1_500))
            patch.start = .at(Timestamp(milliseconds: start))
            patch.end = .at(Timestamp(milliseconds: end))
            return .updateFlag(place, dated, patch)
        case 5, 6, 7:
            return .startRelease(place, key, self.releasePlan())
        case 8:
            let actions: [ReleaseAction] = [.pause, .resume, .skip, .abort]
            let action = actions[Int(self.draw(0...3))]
            return .controlRelease(place, key, action, step: UInt32(self.draw(0...2)))
        case 9:
            return .emergencyRollback(place, key)
        case 10:
            // Back into service: each of the two is legal in one of its states.
            var patch = FlagPatch()
            let isDraft = self.happens(permille: 500)
            patch.status = isDraft ? .draft : .active
            if !isDraft { patch.enabled = true }
            return .updateFlag(place, key, patch)
        case 11:
            let users = (0..<self.draw(1...3)).map { _ in "u\(self.draw(0...20))" }
            let included = Set(users).sorted()
            return .putSegment(place, SegmentDefinition(key: segment, included: included))
        case 12:
            return .removeSegment(place, key: segment)
        case 13:
            var patch = FlagPatch()
            let clause = Clause(attribute: "", .segment, [.string(segment)])
            patch.rules = [Rule(id: "r", clauses: [clause], serve: .variation("on"))]
            return .updateFlag(place, key, patch)
        case 14:
            let user = "u\(self.draw(0...5))"
            let override = Override(level: .user, subject: user, variation: "on")
            return self.happens(permille: 300)
                ? .removeOverride(place, key, .user, subject: user)
                : .setOverride(place, key, override)
        default:
            return self.happens(permille: 500)
                ? .recordUsage(self.usageBatch(of: key, node, now)) : self.tokenCommand()
        }
    }

    private func releasePlan() -> ReleasePlan {
        let holds = (0..<self.draw(1...3)).map { _ in Int64(self.draw(0...600)) }
        let steps = holds.enumerated().map { offset, hold in
            ReleaseStep(
                rollout: RolloutPercentage(thousandths: UInt32(offset + 1) * 20_000),
                holdMilliseconds: hold,
                evaluationsMin: self.happens(permille: 200) ? 10 : 0
            )
        }
        return ReleasePlan(steps: steps)
    }

    private func usageBatch(of key: FlagKey, _ node: SimulatedNode, _ now: Int64) -> UsageBatch {
        var counts = UsageCounts()
        counts.evaluations = self.draw(1...20)
        var batch = UsageBatch(node: node.id.rawValue)
        batch.rows = [
            UsageRow(
                environment: Self.environment,
                flag: key,
                variation: "on",
                dimension: .total,
                value: "",
                start: Timestamp(milliseconds: now / 60_000 * 60_000),
                counts: counts
            )
        ]
        return batch
    }

    private func tokenCommand() -> Command {
        let organization = Self.environment.organization
        let id = "t\(self.draw(0...3))"
        guard self.happens(permille: 600) else { return .revokeToken(organization, id) }
        let digit = "\(self.draw(0...9))"
        return .createToken(
            AccessToken(
                id: id,
                organization: organization,
                role: .developer,
                sha256: String(repeating: digit, count: 64)
            )
        )
    }

    private static func definition(_ key: FlagKey) -> FlagDefinition {
        FlagDefinition(key: key, enabled: true, status: .active)
    }

    /// Whether leaders have done all that they could by the replicated clock.
    var areDutiesDone: Bool {
        self.core.allSatisfy { index in
            guard let store = self.nodes[index].replica?.storeInPlace(),
                self.nodes[index].seen.role == .leader
            else { return true }
            return store.due(now: store.time, limit: 1).isEmpty
        }
    }
}
