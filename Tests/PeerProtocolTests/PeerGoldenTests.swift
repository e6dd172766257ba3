import PeerProtocol
import Raft
import Testing
import Wire

/// These bytes are the protocol and the log: nodes of other versions send them, disks hold them.
@Suite struct PeerGoldenTests {
    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }

    private func hex(_ body: Message.Body) -> String {
        var batch = PeerBatch()
        batch.raft = [Message(from: NodeID(1), to: NodeID(2), term: Term(3), body: body)]
        return self.hex(batch.encode())
    }

    private let position = LogPosition(term: Term(2), index: LogIndex(10))

    @Test func theBytesOfRaftMessagesAreFixed() {
        let vote = Message.VoteRequest(lastLog: self.position, isTransfer: true)
        #expect(self.hex(.preVoteRequest(vote)) == "0a1008011002180322080a040802100a1001")
        #expect(self.hex(.preVoteResponse(granted: true)) == "0a0a0801100218032a020801")
        #expect(self.hex(.voteRequest(vote)) == "0a1008011002180332080a040802100a1001")
        #expect(self.hex(.voteResponse(granted: false)) == "0a080801100218033a00")
        let entries = [
            Entry(term: Term(2), index: LogIndex(11), kind: .noOp, payload: []),
            Entry(term: Term(3), index: LogIndex(12), kind: .command, payload: [7, 8]),
            Entry(term: Term(3), index: LogIndex(13), kind: .configuration, payload: [9]),
        ]
        let append = Message.AppendRequest(
            previous: self.position,
            commit: LogIndex(9),
            entries: entries
        )
        #expect(
            self.hex(.appendRequest(append))
                == "0a2f08011002180342270a040802100a10091a060802100b18011a0a0803100c1802220207081a09"
                + "0803100d1803220109"
        )
        #expect(
            self.hex(.appendResponse(.accepted(match: LogIndex(13))))
                == "0a0c0801100218034a040a02080d"
        )
        let rejected = Message.AppendResponse.rejected(
            previous: LogIndex(12),
            hint: self.position
        )
        #expect(self.hex(.appendResponse(rejected)) == "0a120801100218034a0a1208080c12040802100a")
        #expect(
            self.hex(.heartbeat(.init(commit: LogIndex(9), round: 5)))
                == "0a0c080110021803520408091005"
        )
        #expect(self.hex(.heartbeatResponse(.init(round: 5))) == "0a0a0801100218035a020805")
        #expect(self.hex(.timeoutNow) == "0a080801100218036200")
        #expect(self.hex(.readIndexRequest(id: ReadID(5))) == "0a0a0801100218036a020805")
        #expect(
            self.hex(.readIndexResponse(id: ReadID(5), index: LogIndex(9)))
                == "0a0c080110021803720408051009"
        )
        #expect(
            self.hex(.readIndexResponse(id: ReadID(5), index: nil)) == "0a0a08011002180372020805"
        )
    }

    @Test func theBytesOfEverythingElseInABatchAreFixed() {
        let proposal = ProposalID(origin: NodeID(1), incarnation: 2, number: 3)
        var batch = PeerBatch()
        batch.forwards = [Forward(proposal: proposal, payload: [7])]
        batch.refusals = [ForwardRefusal(proposal: proposal, leader: NodeID(4), overloaded: true)]
        batch.evaluations = [RoutedRequest(id: 5, timeoutMilliseconds: 6, body: [8])]
        batch.answers = [RoutedAnswer(id: 5, code: .notFound, message: "m", body: [9])]
        batch.probe = 1
        batch.echo = 2
        #expect(
            self.hex(batch.encode())
                == "12120a0d080111020000000000000018031201071a130a0d08011102000000000000001803100418"
                + "012207080510061a01082a0a080510051a016d22010932090901000000000000003a090902000000"
                + "00000000"
        )
    }

    @Test func theBytesOfVitalsAreFixed() {
        var batch = PeerBatch()
        batch.vitals = Vitals(
            role: .learner,
            term: Term(1),
            leader: NodeID(2),
            commit: LogIndex(3),
            applied: LogIndex(4)
        )
        #expect(self.hex(batch.encode()) == "420a08051001180220032804")
    }

    @Test func theBytesOfADirectoryAreFixed() {
        let directory = Directory(members: [self.member], retired: [NodeID(2), NodeID(300)])
        #expect(
            self.hex(directory.encode())
                == "0a1c08011201611a01622201632a01643201653807410900000000000000120302ac02"
        )
    }

    private var member: Member {
        Member(
            id: NodeID(1),
            name: "a",
            region: "b",
            zone: "c",
            peerAddress: "d",
            clientAddress: "e",
            priority: 7,
            diskID: 9
        )
    }

    @Test func theBytesOfAdministrationAreFixed() {
        var batch = PeerBatch()
        batch.diskID = 1
        batch.refusal = PeerRefusal(node: NodeID(2), diskID: 3, reason: .otherDisk)
        batch.administration = [
            AdministrationRequest(
                incarnation: 4,
                id: 5,
                term: Term(6),
                change: .replace(old: NodeID(7), new: NodeID(8))
            )
        ]
        batch.administrationAnswers = [
            AdministrationAnswer(incarnation: 4, id: 5, outcome: .done(LogIndex(9)))
        ]
        #expect(
            self.hex(batch.encode())
                == "4901000000000000005a0d080211030000000000000018026213090400000000000000100518064204"
                + "080710086a0f09040000000000000010051a020809"
        )
    }

    @Test func theBytesOfSnapshotsAreFixed() {
        let name = SnapshotName(position: self.position, checksum: 1)
        var batch = PeerBatch()
        batch.snapshotOffer = SnapshotOffer(
            descriptor: SnapshotDescriptor(
                name: name,
                size: 2,
                membership: Membership(
                    index: LogIndex(3),
                    configuration: Configuration(voters: [NodeID(1)])
                )
            ),
            term: Term(4)
        )
        batch.snapshotChunk = SnapshotChunk(name: name, offset: 5, checksum: 6, bytes: [7])
        batch.snapshotStatus = SnapshotStatus(name: name, offset: 8, state: .complete)
        #expect(
            self.hex(batch.encode())
                == "722f0a0f0a040802100a1101000000000000001004180220032a160100010000000000000001000000"
                + "00000000000000007a1f0a0f0a040802100a11010000000000000010051906000000000000002201078201"
                + "150a0f0a040802100a11010000000000000010081802"
        )
    }

    @Test func theBytesOfALogCommandAreFixed() {
        var command = LogCommand(
            origin: NodeID(1),
            incarnation: 2,
            proposal: 3,
            time: 1_700_000_000_000,
            actor: "ana",
            organization: "acme",
            environment: "production",
            role: "developer",
            request: [1, 2]
        )
        #expect(
            self.hex(command.encode())
                == self.former + "4209" + "646576656c6f706572" + "4a0a" + "70726f64756374696f6e"
        )
        command.token = "ci"
        #expect(
            self.hex(command.encode())
                == self.former + "4209" + "646576656c6f706572" + "4a0a" + "70726f64756374696f6e"
                + "5202" + "6369"
        )
    }

    /// A command as it was before there were roles.
    private let former = "080111020000000000000018032080d095ffbc312a03616e61320461636d653a020102"

    @Test func aCommandWithoutARoleMayDoWhatItCouldBefore() throws {
        var command = LogCommand(
            origin: NodeID(1),
            incarnation: 2,
            proposal: 3,
            time: 1_700_000_000_000,
            actor: "ana",
            organization: "acme",
            role: "organization_admin",
            request: [1, 2]
        )
        #expect(self.hex(command.encode()) == self.former)
        #expect(try LogCommand.decode(command.encode()) == command)
        command.organization = ""
        command.role = "super_admin"
        #expect(!command.encode().contains(0x42))
        #expect(try LogCommand.decode(command.encode()) == command)
    }
}
