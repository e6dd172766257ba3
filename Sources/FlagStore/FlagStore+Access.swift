internal import Flags
internal import HashTreeCollections

extension FlagStore {
    /// Refuses what the caller may not do at all, or not with what the command names: the words are
    /// the same whether anything of that name exists or not.
    ///
    /// Of what is there already, such as a flag that is no draft, the command itself may ask for
    /// more.
    ///
    /// The node that took the command may not have known yet that the token was revoked, or that
    /// its member has another role now.
    func authorize(_ command: Command, _ stamp: CommandStamp) throws(Refusal) {
        let authority = try self.authority(of: stamp)
        // By far the most common: whoever may release may change all of a flag.
        if case .updateFlag(let environment, _, _) = command,
            authority.permits(.release, in: environment)
        {
            return
        }
        let organization = command.organization
        guard
            authority.permits(
                command.leastAction,
                organization: organization,
                environment: self.environment(of: command)
            )
        else { throw authority.refusal(command.leastAction) }
        switch command {
        case .putOrganization(let new):
            let old = self.tenants[organization]?.organization
            try authority.demand(new.accessAction(replacing: old), in: organization)
        case .putMember(let member):
            try authority.demandGrant(of: member.role, in: organization)
        case .createToken(let token):
            try authority.demandGrant(of: token.role, in: organization)
        case .createFlag(let environment, let definition):
            guard !definition.targeting.overrides.isEmpty else { return }
            for action in definition.accessActions() {
                try authority.demand(action, in: environment)
            }
        default:
            return
        }
    }
}

extension FlagStore {
    /// The environment whose object a command touches: where an alert is only the state knows.
    private func environment(of command: Command) -> String {
        guard case .acknowledgeAlert(let organization, let id) = command else {
            return command.environment
        }
        return self.tenants[organization]?.alerts[id]?.environment.environment ?? ""
    }

    /// What who asked may do now.
    private func authority(of stamp: CommandStamp) throws(Refusal) -> Authority {
        guard let id = stamp.token else { return stamp.authority }
        guard let token = self.tokens[stamp.authority.organization, id],
            let authority = self.authority(of: token, now: self.time)
        else {
            throw Refusal(
                code: .permissionDenied,
                message: "the token \(id) was revoked, has expired, or is of a member that has gone"
            )
        }
        return authority
    }
}

extension Authority {
    func demand(_ action: AccessAction, in environment: EnvironmentID) throws(Refusal) {
        guard self.permits(action, in: environment) else { throw self.refusal(action) }
    }

    fileprivate func demand(_ action: AccessAction, in organization: String) throws(Refusal) {
        guard self.permits(action, organization: organization) else { throw self.refusal(action) }
    }

    /// Nobody makes anybody more than they are themselves.
    fileprivate func demandGrant(of role: Role, in organization: String) throws(Refusal) {
        guard !self.permits(granting: role, organization: organization) else { return }
        throw Refusal(
            code: .permissionDenied,
            message: "the role \(self.role.rawValue) may not make anybody \(role.rawValue)"
        )
    }

    fileprivate func refusal(_ action: AccessAction) -> Refusal {
        Refusal(code: .permissionDenied, message: self.refusal(of: action))
    }
}
