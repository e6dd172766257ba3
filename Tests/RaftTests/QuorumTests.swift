import FoundationEssentials
import Raft
import Testing

@Suite("Quorums")
struct QuorumTests {
    private static func ids(_ raw: UInt64...) -> [NodeID] { raw.map { NodeID($0) } }

    @Test("A majority is floor(n/2)+1 of the voters (Raft paper §5.2, item 19)")
    func size() {
        let sizes = (1...7).map { MajorityQuorum((1...$0).map { NodeID(UInt64($0)) }).size }
        #expect(sizes == [1, 2, 2, 3, 3, 4, 4])
    }

    @Test("A joint quorum needs both majorities (dissertation §4.3, item 19)")
    func joint() {
        let quorum = JointQuorum(
            incoming: MajorityQuorum(Self.ids(1, 2, 3)),
            outgoing: MajorityQuorum(Self.ids(3, 4, 5))
        )
        let one = Self.ids(1, 2, 3)
        #expect(quorum.result { one.contains($0) ? true : nil } == .pending)
        #expect(quorum.result { one.contains($0) || $0 == NodeID(4) ? true : nil } == .won)
        #expect(quorum.result { one.contains($0) ? true : false } == .lost)
    }

    @Test("Joining a quorum with itself or with nobody changes nothing")
    func jointIsNeutral() {
        var random = TestRandom(seed: 7)
        for _ in 0..<500 {
            let count = UInt64(random.below(5) + 1)
            let voters = (1...count).map { NodeID($0) }
            let values = voters.map { _ in LogIndex(UInt64(random.below(6))) }
            let plain = MajorityQuorum(voters)
            let value: (NodeID) -> LogIndex = { values[Int($0.rawValue) - 1] }
            let expected = values.sorted()[voters.count - plain.size]
            #expect(plain.reached(value) == expected)
            #expect(JointQuorum(incoming: plain).reached(value) == expected)
            #expect(JointQuorum(incoming: plain, outgoing: plain).reached(value) == expected)
        }
    }

    @Test(
        "The 127 published cases give the published answers",
        .enabled(
            if: SuiteFolder.path != nil,
            "needs the suites: set BANDERA_SUITES, or put them at ../shared/suites"
        )
    )
    func published() throws {
        var count = 0
        for name in ["majority_commit", "majority_vote", "joint_commit", "joint_vote"] {
            let text = try SuiteFolder.read("quorum/\(name).txt")
            for published in PublishedQuorumCase.parse(text) {
                #expect(published.answer() == published.expected, "\(name): \(published.line)")
                count += 1
            }
        }
        #expect(count == 127)
    }
}

/// One directive of etcd's data-driven quorum tests.
struct PublishedQuorumCase {
    let line: String
    let expected: String

    static func parse(_ text: String) -> [PublishedQuorumCase] {
        var cases: [PublishedQuorumCase] = []
        var directive: String?
        var answer: [Substring]?
        let lines: [Substring] = text.split(separator: "\n", omittingEmptySubsequences: false)
        for line in lines + [Substring()] {
            if let current = directive, let published = answer {
                if line.isEmpty {
                    cases.append(Self(line: current, expected: String(published.last ?? "")))
                    directive = nil
                    answer = nil
                } else {
                    answer = published + [line]
                }
            } else if line == "----" {
                answer = []
            } else if line.hasPrefix("committed") || line.hasPrefix("vote") {
                directive = String(line)
            }
        }
        return cases
    }

    func answer() -> String {
        let incoming = self.list("cfg").compactMap { UInt64($0) }.map { NodeID($0) }
        let outgoing = self.list("cfgj").compactMap { UInt64($0) }.map { NodeID($0) }
        let isJoint = self.line.contains("cfgj=")
        let isVote = self.line.hasPrefix("vote")
        var ids: [NodeID] = []
        for id in incoming + outgoing where !ids.contains(id) { ids.append(id) }
        let values = self.list(isVote ? "votes" : "idx")
        let valueOf: (NodeID) -> String = { id in
            guard let at = ids.firstIndex(of: id), at < values.count else { return "_" }
            return values[at]
        }
        let new = MajorityQuorum(incoming)
        let both = JointQuorum(incoming: new, outgoing: MajorityQuorum(outgoing))
        if isVote {
            let vote: (NodeID) -> Bool? = { valueOf($0) == "_" ? nil : valueOf($0) == "y" }
            switch isJoint ? both.result(vote) : new.result(vote) {
            case .won: return "VoteWon"
            case .lost: return "VoteLost"
            case .pending: return "VotePending"
            }
        }
        let index: (NodeID) -> LogIndex = { LogIndex(UInt64(valueOf($0)) ?? 0) }
        guard let reached = isJoint ? both.reached(index) : new.reached(index) else {
            return isJoint ? "∞" : "<empty majority quorum>∞"
        }
        return "\(reached.rawValue)"
    }

    private func list(_ name: String) -> [String] {
        guard let start = self.line.firstRange(of: " \(name)=(") else { return [] }
        return self.line[start.upperBound...].prefix { $0 != ")" }
            .split(separator: ",").map { $0.filter { $0 != " " } }
    }
}

/// Where the published suites are.
enum SuiteFolder {
    static let path: String? = {
        if let path = ProcessInfo.processInfo.environment["BANDERA_SUITES"] { return path }
        var parts = #filePath.split(separator: "/")
        parts.removeLast(3)
        let path = "/" + parts.joined(separator: "/") + "/../shared/suites"
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }()

    static func read(_ name: String) throws -> String {
        let bytes = try Data(contentsOf: URL(filePath: (self.path ?? "") + "/" + name))
        return String(decoding: bytes, as: UTF8.self)
    }
}
