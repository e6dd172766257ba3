internal import PeerProtocol
internal import Raft
internal import RaftStorage
internal import Simulation
internal import Wire

/// The inputs that are kept, a folder for each target.
package enum Corpus {
    /// Tries every input of a folder with its target; says how many there were of each.
    ///
    /// - Parameter before: is told the input before it is tried: a trap says no more.
    package static func replay(
        _ folder: String,
        before: (String) -> Void = { _ in }
    ) -> [(target: String, inputs: Int)] {
        FuzzTarget.all.map { target in
            let inputs = names(in: "\(folder)/\(target.name)")
            for name in inputs {
                guard let bytes = readFile("\(folder)/\(target.name)/\(name)") else {
                    preconditionFailure("\(target.name)/\(name) cannot be read")
                }
                before("\(target.name)/\(name)")
                target.run(bytes)
            }
            return (target.name, inputs.count)
        }
    }

    /// Inputs to begin with, where chance does not find the format.
    static func samples() throws -> [(target: String, bytes: [UInt8])] {
        var samples = [("snapshot", try SnapshotFuzz.sample())]
        for entries in [UInt64(1), 40] {
            let bytes = try Self.log(entries)
            for repair: UInt8 in [0, 1] {
                samples.append(("log", [bytes.cut + repair] + bytes.log))
            }
        }
        samples.append(("membership", [1] + Self.membership.encode()))
        for body in Self.messages {
            var batch = PeerBatch()
            batch.raft = [Message(from: NodeID(2), to: NodeID(1), term: Term(1), body: body)]
            let bytes = batch.encode()
            samples.append(("peer-batch", bytes))
            samples.append(("replica", [3, 100, 0, UInt8(bytes.count)] + bytes + [3, 10]))
        }
        samples += MessageSamples.requests.map { ("client-request", $0) }
        samples += MessageSamples.responses.map { ("client-response", $0) }
        samples += MessageSamples.watches.map { ("watch-event", $0) }
        samples += MessageSamples.commands.map { ("log-command", $0) }
        return samples
    }

    private static func log(_ entries: UInt64) throws(StorageError) -> (cut: UInt8, log: [UInt8]) {
        let log = try LogBytes.segments { (log) throws(StorageError) in
            for index in 1...entries {
                let entry = Entry(
                    term: Term(1),
                    index: LogIndex(index),
                    kind: .command,
                    payload: Array(repeating: UInt8(index), count: 20)
                )
                try log.append(hardState: HardState(term: Term(1)), entries: [entry])
            }
        }
        return (UInt8(2 * (log.segments.count - 1)), log.segments.flatMap { $0 })
    }

    private static let membership = Membership(
        index: LogIndex(2),
        configuration: Configuration(voters: [NodeID(1), NodeID(2)], learners: [NodeID(3)]),
        context: []
    )

    private static var messages: [Message.Body] {
        let vote = Message.VoteRequest(lastLog: .zero, isTransfer: false)
        let entries = [
            Entry(term: Term(1), index: LogIndex(1), kind: .noOp, payload: []),
            Entry(
                term: Term(1),
                index: LogIndex(2),
                kind: .configuration,
                payload: Self.membership.encode()
            ),
        ]
        return [
            .preVoteRequest(vote), .voteRequest(vote), .voteResponse(granted: true),
            .preVoteResponse(granted: true), .timeoutNow, .readIndexRequest(id: ReadID(1)),
            .heartbeat(Message.Heartbeat(commit: .zero, round: 1)),
            .heartbeatResponse(Message.HeartbeatResponse(round: 1)),
            .appendResponse(.accepted(match: LogIndex(1))),
            .appendRequest(
                Message.AppendRequest(previous: .zero, commit: LogIndex(1), entries: entries)
            ),
        ]
    }
}
