import ClientProtocol
import FlagStore
import Flags
import PeerProtocol
import Raft
import Replica
import Testing
import Wire

extension TestCluster {
    // MARK: Calls

    func call() -> CallID {
        self.nextCall += 1
        return CallID(self.nextCall)
    }

    func result(_ call: CallID) -> Reply.Result? {
        for id in self.ids {
            if let result = self.nodes[id]?.replies[call] { return result }
        }
        return nil
    }

    func administer(_ id: UInt64, _ change: AdministrationChange) -> CallID {
        let call = self.call()
        self.input(id) { $0.administer(call, change, now: self.now) }
        return call
    }

    /// Asks for a change and waits for its end.
    func change(_ id: UInt64, _ change: AdministrationChange) -> Reply.Result? {
        let call = self.administer(id, change)
        self.run(30_000) { self.result(call) != nil }
        return self.result(call)
    }

    func read(_ id: UInt64) -> CallID {
        let call = self.call()
        self.input(id) { $0.read(call, now: self.now) }
        return call
    }

    @discardableResult
    func write(_ id: UInt64, _ request: WriteRequest, ahead: Int64 = 0) -> CallID {
        let call = self.call()
        let incarnation = self.replica(id).configuration.incarnation
        let command = LogCommand(
            origin: NodeID(id),
            incarnation: incarnation,
            proposal: call.rawValue,
            time: self.wallTime.milliseconds + ahead,
            actor: "operator/test",
            organization: "",
            request: request.encode()
        )
        let submission = Submission(
            call: call,
            payload: command.encode(),
            isRepeatable: request.session != .zero
        )
        self.input(id) { $0.submit(submission, now: self.now) }
        return call
    }

    /// Opens a session and returns it.
    func session(_ id: UInt64) -> Revision {
        let call = self.write(id, WriteRequest(command: .openSession))
        self.run(5_000) { self.result(call) != nil }
        guard case .judged(.done(let revision))? = self.result(call) else {
            Issue.record("no session: \(String(describing: self.result(call)))")
            return .zero
        }
        return revision
    }

    /// Writes so many times.
    func fill(_ id: UInt64, _ count: Int) {
        for number in 0..<count {
            let name = "Acme \(number)"
            let organization = Organization(id: "acme", name: name)
            self.write(id, WriteRequest(command: .putOrganization(organization)))
            if number % 32 == 31 { self.run(20) }
        }
        self.run(500)
    }
}

extension Reply.Result {
    /// The status of a failure.
    var status: Status? {
        if case .failed(let status) = self { status } else { nil }
    }

    /// The reason of a failure.
    var reason: String? { self.status?.detail?.reason }

    var isAdministered: Bool {
        if case .administered = self { true } else { false }
    }
}
