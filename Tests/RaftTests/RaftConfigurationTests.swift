import Raft
import Testing

@Suite("Configuration")
struct RaftConfigurationTests {
    private func configuration() -> RaftConfiguration {
        RaftConfiguration(id: NodeID(1), voters: [NodeID(1), NodeID(2), NodeID(3)], seed: 1)
    }

    @Test("The defaults are valid")
    func defaults() throws {
        #expect(try self.configuration().validated() == self.configuration())
    }

    @Test("A node that waits to be added names nobody")
    func joining() throws {
        var configuration = self.configuration()
        configuration.voters = []
        #expect(try configuration.validated().voters.isEmpty)
    }

    @Test("What contradicts itself is refused, with what to write instead")
    func refusals() {
        let mistakes: [(inout RaftConfiguration) -> Void] = [
            { ($0.voters, $0.learners) = ([], [NodeID(1)]) },
            { $0.voters = [NodeID(2)] },
            { $0.voters = [NodeID(1), NodeID(1)] },
            { $0.learners = [NodeID(2)] },
            { $0.voters = [NodeID(0), NodeID(1)] },
            { $0.voters = (1...65).map { NodeID($0) } },
            { $0.heartbeatInterval = 0 },
            { $0.electionTimeoutMin = 31 },
            { $0.electionTimeoutMax = 150 },
            { $0.electionTimeoutMax = .max },
            { $0.heartbeatInterval = .max },
            { $0.fastPreVoteDelayMax = 1_000 },
            { $0.storageStallMax = 10 },
            { $0.inflightMessagesMax = 0 },
            { $0.appendBytesMax = 0 },
            { $0.cachedBytesMax = -1 },
            { $0.leaseDuration = 151 },
            { $0.clockDriftPermille = 1_000 },
            { $0.electionDelay = .max },
            { ($0.id, $0.voters) = (NodeID(0), []) },
            { $0.bootstrapContext = Array(repeating: 0, count: (256 << 10) + 1) },
        ]
        for (number, mistake) in mistakes.enumerated() {
            var configuration = self.configuration()
            mistake(&configuration)
            #expect(throws: RaftError.self, "mistake \(number)") {
                try configuration.validated()
            }
        }
    }
}
