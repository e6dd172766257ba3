internal import ClientProtocol
internal import Flags
internal import PeerProtocol
internal import Raft
internal import Replica

/// What a client's process asks a node for.
enum ClientRequest {
    case write(Submission)
    /// What is answered contains everything that was acknowledged before.
    case read(CallID)
    /// What is answered contains at least this revision.
    case readAtLeast(CallID, Revision)
    case administer(CallID, AdministrationChange)
    /// Nobody waits for the answer any more.
    case abandon(CallID)
}

/// One operation of a client, from its beginning until its outcome is known.
struct ClientOperation {
    enum Kind: Hashable {
        case openSession
        case write(value: UInt64)
        case read
        case readAtLeast(Revision)
    }

    let kind: Kind
    let key: FlagKey
    /// Position in the history.
    let recordedAt: Int?
    let isAfterHealing: Bool
    /// What was acknowledged when the present try began: no answer may be older.
    var floor = Revision.zero
}

/// A client that makes one operation at a time.
///
/// A write within a session is repeated under the same sequence until it is known what became of
/// it; one without a session is made once, and may remain unknown.
struct SimulatedClient {
    let number: Int
    let usesSession: Bool
    var session = Revision.zero
    var sequence: UInt64 = 1
    /// Makes every written value different from all others.
    var written: UInt64 = 0
    var operation: ClientOperation?
    /// Distinguishes the tries, so that a late answer to an abandoned one is recognised.
    var attempt = 0
    /// The node and call of the try in progress.
    var asked: (node: Int, call: CallID)?
    var writesAfterHealing = 0
    var readsAfterHealing = 0
    /// The greatest revision that it was told of.
    var lastSeen = Revision.zero

    init(number: Int) {
        self.number = number
        self.usesSession = Self.usesSession(number)
    }

    /// Whether a client's copies are recognised: those of every fourth one are not.
    static func usesSession(_ number: Int) -> Bool { number % 4 != 3 }

    /// The flag that nobody else writes to.
    var ownKey: FlagKey { FlagKey("own-\(self.number)") }

    /// Whether it has made enough operations in the healed cluster.
    var isDone: Bool {
        self.operation == nil && self.writesAfterHealing >= 2 && self.readsAfterHealing >= 1
    }

    /// A value that was never written before.
    mutating func nextValue() -> UInt64 {
        self.written += 1
        return UInt64(self.number + 1) << 32 | self.written
    }

    /// The request that the operation in progress makes, the same one at every try.
    func request(in environment: EnvironmentID) -> WriteRequest? {
        switch self.operation?.kind {
        case .openSession:
            return WriteRequest(command: .openSession)
        case .write(let value):
            guard let key = self.operation?.key else { return nil }
            var patch = FlagPatch()
            patch.variations = Self.variations(value)
            let command = Command.updateFlag(environment, key, patch)
            guard self.usesSession else { return WriteRequest(command: command) }
            return WriteRequest(session: self.session, sequence: self.sequence, command: command)
        case .read, .readAtLeast, nil:
            return nil
        }
    }

    /// What a flag with this value looks like.
    static func variations(_ value: UInt64) -> [Variation] {
        [
            Variation(name: "value", value: .number(Double(value))),
            Variation(name: "off", value: .number(-1)),
        ]
    }
}

extension Flag {
    /// The value that a simulated client wrote; zero is the first one.
    var simulatedValue: UInt64 {
        guard case .number(let number) = self.variations.first?.value, number >= 0 else {
            return 0
        }
        return UInt64(number)
    }
}
