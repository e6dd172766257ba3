import Raft
import Testing

@Suite("Configurations and their changes")
struct ConfchangeSuiteTests {
    @Test(
        "The 58 published changes give the published configurations, or are refused (item 35)",
        .enabled(
            if: SuiteFolder.path != nil,
            "needs the suites: set BANDERA_SUITES, or put them at ../shared/suites"
        )
    )
    func published() throws {
        let names = [
            "joint_autoleave", "joint_idempotency", "joint_learners_next", "joint_safety",
            "simple_idempotency", "simple_promote_demote", "simple_safety", "update", "zero",
        ]
        var count = 0
        for name in names {
            var configuration = Configuration.none
            for published in try PublishedChange.parse(SuiteFolder.read("confchange/\(name).txt")) {
                count += 1
                let change = try #require(published.change, "\(name): \(published)")
                do throws(MembershipRefusal) {
                    configuration = try configuration.applying(change)
                    #expect(
                        configuration.description == published.expected,
                        "\(name): \(published.directive) \(published.steps)"
                    )
                } catch {
                    #expect(
                        !published.expected.hasPrefix("voters="),
                        "\(name): \(published) was refused: \(error)"
                    )
                }
            }
        }
        #expect(count == 58)
    }

    @Test("A change of several voters goes through both majorities, and ends by itself (item 35)")
    func automatic() throws {
        let three = Configuration(voters: [NodeID(1), NodeID(2), NodeID(3)])
        let one = try three.applying(MembershipChange([.addVoter(NodeID(4))]))
        #expect(one.description == "voters=(1 2 3 4)")
        let swap = MembershipChange([.remove(NodeID(3)), .addVoter(NodeID(4))])
        let two = try three.applying(swap)
        #expect(two.description == "voters=(1 2 4)&&(1 2 3) autoleave")
        #expect(throws: MembershipRefusal.joint) { try two.applying(swap) }
        #expect(try two.applying(.leave).description == "voters=(1 2 4)")
    }

    @Test("Nobody can be added beyond the limit")
    func limit() throws {
        let full = Configuration(voters: (1...64).map { NodeID($0) })
        #expect(throws: MembershipRefusal.tooManyMembers) {
            try full.applying(MembershipChange([.addLearner(NodeID(65))]))
        }
    }

    @Test("A membership survives its bytes, and other bytes are refused")
    func membershipBytes() throws {
        print("membership bytes, seed 9")
        var random = TestRandom(seed: 9)
        for _ in 0..<200 {
            let membership = Self.membership(&random)
            let bytes = membership.encode()
            #expect(Membership(decoding: bytes, index: membership.index) == membership)
            for length in 0..<min(bytes.count, 40) {
                #expect(Membership(decoding: Array(bytes[..<length]), index: .zero) == nil)
            }
            #expect(Membership(decoding: bytes + [0], index: .zero) == nil)
            var flipped = bytes
            flipped[random.below(bytes.count)] ^= UInt8(1 << random.below(8))
            // Whatever it decodes to, it does not trap.
            _ = Membership(decoding: flipped, index: .zero)
        }
        let golden = Membership(
            index: LogIndex(7),
            configuration: Configuration(voters: [NodeID(1)], learners: [NodeID(258)]),
            context: [0xAB]
        )
        let expected: [UInt8] = [
            1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0,
            0, 0xAB,
        ]
        #expect(golden.encode() == expected)
    }

    private static func membership(_ random: inout TestRandom) -> Membership {
        var configuration = Configuration(voters: [NodeID(1), NodeID(2), NodeID(3)])
        var steps: [MembershipChange.Step] = []
        for _ in 0..<random.below(5) {
            let node = NodeID(UInt64(random.below(6) + 1))
            switch random.below(3) {
            case 0: steps.append(.addVoter(node))
            case 1: steps.append(.addLearner(node))
            default: steps.append(.remove(node))
            }
        }
        let isJoint = random.chance(50)
        let change = MembershipChange(
            steps,
            transition: isJoint ? .joint(autoLeave: random.chance(50)) : .automatic
        )
        if let next = try? configuration.applying(change) { configuration = next }
        return Membership(
            index: LogIndex(UInt64(random.below(100))),
            configuration: configuration,
            context: (0..<random.below(20)).map { UInt8($0) }
        )
    }
}

/// One directive of etcd's data-driven tests of configuration changes.
struct PublishedChange {
    let directive: String
    let steps: String
    let expected: String

    static func parse(_ text: String) -> [PublishedChange] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
        var changes: [PublishedChange] = []
        var open: [String] = []
        var offset = 0
        while offset < lines.count {
            let line = lines[offset]
            offset += 1
            if line == "----", let directive = open.first, offset < lines.count {
                changes.append(
                    PublishedChange(
                        directive: directive,
                        steps: open.dropFirst().joined(separator: " "),
                        expected: lines[offset]
                    )
                )
                open = []
                while offset < lines.count, !lines[offset].isEmpty { offset += 1 }
            } else if !line.isEmpty, !line.hasPrefix("#") {
                open.append(line)
            }
        }
        return changes
    }

    var change: MembershipChange? {
        let steps = self.steps.split(separator: " ").compactMap { word in
            UInt64(word.dropFirst()).flatMap { Self.step(word.first, NodeID($0)) }
        }
        switch self.directive {
        case "simple": return MembershipChange(steps, transition: .simple)
        case "leave-joint": return .leave
        case "enter-joint autoleave=true":
            return MembershipChange(steps, transition: .joint(autoLeave: true))
        case "enter-joint", "enter-joint autoleave=false":
            return MembershipChange(steps, transition: .joint(autoLeave: false))
        default: return nil
        }
    }

    private static func step(_ letter: Character?, _ node: NodeID) -> MembershipChange.Step? {
        switch letter {
        case "v": .addVoter(node)
        case "l": .addLearner(node)
        case "r": .remove(node)
        case "u": .update(node)
        default: nil
        }
    }
}
