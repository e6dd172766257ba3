internal import Flags

/// One object that is made what a file says, by one or more writes in order.
struct ApplyStep: Sendable {
    enum Action: String, Sendable {
        case create
        case update
        case archive
        case remove
    }

    let action: Action
    /// What it is and how it differs.
    let difference: Difference
    /// Whose it is.
    let organization: String
    /// Where it lives; `nil` for what belongs to no environment.
    let environment: EnvironmentID?
    /// The revision that the difference was seen at; zero for what is not there yet.
    let basis: Revision
    let commands: [Command]

    init(
        _ action: Action,
        _ difference: Difference,
        of organization: String,
        in environment: EnvironmentID? = nil,
        basis: Revision,
        _ commands: [Command]
    ) {
        self.action = action
        self.difference = difference
        self.organization = organization
        self.environment = environment
        self.basis = basis
        self.commands = commands
    }

    /// What it does, as in `cannot update flag new_search`.
    var name: String {
        Texts.doing(self.action.rawValue, "\(self.difference.kind) \(self.difference.subject)")
    }

    /// The step's writes as changes of one object.
    func mutation(_ command: Command) -> Mutation {
        let (kind, subject) = (self.difference.kind, self.difference.subject)
        if let environment {
            return Mutation(self.action.rawValue, kind, subject, in: environment, command)
        }
        return Mutation(self.action.rawValue, kind, subject, of: self.organization, command)
    }
}
