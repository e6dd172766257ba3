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
    /// Those of the commands that a cluster can judge without having made those before.
    let judgedAlone: [Command]
    /// The names of what must be there before, as ``fullName`` has them.
    let needs: [String]

    init(
        _ action: Action,
        _ difference: Difference,
        of organization: String,
        in environment: EnvironmentID? = nil,
        basis: Revision,
        _ commands: [Command],
        judgedAlone: [Command]? = nil,
        needs: [String]
    ) {
        self.action = action
        self.difference = difference
        self.organization = organization
        self.environment = environment
        self.basis = basis
        self.commands = commands
        self.judgedAlone = judgedAlone ?? Array(commands.prefix(1))
        self.needs = needs
    }

    /// Its name among all things, such as `flag acme/production/new_search`.
    var fullName: String {
        let (kind, subject) = (self.difference.kind, self.difference.subject)
        if let environment { return "\(kind) \(environment)/\(subject)" }
        let isPlace = kind == "organization" || kind == "environment"
        return isPlace ? "\(kind) \(subject)" : "\(kind) \(self.organization)/\(subject)"
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
        var mutation = Mutation(
            self.action.rawValue,
            kind,
            subject,
            of: self.organization,
            command
        )
        if case .putEnvironment(let environment) = command {
            mutation.recordedName = environment.id.environment
        }
        return mutation
    }
}
