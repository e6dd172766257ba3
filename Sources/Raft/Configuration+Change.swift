/// What a membership change makes of a configuration: etcd's `confchange`, without its progress.
extension Configuration {
    /// The configuration after a change, or why there is none.
    package func applying(
        _ change: MembershipChange
    ) throws(MembershipRefusal) -> Configuration {
        switch change.transition {
        case .leave:
            return try self.leavingJoint()
        case .simple:
            guard !self.isJoint else { throw .joint }
            let draft = try Draft(self, outgoing: [], steps: change.steps)
            guard self.changedVoters(draft) <= 1 else { throw .severalVoters }
            return draft.configuration(autoLeave: false)
        case .joint(let autoLeave):
            return try self.enteringJoint(change.steps, autoLeave: autoLeave)
        case .automatic:
            guard !self.isJoint else { throw .joint }
            let draft = try Draft(self, outgoing: [], steps: change.steps)
            guard self.changedVoters(draft) > 1 else {
                return draft.configuration(autoLeave: false)
            }
            return try self.enteringJoint(change.steps, autoLeave: true)
        }
    }

    private func enteringJoint(
        _ steps: [MembershipChange.Step],
        autoLeave: Bool
    ) throws(MembershipRefusal) -> Configuration {
        guard !self.isJoint else { throw .joint }
        let voters = self.quorum.incoming.voters
        guard !voters.isEmpty else { throw .noVoters }
        return try Draft(self, outgoing: voters, steps: steps).configuration(autoLeave: autoLeave)
    }

    private func leavingJoint() throws(MembershipRefusal) -> Configuration {
        guard self.isJoint else { throw .notJoint }
        return Configuration(
            voters: self.quorum.incoming.voters,
            learners: self.learners + self.learnersNext
        )
    }

    /// How many voters the draft adds and removes.
    private func changedVoters(_ draft: Draft) -> Int {
        let voters = self.quorum.incoming.voters
        return voters.count { !draft.incoming.contains($0) }
            + draft.incoming.count { !voters.contains($0) }
    }

    /// A configuration while steps are taken on it.
    private struct Draft {
        var incoming: [NodeID]
        let outgoing: [NodeID]
        var learners: [NodeID]
        var learnersNext: [NodeID] = []

        init(
            _ configuration: Configuration,
            outgoing: [NodeID],
            steps: [MembershipChange.Step]
        ) throws(MembershipRefusal) {
            self.incoming = configuration.quorum.incoming.voters
            self.outgoing = outgoing
            self.learners = configuration.learners
            for step in steps { self.take(step) }
            guard !self.incoming.isEmpty else { throw .noVoters }
            let leaving = outgoing.count { !self.incoming.contains($0) }
            let count = self.incoming.count + leaving + self.learners.count
            guard count <= RaftLimits.membersMax else { throw .tooManyMembers }
        }

        private mutating func take(_ step: MembershipChange.Step) {
            switch step {
            case .addVoter(let node):
                // Identity 0 names nobody, here and in the next.
                guard node.rawValue > 0, !self.incoming.contains(node) else { return }
                self.remove(node)
                self.incoming.append(node)
            case .addLearner(let node):
                guard node.rawValue > 0, !self.learners.contains(node) else { return }
                self.remove(node)
                // It votes in the outgoing half until that is left.
                if self.outgoing.contains(node) {
                    self.learnersNext.append(node)
                } else {
                    self.learners.append(node)
                }
            case .remove(let node):
                self.remove(node)
            case .update:
                break
            }
        }

        private mutating func remove(_ node: NodeID) {
            self.incoming.removeAll { $0 == node }
            self.learners.removeAll { $0 == node }
            self.learnersNext.removeAll { $0 == node }
        }

        func configuration(autoLeave: Bool) -> Configuration {
            Configuration(
                quorum: JointQuorum(
                    incoming: MajorityQuorum(self.incoming),
                    outgoing: MajorityQuorum(self.outgoing)
                ),
                learners: self.learners,
                learnersNext: self.learnersNext,
                autoLeave: autoLeave
            )
        }
    }
}
