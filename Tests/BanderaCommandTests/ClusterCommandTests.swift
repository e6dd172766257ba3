// Only a debug build lets tests see inside a program.
#if DEBUG
import ArgumentParser
import BanderaClient
import ClientProtocol
import Flags
import Testing

@testable import bandera

@Suite struct ClusterCommandTests {
    @Test func addDescribesTheNode() throws {
        let command = try parse(
            "cluster",
            "add",
            "--id",
            "4",
            "--region",
            "MX",
            "--peer-address",
            "10.0.0.4:7101",
            "--client-address",
            "[::1]:7001",
            "--priority",
            "2",
            as: ClusterAddCommand.self
        )
        let expected = ClusterMember(
            id: 4,
            name: "node-4",
            region: "MX",
            zone: "",
            peerAddress: "10.0.0.4:7101",
            clientAddress: "[::1]:7001",
            priority: 2
        )
        #expect(try command.member() == expected)
        // What means the node here must not become the region whose nodes are preferred.
        #expect(command.connection.given.region == nil)
    }

    /// A leader, a follower and a learner.
    private static let status = StatusResponse(
        nodes: [(1, NodeRole.leader), (2, .follower), (4, .learner)].map { id, role in
            NodeStatus(
                id: id,
                name: "n\(id)",
                region: "MX",
                zone: "",
                role: role,
                term: 1,
                commit: 1,
                applied: 1,
                health: .healthy,
                clientAddress: "h:700\(id)",
                peerAddress: "h:710\(id)",
                lastHeardMilliseconds: 0
            )
        },
        leader: 1,
        cluster: "dev",
        answeredBy: 1,
        log: LogWork(appends: 0, entries: 0)
    )

    private static func member(_ id: UInt64, port: Int) -> ClusterAction {
        .add(
            ClusterMember(
                id: id,
                name: "n\(id)",
                region: "MX",
                zone: "",
                peerAddress: "h:\(port + 100)",
                clientAddress: "h:\(port)",
                priority: 0
            )
        )
    }

    @Test("A dry run says whether a change of the cluster would change anything")
    func trials() throws {
        let expected: [(ClusterAction, Bool)] = [
            (Self.member(5, port: 7_005), true), (Self.member(4, port: 7_004), false),
            (.promote(4), true), (.promote(2), false), (.remove(2), true), (.remove(4), true),
            (.replace(2, with: 4), true), (.transfer(to: 2), true), (.transfer(to: 1), false),
            (.transfer(to: nil), true),
        ]
        for (action, isNew) in expected {
            #expect(try action.isNew(to: Self.status, doing: "try") == isNew, "\(action)")
        }
        let refused: [ClusterAction] = [
            Self.member(4, port: 7_009), .promote(9), .remove(9), .replace(9, with: 4),
            .replace(1, with: 2), .transfer(to: 4), .transfer(to: 9),
        ]
        for action in refused {
            #expect(throws: CommandFailure.self, "\(action)") {
                try action.isNew(to: Self.status, doing: "try")
            }
        }
        var alone = Self.status
        alone.nodes.removeAll { $0.id == 2 }
        #expect(throws: CommandFailure.self) {
            try ClusterAction.remove(1).isNew(to: alone, doing: "try")
        }
    }

    @Test(arguments: [
        ("0", "MX", "h:1", "id"), ("4", "", "h:1", "--region"), ("4", "MX", "h", "--peer-address"),
        ("4", "MX", "h:70000", "--peer-address"),
    ])
    func addRefusesWhatCannotBe(
        _ id: String,
        _ region: String,
        _ peer: String,
        _ named: String
    ) throws {
        let command = try parse(
            "cluster",
            "add",
            "--id",
            id,
            "--region",
            region,
            "--peer-address",
            peer,
            "--client-address",
            "h:2",
            as: ClusterAddCommand.self
        )
        do throws(CommandFailure) {
            _ = try command.member()
            Issue.record("it was taken")
        } catch {
            #expect(error.status == .usage)
            #expect(error.what.contains(named), "\(error.what)")
        }
    }

    @Test func changesAreToldInBothForms() {
        let done = AdministerResponse(revision: Revision(9), leader: 2)
        let document = ClusterRendering.document(
            done,
            Texts.actionReplace,
            Texts.replacement(of: 1, by: 4),
            .replace(1, with: 4)
        )
        #expect(document.text == "replace node 1 by node 4: in effect since revision 9")
        #expect(
            document.json
                == #"{"action":"replace","id":4,"replaces":1,"revision":9,"leader":2}"#
        )
        let moved = ClusterRendering.document(done, "transfer", "leadership", .transfer(to: nil))
        #expect(moved.text == "node 2 leads")
    }

    @Test func aComparisonIsToldInBothForms() {
        let verification = Self.verification([1, 1, nil])
        let document = ClusterRendering.document(verification)
        #expect(document.text.contains("0000000000000001"))
        #expect(document.text.contains("no answer"))
        #expect(document.json.contains(#""revision":5,"intact":false"#))
        #expect(document.json.contains(#""digest":null,"verdict":"no answer","error":"gone""#))
    }

    @Test func aComparisonEndsAsItCameOut() throws {
        #expect(ClusterVerifyCommand.failure(Self.verification([1, 1, 1])) == nil)
        let differs = try #require(ClusterVerifyCommand.failure(Self.verification([1, 1, 2])))
        #expect(differs.status == .failed)
        #expect(differs.what.contains("node 3"))
        #expect(differs.next.contains("cluster replace"))
        let divided = try #require(ClusterVerifyCommand.failure(Self.verification([1, 2])))
        #expect(divided.next == Texts.nextNoCommonRecords)
        let missing = try #require(ClusterVerifyCommand.failure(Self.verification([1, nil, 1])))
        #expect(missing.status == .unavailable)
        #expect(missing.what.contains("node 2"))
    }

    private static func verification(_ hashes: [UInt64?]) -> ClusterVerification {
        let rows = hashes.enumerated().map { index, hash in
            ClusterVerification.Row(
                node: NodeStatus(
                    id: UInt64(index + 1),
                    name: "n",
                    region: "MX",
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
#endif
