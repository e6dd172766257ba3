import FoundationEssentials
import Node
import PeerProtocol
import Raft
import Replica
import Testing

/// A configuration is taken whole or refused with the place of its mistake.
struct NodeConfigurationTests {
    @Test func readsWhatIsWrittenAndResolvesPathsFromItsFolder() throws {
        let folder = try Folder()
        let configuration = try folder.load(Self.text())
        #expect(configuration.cluster == "dev")
        #expect(configuration.node == NodeID(2))
        #expect(configuration.local.region == "CO")
        #expect(configuration.local.name == "node-2")
        #expect(configuration.data == "\(folder.path)/data")
        #expect(configuration.credentials.key == "/etc/bandera/key.pem")
        #expect(configuration.timing.heartbeat == 100)
        #expect(configuration.timing.electionMin == 150)
        #expect(configuration.listen == .init())
    }

    @Test func listensElsewhereThanTheOthersReachIt() throws {
        let listen = "\"listen\": {\"peer\": \"10.0.0.2:7102\"}, \"cluster\""
        let text = Self.text().replacing("\"cluster\"", with: listen, maxReplacements: 1)
        let configuration = try Folder().load(text)
        #expect(configuration.listen == .init(peer: "10.0.0.2:7102"))
        #expect(configuration.local.peerAddress == "127.0.0.1:7102")
    }

    @Test(arguments: [
        ("\"data\"", "\"dat\"", "the key \"dat\" is unknown"),
        (
            "\"region\": \"MX\"", "\"region\": \"MX\", \"rack\": 1",
            "\"members.Index 0.rack\" is unknown"
        ),
        ("\"cluster\": \"dev\",", "", "the key \"cluster\" is missing"),
        ("\"node\": 2", "\"node\": \"two\"", "\"node\" must be of type"),
        ("\"node\": 2", "\"node\": 9", "no member has that id"),
        ("\"id\": 1", "\"id\": 2", "lists the id 2 twice"),
        ("\"id\": 1", "\"id\": 0", "must not be 0"),
        ("127.0.0.1:7001", "127.0.0.1", "is not an address"),
        ("127.0.0.1:7001", "127.0.0.1:70010", "is not an address"),
        ("127.0.0.1:7001", "127.0.0.1:7102", "is used twice"),
        (
            "\"cluster\"", "\"listen\": {\"peer\": \"here\"}, \"cluster\"",
            "\"listen\": \"here\" is not an address"
        ),
        ("\"heartbeat_ms\"", "\"heartbeat\"", "\"timing.heartbeat\" is unknown"),
        ("}", "", "not valid JSON"),
    ])
    func refusesAMistakeAndNamesItsPlace(_ old: String, _ new: String, _ message: String) throws {
        let folder = try Folder()
        do {
            _ = try folder.load(Self.text().replacing(old, with: new, maxReplacements: 1))
            Issue.record("it was taken")
        } catch let error as NodeError {
            #expect(error.code == .configuration)
            #expect(error.message.contains(message), "\(error.message)")
            #expect(error.message.contains(folder.path))
        }
    }

    @Test func readsWhatMembershipReadsAndSnapshotsAreTunedBy() throws {
        let folder = try Folder()
        let plain = try folder.load(Self.text())
        #expect(!plain.join)
        #expect(plain.members.map(\.priority) == [0, 0])
        #expect(plain.reads.leaseMilliseconds == 0)
        #expect(plain.compaction == CompactionPolicy())
        let tuned = try folder.load(
            Self.text().replacing(
                "\"cluster\"",
                with: """
                    "join": true, "priorities": {"MX": 3}, "reads": {"lease_ms": 100},
                    "compaction": {"tail_entries": 7, "step_bytes": 9},
                    "snapshots": {"bytes_per_second": 1000000}, "cluster"
                    """
            ).replacing("\"id\": 2,", with: "\"id\": 2, \"priority\": 5,")
        )
        #expect(tuned.join)
        #expect(tuned.members.map(\.priority) == [3, 5])
        #expect(tuned.reads.leaseMilliseconds == 100)
        #expect(tuned.reads.clockDriftPermille == 50)
        #expect(tuned.compaction == CompactionPolicy(tailEntries: 7, stepBytes: 9))
        #expect(tuned.snapshotBytesPerSecond == 1_000_000)
    }

    @Test(arguments: [
        ("\"reads\": {\"lease\": 1}", "\"reads.lease\" is unknown"),
        ("\"reads\": {\"lease_ms\": 150}", "must be less than"),
        ("\"reads\": {\"lease_ms\": true}", "\"reads.lease_ms\" must be of type"),
        ("\"reads\": {\"clock_drift_permille\": 1000}", "must be less than 1000"),
        ("\"compaction\": {\"step_entries\": 0}", "compaction.step_entries"),
        ("\"compaction\": {\"tail\": 0}", "\"compaction.tail\" is unknown"),
        ("\"snapshots\": {\"bytes_per_second\": 1}", "must be at least"),
        ("\"priorities\": {\"XX\": 1}", "the region XX"),
        ("\"join\": \"yes\"", "\"join\" must be of type"),
    ])
    func refusesATuningThatCannotWork(_ key: String, _ message: String) throws {
        let folder = try Folder()
        do {
            _ = try folder.load(
                Self.text().replacing("\"cluster\"", with: "\(key), \"cluster\"")
            )
            Issue.record("it was taken")
        } catch let error as NodeError {
            #expect(error.code == .configuration)
            #expect(error.message.contains(message), "\(error.message)")
        }
    }

    @Test func refusesAFileThatIsNotThere() {
        #expect(throws: NodeError(.configuration, "")) {
            try NodeConfiguration.load(path: "/nowhere/node.json")
        }
    }

    @Test func refusesATokenThatIsNoDigest() throws {
        let folder = try Folder()
        var configuration = try folder.load(Self.text())
        configuration.tokens = [.init(sha256: "secret", identity: "spiffe://dev/operator/ana")]
        #expect(throws: NodeError(.configuration, "")) { try configuration.validated() }
    }

    private static func text() -> String {
        """
        {"cluster": "dev", "node": 2, "data": "data",
         "members": [
          {"id": 1, "region": "MX", "peer": "127.0.0.1:7101", "client": "127.0.0.1:7001"},
          {"id": 2, "region": "CO", "peer": "127.0.0.1:7102", "client": "127.0.0.1:7002"}],
         "tls": {"ca": "ca.pem", "certificate": "node.pem", "key": "/etc/bandera/key.pem"},
         "timing": {"heartbeat_ms": 100}}
        """
    }

    /// A folder of one test, removed with it.
    private final class Folder {
        let path: String

        init() throws {
            self.path = "/tmp/bandera-configuration-\(UInt64.random(in: 0...UInt64.max))"
            try FileManager.default.createDirectory(
                atPath: self.path,
                withIntermediateDirectories: true
            )
        }

        deinit { try? FileManager.default.removeItem(atPath: self.path) }

        func load(_ text: String) throws -> NodeConfiguration {
            let file = "\(self.path)/node.json"
            try Data(text.utf8).write(to: URL(filePath: file))
            return try NodeConfiguration.load(path: file)
        }
    }
}
