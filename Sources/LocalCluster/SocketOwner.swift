internal import FoundationEssentials
internal import Glibc

/// Finds whose end of a loopback connection is whose, from `/proc`.
enum SocketOwner {
    /// Which of the processes has the socket that connects `localPort` to `remotePort`.
    static func find(
        localPort: Int,
        remotePort: Int,
        among processes: [UInt64: Int32]
    ) -> UInt64? {
        guard let inode = self.inode(localPort: localPort, remotePort: remotePort) else {
            return nil
        }
        let link = "socket:[\(inode)]"
        let files = FileManager.default
        return processes.first { (_, process) in
            let folder = "/proc/\(process)/fd"
            let names = (try? files.contentsOfDirectory(atPath: folder)) ?? []
            return names.contains { name in
                (try? files.destinationOfSymbolicLink(atPath: "\(folder)/\(name)")) == link
            }
        }?.key
    }

    /// The inode of a socket, as proc(5) lists it for `/proc/net/tcp`.
    private static func inode(localPort: Int, remotePort: Int) -> Substring? {
        for row in self.read("/proc/net/tcp").split(separator: "\n").dropFirst() {
            let fields = row.split(separator: " ")
            guard fields.count > 9, self.port(fields[1]) == localPort,
                self.port(fields[2]) == remotePort
            else { continue }
            return fields[9]
        }
        return nil
    }

    private static func port(_ address: Substring) -> Int? {
        address.split(separator: ":").last.flatMap { Int($0, radix: 16) }
    }

    /// Reads to the end: the kernel gives a page at a time, which `Data` takes for the whole file.
    private static func read(_ path: String) -> String {
        let descriptor = unsafe open(path, O_RDONLY)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var text: [UInt8] = []
        var page = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = unsafe Glibc.read(descriptor, &page, page.count)
            guard count > 0 else { return String(decoding: text, as: UTF8.self) }
            text += page[..<count]
        }
    }
}
