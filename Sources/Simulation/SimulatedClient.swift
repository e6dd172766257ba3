internal import ClientProtocol
internal import Flags
internal import PeerProtocol
internal import Raft
internal import Replica

/// A client that counts up in a flag of its own, one write at a time, repeating a write under the
/// same sequence until it knows what became of it.
struct SimulatedClient {
    let number: Int
    let environment = SimulatedWorld.environment
    var session = Revision.zero
    var sequence: UInt64 = 0
    /// The value of the write in progress; acknowledged are all before it.
    var counter = 0
    /// Distinguishes the tries, so that a late answer to an abandoned one is recognised.
    var attempt = 0
    /// The node and call of the try in progress.
    var asked: (node: Int, call: CallID)?
    var isDone = false

    init(number: Int) { self.number = number }

    var key: FlagKey { FlagKey("counter-\(self.number)") }

    /// The next request, the same one again until it was acknowledged.
    var request: WriteRequest {
        guard self.session != .zero else { return WriteRequest(command: .openSession) }
        return WriteRequest(
            session: self.session,
            sequence: self.sequence,
            command: self.command
        )
    }

    private var command: Command {
        let variations = [
            Variation(name: "value", value: .number(Double(self.counter))),
            Variation(name: "off", value: .number(-1)),
        ]
        guard self.counter > 0 else {
            return .createFlag(
                self.environment,
                FlagDefinition(
                    key: self.key,
                    enabled: true,
                    status: .active,
                    rollout: .all,
                    variations: variations
                )
            )
        }
        var patch = FlagPatch()
        patch.variations = variations
        return .updateFlag(self.environment, self.key, patch)
    }

    /// The write was acknowledged with this revision.
    mutating func acknowledged(_ revision: Revision, writes: Int) {
        self.asked = nil
        if self.session == .zero {
            self.session = revision
            self.sequence = 1
            return
        }
        self.sequence += 1
        self.counter += 1
        self.isDone = self.counter == writes
    }
}
