import FoundationEssentials
import Glibc
import LocalCluster

/// A small disk in memory, to be filled.
struct TemporaryDisk {
    /// Whether this process may mount one.
    static var isPermitted: Bool { getuid() == 0 }

    let path: String
    private var filler: String { "\(self.path)/filler" }

    /// Mounts a disk for as long as `body` runs.
    static func with(mebibytes: Int, _ body: (TemporaryDisk) async throws -> Void) async throws {
        let folder = try ScratchFolder(under: "/tmp")
        let disk = TemporaryDisk(path: folder.path)
        try await Self.run(
            "/bin/mount",
            ["-t", "tmpfs", "-o", "size=\(mebibytes)m", "tmpfs", disk.path]
        )
        do {
            try await body(disk)
        } catch {
            try? await Self.run("/bin/umount", ["--lazy", disk.path])
            folder.remove()
            throw error
        }
        try await Self.run("/bin/umount", ["--lazy", disk.path])
        folder.remove()
    }

    /// Takes all the room that is left.
    func fill() throws {
        let descriptor = open(self.filler, O_CREAT | O_WRONLY | O_APPEND, 0o600)
        guard descriptor >= 0 else { throw LocalClusterError(.file, "cannot fill \(self.path)") }
        defer { close(descriptor) }
        // Ever smaller pieces: the last page of the disk is to be taken too.
        for size in [1 << 20, 64 << 10, 4 << 10] {
            let block = [UInt8](repeating: 0x66, count: size)
            while write(descriptor, block, block.count) == block.count {}
        }
    }

    /// Gives it back.
    func free() throws { try FileManager.default.removeItem(atPath: self.filler) }

    private static func run(_ program: String, _ arguments: [String]) async throws {
        let outcome = try await CommandOutcome.run(program, arguments: arguments)
        guard outcome.code == 0 else {
            throw LocalClusterError(.file, "\(program) \(arguments): \(outcome.error)")
        }
    }
}
