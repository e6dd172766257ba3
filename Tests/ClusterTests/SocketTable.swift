import Glibc
import LocalCluster

/// The state of the node's end of a connection, from `/proc/net/tcp`.
enum SocketTable {
    /// Whether a socket that listens on `serverPort` still serves the one at `clientPort`.
    static func isServed(serverPort: Int, clientPort: Int) throws -> Bool {
        let established = "01"
        return try Self.read().split(separator: "\n").dropFirst().contains {
            let fields = $0.split(separator: " ")
            guard fields.count > 3 else { return false }
            return Self.port(fields[1]) == serverPort && Self.port(fields[2]) == clientPort
                && fields[3] == established
        }
    }

    /// Reads to the end: the kernel gives a page at a time, which `Data` takes for the whole file.
    private static func read() throws -> String {
        let descriptor = open("/proc/net/tcp", O_RDONLY)
        guard descriptor >= 0 else { throw LocalClusterError(.file, "no /proc/net/tcp") }
        defer { close(descriptor) }
        var text: [UInt8] = []
        var page = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(descriptor, &page, page.count)
            guard count > 0 else { return String(decoding: text, as: UTF8.self) }
            text += page[..<count]
        }
    }

    private static func port(_ address: Substring) -> Int? {
        address.split(separator: ":").last.flatMap { Int($0, radix: 16) }
    }
}
