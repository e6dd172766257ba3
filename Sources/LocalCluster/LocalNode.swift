package import BanderaClient

/// Where one node of a cluster listens and what belongs to it.
package struct LocalNode: Sendable, Hashable {
    package let id: UInt64
    package let region: String
    /// Where it takes clients.
    package let client: Endpoint
    /// Where other nodes reach it: its own listener, or the relay in front of it.
    package let peer: Endpoint
    /// The port at which it takes other nodes; 0 for a cluster that was attached to.
    package let peerListenPort: Int
    /// Its own folder; empty for a cluster that was attached to.
    package let folder: String
    /// Where it keeps its log and its records.
    package let dataFolder: String

    /// Its configuration file.
    package var configurationPath: String { "\(self.folder)/node.json" }
    /// What it wrote to standard output and standard error.
    package var logPath: String { "\(self.folder)/node.log" }
}
