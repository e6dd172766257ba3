import FoundationEssentials
import NIOCore
import NIOPosix

/// Small text files.
enum TextFile {
    static func read(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    }

    static func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path))
    }
}

/// A listener that is not a node.
struct BusyPort {
    private let channel: any Channel
    let port: Int

    static func open() async throws -> BusyPort {
        let group = MultiThreadedEventLoopGroup.singleton
        let channel = try await ServerBootstrap(group: group)
            .bind(host: "127.0.0.1", port: 0).get()
        return BusyPort(channel: channel, port: channel.localAddress?.port ?? 0)
    }

    func close() { self.channel.close(promise: nil) }
}
