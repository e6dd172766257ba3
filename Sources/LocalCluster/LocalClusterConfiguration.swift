/// What a cluster of processes on this machine looks like.
package struct LocalClusterConfiguration: Sendable {
    /// A bearer token that the nodes accept on the client port.
    package struct Token: Sendable, Hashable {
        /// Lower-case hexadecimal SHA-256 of the token.
        package var sha256: String
        /// Whom it stands for, such as `spiffe://bench/sdk/acme/production`.
        package var identity: String

        package init(sha256: String, identity: String) {
            self.sha256 = sha256
            self.identity = identity
        }
    }

    /// Numbers of the nodes' configuration, by their keys in the file; what is `nil` is not written.
    package struct Tuning: Sendable, Hashable {
        package var reads: [String: UInt64]?
        package var snapshots: [String: UInt64]?
        package var compaction: [String: UInt64]?

        package init() {}
    }

    /// The cluster's name.
    package var cluster: String
    /// One node per entry; ids count from 1.
    package var regions: [String]
    /// The `bandera` executable; found as ``BanderaExecutable`` says when `nil`.
    package var executable: String?
    /// The folder under which the cluster's own folder is made.
    package var parentFolder: String
    /// Where a node keeps its data instead of its folder, by id.
    package var dataFolders: [UInt64: String] = [:]
    /// Bearer tokens of the client port.
    package var tokens: [Token] = []
    /// The environment for which an SDK certificate is issued.
    package var environment: (organization: String, environment: String)
    /// Whether every connection between nodes goes through a relay, so that links can be cut.
    package var relaysPeers = false
    package var tuning = Tuning()
    /// Put before the executable and its arguments, by node id: a wrapper such as `prlimit`.
    package var wrappers: [UInt64: [String]] = [:]

    package init(
        cluster: String = "local",
        regions: [String] = ["MX", "CO", "AR"],
        executable: String? = nil,
        parentFolder: String = "/tmp",
        environment: (organization: String, environment: String) = ("acme", "production")
    ) {
        precondition((1...LocalClusterLimits.nodesMax).contains(regions.count))
        self.cluster = cluster
        self.regions = regions
        self.executable = executable
        self.parentFolder = parentFolder
        self.environment = environment
    }
}
