import BanderaClient
import ClientProtocol
import Flags
import Testing

/// What a comparison of nodes comes to.
@Suite struct ClusterVerificationTests {
    @Test func equalDigestsOfAllNodesAreIntact() {
        let verification = Self.verification([7, 7, 7])
        #expect(verification.isIntact)
        #expect(verification.common == 7)
    }

    @Test func theNodeThatDiffersFromMostIsNamed() {
        let verification = Self.verification([7, 9, 7])
        #expect(!verification.isIntact)
        #expect(verification.differing.map(\.node.id) == [2])
        #expect(verification.missing.isEmpty)
    }

    @Test func withoutAMajorityNobodyIsTakenForRight() {
        let verification = Self.verification([7, 9])
        #expect(verification.common == nil)
        #expect(verification.differing.map(\.node.id) == [1, 2])
    }

    @Test func aNodeThatDoesNotAnswerSpoilsIt() {
        let verification = Self.verification([7, nil, 7])
        #expect(!verification.isIntact)
        #expect(verification.differing.isEmpty)
        #expect(verification.missing.map(\.node.id) == [2])
    }

    @Test func noNodesAtAllAreNotIntact() {
        #expect(!Self.verification([]).isIntact)
    }

    private static func verification(_ hashes: [UInt64?]) -> ClusterVerification {
        let rows = hashes.enumerated().map { index, hash in
            ClusterVerification.Row(
                node: NodeStatus(
                    id: UInt64(index + 1),
                    name: "",
                    region: "",
                    zone: "",
                    role: .follower,
                    term: 1,
                    commit: 1,
                    applied: 1,
                    health: .healthy,
                    clientAddress: "",
                    peerAddress: "",
                    lastHeardMilliseconds: 0
                ),
                hash: hash,
                failure: hash == nil ? BanderaError(.unavailable, "gone") : nil
            )
        }
        return ClusterVerification(revision: Revision(5), rows: rows)
    }
}
