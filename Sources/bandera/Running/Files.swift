internal import FoundationEssentials

/// The files that the program reads.
enum Files {
    /// The bytes of a small file; `nil` when it does not exist.
    static func read(_ path: String) throws(CommandFailure) -> [UInt8]? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        do {
            return [UInt8](try Data(contentsOf: URL(filePath: path)))
        } catch {
            throw .usage(Texts.cannotRead(path, "\(error)"))
        }
    }

    /// Whether there is something at `path`.
    static func exist(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    /// Makes the folder, and those above it.
    static func makeFolder(_ path: String) throws(CommandFailure) {
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true
            )
        } catch {
            throw CommandFailure(.failed, "\(error)")
        }
    }

    /// The process's environment variables.
    static var environment: [String: String] { ProcessInfo.processInfo.environment }
}
