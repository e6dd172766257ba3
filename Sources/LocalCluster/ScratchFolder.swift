internal import FoundationEssentials
internal import Glibc

/// A folder of its own that is gone when this process ends, or earlier.
package struct ScratchFolder: Sendable {
    package let path: String

    /// Makes the folder.
    package init(under parent: String) throws(LocalClusterError) {
        let suffix = String(UInt64.random(in: .min ... .max), radix: 36)
        self.path = "\(parent)/bandera-\(getpid())-\(suffix)"
        try Self.make(self.path)
        ProcessReaper.shared.add(folder: self.path)
    }

    /// Removes it and everything in it.
    package func remove() { ProcessReaper.shared.remove(folder: self.path) }

    /// Makes a folder and those above it; nothing happens when it is there.
    package static func make(_ path: String) throws(LocalClusterError) {
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true
            )
        } catch {
            throw LocalClusterError(.file, "cannot make the folder \(path): \(error)")
        }
    }
}
