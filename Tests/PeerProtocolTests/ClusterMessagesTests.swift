import PeerProtocol
import Raft
import Testing
import Wire
import WireTestKit

extension Chance {
    mutating func member(_ id: UInt64? = nil) -> Member {
        Member(
            id: id.map { NodeID($0) } ?? self.node(),
            name: self.string(),
            region: self.string(),
            zone: self.string(),
            peerAddress: self.string(),
            clientAddress: self.string(),
            priority: UInt32.random(in: 0 ... .max, using: &self),
            diskID: self.counter(0...UInt64.max)
        )
    }

    mutating func change() -> AdministrationChange {
        switch Int.random(in: 0..<5, using: &self) {
        case 0: .add(self.member())
        case 1: .promote(self.node())
        case 2: .remove(self.node())
        case 3: .transfer(to: self.node())
        default: .replace(old: self.node(), new: self.node())
        }
    }

    mutating func outcome() -> AdministrationAnswer.Outcome {
        switch Int.random(in: 0..<4, using: &self) {
        case 0: .done(LogIndex(self.counter()))
        case 1: .again(leader: nil)
        case 2: .again(leader: self.node())
        default: .refused(code: .notFound, reason: self.string(), message: self.string())
        }
    }

    mutating func snapshotName() -> SnapshotName {
        SnapshotName(
            position: LogPosition(
                term: Term(UInt64.random(in: 1...9, using: &self)),
                index: LogIndex(UInt64.random(in: 1...1_000_000, using: &self))
            ),
            checksum: self.counter(0...UInt64.max)
        )
    }

    mutating func offer() -> SnapshotOffer {
        let name = self.snapshotName()
        return SnapshotOffer(
            descriptor: SnapshotDescriptor(
                name: name,
                size: UInt64.random(in: 1...PeerProtocolLimits.snapshotBytesMax, using: &self),
                membership: Membership(
                    index: name.position.index,
                    configuration: Configuration(voters: [NodeID(1), NodeID(2)]),
                    context: self.bytes(0...50)
                )
            ),
            term: Term(UInt64.random(in: 9...20, using: &self))
        )
    }

    /// A batch of everything that is about the cluster itself.
    mutating func clusterBatch() -> PeerBatch {
        var batch = PeerBatch()
        batch.diskID = self.counter(0...UInt64.max)
        batch.introduction = self.member()
        batch.refusal = PeerRefusal(
            node: self.node(),
            diskID: self.counter(0...UInt64.max),
            reason: Bool.random(using: &self) ? .retired : .otherDisk
        )
        batch.administration = (0..<3).map { _ in
            AdministrationRequest(
                incarnation: self.counter(0...UInt64.max),
                id: self.counter(0...UInt64.max),
                term: Term(self.counter()),
                change: self.change()
            )
        }
        batch.administrationAnswers = (0..<3).map { _ in
            AdministrationAnswer(
                incarnation: self.counter(0...UInt64.max),
                id: self.counter(0...UInt64.max),
                outcome: self.outcome()
            )
        }
        batch.snapshotOffer = self.offer()
        batch.snapshotChunk = SnapshotChunk(
            name: self.snapshotName(),
            offset: UInt64.random(in: 0...PeerProtocolLimits.snapshotBytesMax, using: &self),
            checksum: self.counter(0...UInt64.max),
            bytes: self.bytes(1...60)
        )
        batch.snapshotStatus = SnapshotStatus(
            name: self.snapshotName(),
            offset: UInt64.random(in: 0...PeerProtocolLimits.snapshotBytesMax, using: &self),
            state: [.receiving, .complete, .refused].randomElement(using: &self) ?? .complete
        )
        return batch
    }
}

@Suite struct ClusterMessagesTests {
    @Test func messagesAboutTheClusterSurviveAbuse() throws {
        let seed = Chance.printedSeed()
        var chance = Chance(seed: seed)
        for _ in 0..<3 {
            try expectSurvives(chance.clusterBatch(), seed: seed, rounds: 500)
        }
    }

    @Test func everyMessageAboutTheClusterSurvivesARoundTrip() throws {
        let seed = Chance.printedSeed()
        var chance = Chance(seed: seed)
        for _ in 0..<200 {
            let batch = chance.clusterBatch()
            #expect(try PeerBatch.decode(batch.encode()) == batch, "seed \(seed)")
        }
    }

    @Test func theIdentityOfADiskAloneIsNothingToSend() throws {
        var batch = PeerBatch()
        batch.diskID = 7
        #expect(batch.isEmpty)
        #expect(try PeerBatch.decode(batch.encode()).diskID == 7)
    }

    @Test func theLargestPartOfASnapshotFitsAndALargerOneIsRefused() throws {
        var batch = PeerBatch()
        let name = SnapshotName(
            position: LogPosition(term: Term(1), index: LogIndex(1)),
            checksum: 2
        )
        let bytes = [UInt8](repeating: 7, count: PeerProtocolLimits.chunkBytesMax)
        batch.snapshotChunk = SnapshotChunk(name: name, offset: 0, checksum: 1, bytes: bytes)
        #expect(try PeerBatch.decode(batch.encode()) == batch)
        batch.snapshotChunk?.bytes.append(7)
        #expect(refusal(PeerBatch.self, batch.encode()) == .outOfRange)
        batch.snapshotChunk?.bytes = []
        #expect(refusal(PeerBatch.self, batch.encode()) == .outOfRange)
        batch.snapshotChunk = nil
        batch.snapshotStatus = SnapshotStatus(
            name: name,
            offset: PeerProtocolLimits.snapshotBytesMax + 1,
            state: .receiving
        )
        #expect(refusal(PeerBatch.self, batch.encode()) == .outOfRange)
    }

    @Test func offersThatNoLeaderMakesAreRefused() {
        var chance = Chance(seed: 5)
        let good = chance.offer()
        func code(_ change: (inout SnapshotOffer) -> Void) -> WireError.Code? {
            var batch = PeerBatch()
            var offer = good
            change(&offer)
            batch.snapshotOffer = offer
            return refusal(PeerBatch.self, batch.encode())
        }
        #expect(code { _ in } == nil)
        #expect(code { $0.descriptor.size = 0 } == .outOfRange)
        #expect(
            code { $0.descriptor.size = PeerProtocolLimits.snapshotBytesMax + 1 } == .outOfRange
        )
        #expect(code { $0.descriptor.name.position.index = .zero } == .outOfRange)
        #expect(code { $0.descriptor.name.position.term = .zero } == .outOfRange)
        #expect(code { $0.term = .zero } == .outOfRange)
        #expect(
            code { $0.descriptor.membership.index = $0.descriptor.name.position.index.next }
                == .outOfRange
        )
    }

    @Test func aRefusalForAReasonOfALaterVersionIsNoRefusal() throws {
        let later = ProtobufBytes.message { refusal in
            refusal.number(1, 3)
            refusal.number(3, 99)
        }
        let bytes = ProtobufBytes.message { $0.bytes(11, later) }
        #expect(try PeerBatch.decode(bytes).refusal == nil)
    }

    @Test func incompleteAdministrationIsRefused() {
        func code(_ field: UInt64, _ message: [UInt8]) -> WireError.Code? {
            refusal(PeerBatch.self, ProtobufBytes.message { $0.bytes(field, message) })
        }
        #expect(code(12, []) == .missing)
        #expect(code(13, []) == .missing)
        let noNode = ProtobufBytes.message { $0.bytes(5, []) }
        #expect(code(12, noNode) == .outOfRange)
        let badStatus = ProtobufBytes.message { answer in
            answer.bytes(4, ProtobufBytes.message { $0.number(1, 17) })
        }
        #expect(code(13, badStatus) != nil)
        #expect(code(16, []) != nil)
        #expect(code(10, []) == .outOfRange)
    }
}

@Suite struct DirectoryTests {
    @Test func directoriesSurviveAbuse() throws {
        let seed = Chance.printedSeed()
        var chance = Chance(seed: seed)
        let directory = Directory(
            members: (1...5).map { chance.member($0 * 3) },
            retired: [NodeID(4), NodeID(7), NodeID(100)]
        )
        try expectSurvives(directory, seed: seed, rounds: 1_000)
    }

    @Test func theLargestDirectoryFitsIntoAConfiguration() throws {
        let name = String(repeating: "n", count: PeerProtocolLimits.memberNameBytesMax)
        let address = String(repeating: "a", count: PeerProtocolLimits.addressBytesMax)
        let members = (1...UInt64(PeerProtocolLimits.membersMax)).map { id in
            Member(
                id: NodeID(.max - id),
                name: name,
                region: name,
                zone: name,
                peerAddress: address,
                clientAddress: address,
                priority: .max,
                diskID: .max
            )
        }
        let retired = (1...UInt64(PeerProtocolLimits.retiredMax)).map { NodeID(.max / 2 + $0) }
        let directory = Directory(members: members, retired: retired)
        let bytes = directory.encode()
        #expect(bytes.count <= RaftLimits.membershipContextBytesMax)
        #expect(try Directory.decode(bytes) == directory)
        #expect(directory.isRetired(NodeID(.max / 2 + 5_000)))
        #expect(!directory.isRetired(NodeID(5)))
    }

    @Test func aDirectoryIsOrderedHoweverItIsFilled() {
        var chance = Chance(seed: 3)
        var directory = Directory()
        for id: UInt64 in [5, 1, 3, 5] { directory.put(chance.member(id)) }
        #expect(directory.members.map(\.id.rawValue) == [1, 3, 5])
        for id: UInt64 in [3, 9, 3, 2] { directory.retire(NodeID(id)) }
        #expect(directory.members.map(\.id.rawValue) == [1, 5])
        #expect(directory.retired.map(\.rawValue) == [2, 3, 9])
        #expect(directory[NodeID(3)] == nil)
    }

    @Test func aDirectoryThatNobodyWritesIsRefused() {
        func member(_ id: UInt64) -> [UInt8] { ProtobufBytes.message { $0.number(1, id) } }
        func code(_ fill: (inout ProtobufBytes) -> Void) -> WireError.Code? {
            refusal(Directory.self, ProtobufBytes.message(fill))
        }
        #expect(code { _ in } == nil)
        #expect(
            code { directory in
                directory.bytes(1, member(2))
                directory.bytes(1, member(1))
            } == .outOfRange
        )
        #expect(
            code { directory in
                directory.bytes(1, member(1))
                directory.bytes(1, member(1))
            } == .outOfRange
        )
        #expect(code { $0.bytes(1, member(0)) } == .outOfRange)
        #expect(code { $0.number(2, 0) } == .outOfRange)
        #expect(
            code { directory in
                directory.bytes(1, member(1))
                directory.number(2, 1)
            } == .outOfRange
        )
        let long = ProtobufBytes.message { member in
            member.number(1, 1)
            let count = PeerProtocolLimits.memberNameBytesMax + 1
            member.bytes(2, [UInt8](repeating: 0x61, count: count))
        }
        #expect(code { $0.bytes(1, long) } == .tooLarge)
    }
}
