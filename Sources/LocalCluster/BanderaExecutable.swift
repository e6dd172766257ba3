internal import FoundationEssentials
internal import Glibc

/// Finds the program that the nodes of a cluster run.
package enum BanderaExecutable {
    /// `given`, or what `BANDERA_BINARY` names, or `bandera` beside the running executable.
    package static func locate(_ given: String? = nil) throws(LocalClusterError) -> String {
        let variable = ProcessInfo.processInfo.environment["BANDERA_BINARY"] ?? ""
        let named = given ?? (variable.isEmpty ? nil : variable)
        if let named {
            guard unsafe access(named, X_OK) == 0 else {
                throw LocalClusterError(
                    .executable,
                    "\(named) is not an executable file; name the built bandera"
                )
            }
            return named
        }
        let own = Self.runningExecutable
        let beside = own.prefix(through: own.lastIndex(of: "/") ?? own.startIndex) + "bandera"
        guard unsafe access(String(beside), X_OK) == 0 else {
            throw LocalClusterError(
                .executable,
                "there is no bandera executable at \(beside); build it with "
                    + "'swift build --product bandera' or set BANDERA_BINARY to its path"
            )
        }
        return String(beside)
    }

    private static var runningExecutable: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "/"
    }
}
