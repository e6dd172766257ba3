import PeerProtocol
import Raft
import Testing
import Wire
import WireTestKit

@Suite struct PeerBatchTests {
    @Test func batchesSurviveAbuse() throws {
        let seed = Chance.printedSeed()
        var chance = Chance(seed: seed)
        for _ in 0..<3 {
            try expectSurvives(chance.batch(), seed: seed, rounds: 500)
        }
    }

    @Test func everyMessageSurvivesARoundTrip() throws {
        let seed = Chance.printedSeed()
        var chance = Chance(seed: seed)
        let arena = Arena()
        for _ in 0..<100 {
            for message in chance.messages() {
                var batch = PeerBatch()
                batch.raft = [message]
                let decoded = try PeerBatch.decode(batch.encode(using: arena), using: arena)
                #expect(decoded == batch, "seed \(seed)")
            }
        }
    }

    @Test func aLargeBatchSurvivesARoundTrip() throws {
        let seed = Chance.printedSeed()
        var chance = Chance(seed: seed)
        var batch = PeerBatch()
        batch.raft = [chance.append(count: 4000, payload: 200...300)]
        batch.forwards = (0..<2000).map { _ in
            Forward(proposal: chance.proposal(), payload: chance.bytes(0...20))
        }
        #expect(try PeerBatch.decode(batch.encode()) == batch, "seed \(seed)")
    }

    @Test func anEmptyBatchIsNoBytes() throws {
        #expect(PeerBatch().isEmpty)
        #expect(PeerBatch().encode().isEmpty)
        #expect(try PeerBatch.decode([UInt8]()).isEmpty)
        var probe = PeerBatch()
        probe.probe = 0
        #expect(!probe.isEmpty)
        #expect(try PeerBatch.decode(probe.encode()).probe == 0)
    }
}

@Suite struct RaftMessageTests {
    /// A batch of one message: from 1, to 2, of term 3, with a body written by hand.
    private func batch(
        from: UInt64 = 1,
        term: UInt64 = 3,
        _ body: (inout ProtobufBytes) -> Void
    ) -> [UInt8] {
        let message = ProtobufBytes.message { message in
            message.number(1, from)
            message.number(2, 2)
            message.number(3, term)
            body(&message)
        }
        return ProtobufBytes.message { $0.bytes(1, message) }
    }

    /// An append after 2/10, with entries written by hand.
    private func append(_ entries: [[UInt8]], previousIndex: UInt64 = 10) -> [UInt8] {
        self.batch { message in
            let position = ProtobufBytes.message { position in
                position.number(1, 2)
                position.number(2, previousIndex)
            }
            let append = ProtobufBytes.message { append in
                append.bytes(1, position)
                for entry in entries {
                    append.bytes(3, entry)
                }
            }
            message.bytes(8, append)
        }
    }

    private func entry(
        term: UInt64 = 3,
        index: UInt64,
        kind: UInt64 = 2,
        payload: [UInt8] = []
    ) -> [UInt8] {
        ProtobufBytes.message { entry in
            entry.number(1, term)
            entry.number(2, index)
            entry.number(3, kind)
            entry.bytes(4, payload)
        }
    }

    private func refused(_ bytes: [UInt8]) -> WireError.Code? { refusal(PeerBatch.self, bytes) }

    @Test func contiguousEntriesAreTaken() {
        let entries = [self.entry(term: 2, index: 11), self.entry(index: 12, payload: [1])]
        #expect(self.refused(self.append(entries)) == nil)
    }

    @Test func entriesThatDoNotFollowEachOtherAreRefused() {
        for indices: [UInt64] in [[0], [10], [12], [11, 11], [11, 13], [12, 11]] {
            let entries = indices.map { self.entry(index: $0) }
            #expect(self.refused(self.append(entries)) == .outOfRange, "\(indices)")
        }
    }

    @Test func entriesWhoseTermsFallOrExceedTheLeadersAreRefused() {
        for terms: [UInt64] in [[0], [1], [3, 2], [4]] {
            let entries = terms.enumerated().map { offset, term in
                self.entry(term: term, index: UInt64(11 + offset))
            }
            #expect(self.refused(self.append(entries)) == .outOfRange, "\(terms)")
        }
    }

    @Test func unknownEntryKindsAreRefused() {
        for kind: UInt64 in [0, 4, 1 << 31, .max] {
            let entries = [self.entry(index: 11, kind: kind)]
            #expect(self.refused(self.append(entries)) == .outOfRange, "\(kind)")
        }
        let noOp = [self.entry(index: 11, kind: 1, payload: [1])]
        #expect(self.refused(self.append(noOp)) == .outOfRange)
    }

    @Test func anOversizedEntryIsRefused() {
        let payload = [UInt8](repeating: 0, count: PeerProtocolLimits.payloadBytesMax + 1)
        #expect(self.refused(self.append([self.entry(index: 11, payload: payload)])) == .tooLarge)
    }

    @Test func numbersThatCouldOverflowAreRefused() {
        let entries = [self.entry(index: 0)]
        #expect(self.refused(self.append(entries, previousIndex: .max)) == .outOfRange)
        #expect(self.refused(self.batch(term: .max) { $0.bytes(12, []) }) == .outOfRange)
        let heartbeat = ProtobufBytes.message { $0.number(2, .max) }
        #expect(self.refused(self.batch { $0.bytes(10, heartbeat) }) == .outOfRange)
    }

    @Test func incompleteMessagesAreRefused() {
        #expect(self.refused(self.batch { _ in }) == .missing)
        #expect(self.refused(self.batch { $0.bytes(99, []) }) == .missing)
        #expect(self.refused(self.batch { $0.bytes(6, []) }) == .missing)
        #expect(self.refused(self.batch { $0.bytes(8, []) }) == .missing)
        #expect(self.refused(self.batch { $0.bytes(9, []) }) == .missing)
        #expect(self.refused(self.batch(from: 0) { $0.bytes(12, []) }) == .outOfRange)
        #expect(self.refused(self.batch { $0.bytes(12, []) }) == nil)
    }

    @Test func vitalsOfAnUnknownRoleAreRefused() {
        for role: UInt64 in [0, 6, .max] {
            let vitals = ProtobufBytes.message { $0.number(1, role) }
            #expect(self.refused(ProtobufBytes.message { $0.bytes(8, vitals) }) == .outOfRange)
        }
    }

    @Test func aFloodOfMessagesIsRefused() {
        var bytes: [UInt8] = []
        for _ in 0...PeerProtocolLimits.messagesMax {
            bytes += self.batch { $0.bytes(12, []) }
        }
        #expect(self.refused(bytes) == .tooLarge)
        let empty = [UInt8](repeating: 0x0A, count: 100_000).enumerated().map { index, byte in
            index % 2 == 0 ? byte : 0
        }
        #expect(self.refused(empty) == .tooLarge)
    }
}
