import LocalCluster
import Synchronization

/// A second process that says it is a node which runs already: same id, same certificate, other
/// ports and an empty data folder.
final class Twin: Sendable {
    private let node: LocalNode
    private let configurationPath: String
    private let process = Mutex<ChildProcess?>(nil)

    fileprivate init(of node: LocalNode, configurationPath: String) {
        self.node = node
        self.configurationPath = configurationPath
    }

    func start() throws {
        let log = "\(self.node.folder)/twin.log"
        let started = try ChildProcess.spawn(
            try BanderaExecutable.locate(),
            arguments: ["node", "--initialize", "--config", self.configurationPath],
            environment: [],
            name: "twin of node \(self.node.id)",
            output: log,
            error: log
        )
        self.process.withLock { $0 = started }
    }

    /// What it wrote.
    var log: String { (try? TextFile.read("\(self.node.folder)/twin.log")) ?? "" }

    func stop() async throws {
        guard let process = self.process.withLock({ $0 }) else { return }
        process.signal(9)
        _ = try await process.exit(within: .seconds(5))
    }
}

extension LocalCluster {
    /// Writes the configuration of a twin, without starting it.
    func makeTwin(of id: UInt64) throws -> Twin {
        let node = try self.node(id)
        var file = try NodeFile.read(node.configurationPath)
        file.data = "\(node.folder)/twin"
        for index in file.members.indices where file.members[index].id == id {
            file.members[index].client = "127.0.0.1:\(try LoopbackPorts.one())"
            file.members[index].peer = "127.0.0.1:\(try LoopbackPorts.one())"
        }
        try ScratchFolder.make(file.data)
        let path = "\(node.folder)/twin.json"
        try file.write(to: path)
        return Twin(of: node, configurationPath: path)
    }
}
