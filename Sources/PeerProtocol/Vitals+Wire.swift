internal import CMessages
internal import Raft
internal import Wire

extension Vitals {
    /// Sets the fields of the C form.
    func build(in arena: Arena) -> UnsafeMutablePointer<Bandera__Peer__V1__Vitals> {
        arena.message(bandera__peer__v1__vitals__init) { message in
            message.role = self.role.number
            message.term = self.term.rawValue
            message.leader = self.leader?.rawValue ?? 0
            message.commit = self.commit.rawValue
            message.applied = self.applied.rawValue
        }
    }

    /// Reads the C form.
    init(_ message: Bandera__Peer__V1__Vitals) throws(WireError) {
        guard let role = Role(number: message.role) else {
            throw WireError(code: .outOfRange, message: "the role \(message.role) is not known")
        }
        self.init(
            role: role,
            term: try Term(received: message.term),
            leader: message.leader == 0 ? nil : NodeID(message.leader),
            commit: try LogIndex(received: message.commit),
            applied: try LogIndex(received: message.applied)
        )
    }
}

extension Role {
    fileprivate var number: UInt32 {
        switch self {
        case .follower: 1
        case .preCandidate: 2
        case .candidate: 3
        case .leader: 4
        case .learner: 5
        }
    }

    fileprivate init?(number: UInt32) {
        switch number {
        case 1: self = .follower
        case 2: self = .preCandidate
        case 3: self = .candidate
        case 4: self = .leader
        case 5: self = .learner
        default: return nil
        }
    }
}
