import PeerProtocol
import Raft
import Testing
import Wire
import WireTestKit

@Suite struct LogCommandTests {
    private func command(
        _ chance: inout Chance,
        request: ClosedRange<Int> = 0...60
    ) -> LogCommand {
        LogCommand(
            origin: chance.node(),
            incarnation: chance.counter(0...UInt64.max),
            proposal: chance.counter(0...UInt64.max),
            time: Int64.random(in: .min ... .max, using: &chance),
            actor: chance.string(),
            organization: chance.string(),
            environment: chance.string(),
            role: ["super_admin", "organization_admin", "viewer", "of a newer version"]
                .randomElement(using: &chance) ?? "",
            token: chance.string(),
            request: chance.bytes(request)
        )
    }

    @Test func commandsSurviveAbuse() throws {
        let seed = Chance.printedSeed()
        var chance = Chance(seed: seed)
        for _ in 0..<30 {
            try expectSurvives(self.command(&chance), seed: seed)
        }
    }

    @Test func aLargeRequestIsCarriedWhole() throws {
        let seed = Chance.printedSeed()
        var chance = Chance(seed: seed)
        let command = self.command(&chance, request: 900_000...900_000)
        #expect(try LogCommand.decode(command.encode()) == command)
    }

    @Test func aCommandKnowsItsProposal() {
        var chance = Chance(seed: 1)
        let command = self.command(&chance)
        #expect(command.proposalID.origin == command.origin)
        #expect(command.proposalID.incarnation == command.incarnation)
        #expect(command.proposalID.number == command.proposal)
    }

    @Test func commandsWithoutAnOriginOrWithBadNamesAreRefused() {
        #expect(refusal(LogCommand.self, []) == .outOfRange)
        let notUTF8 = ProtobufBytes.message { command in
            command.number(1, 1)
            command.bytes(5, [0xFF])
        }
        #expect(refusal(LogCommand.self, notUTF8) == .notUTF8)
        let long = ProtobufBytes.message { command in
            command.number(1, 1)
            let count = PeerProtocolLimits.nameBytesMax + 1
            command.bytes(6, [UInt8](repeating: 0x61, count: count))
        }
        #expect(refusal(LogCommand.self, long) == .tooLarge)
    }
}
