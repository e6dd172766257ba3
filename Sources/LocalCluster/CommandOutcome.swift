internal import FoundationEssentials

/// What a program did that was run to its end.
package struct CommandOutcome: Sendable {
    package let exit: ChildProcess.Exit
    package let output: String
    package let error: String

    /// The exit code; `nil` when a signal ended it.
    package var code: Int32? {
        guard case .exited(let code) = self.exit else { return nil }
        return code
    }

    /// Runs a program to its end; one that takes longer than `limit` is killed.
    package static func run(
        _ executable: String,
        arguments: [String],
        environment: [String] = [],
        limit: Duration = .seconds(30)
    ) async throws(LocalClusterError) -> CommandOutcome {
        let folder = try ScratchFolder(under: "/tmp")
        defer { folder.remove() }
        let (output, error) = ("\(folder.path)/output", "\(folder.path)/error")
        let process = try ChildProcess.spawn(
            executable,
            arguments: arguments,
            environment: ["PATH=/usr/local/bin:/usr/bin:/bin", "SWIFT_BACKTRACE=enable=no"]
                + environment,
            name: ([executable] + arguments).joined(separator: " "),
            output: output,
            error: error
        )
        do throws(LocalClusterError) {
            let exit = try await process.exit(within: limit)
            return CommandOutcome(exit: exit, output: Self.text(output), error: Self.text(error))
        } catch {
            process.signal(9)
            _ = try? await process.exit(within: LocalClusterLimits.killTimeout)
            throw LocalClusterError(
                error.code,
                "\(error.message); it wrote: \(Self.text(output)) \(folder.path)"
            )
        }
    }

    private static func text(_ path: String) -> String {
        let bytes = (try? Data(contentsOf: URL(filePath: path))) ?? Data()
        return String(decoding: bytes.prefix(LocalClusterLimits.outputBytesMax), as: UTF8.self)
    }
}
