internal import ArgumentParser
internal import BanderaClient
internal import LocalCluster

/// Which cluster is measured.
struct ClusterOptions: ParsableArguments {
    @Option(help: "Measure a running cluster: client addresses, host:port[,…].")
    var endpoints: String?

    @Option(name: .customLong("ca"), help: "The authority of that cluster, PEM.")
    var authority: String?

    @Option(help: "An operator's certificate of that cluster, PEM.")
    var certificate: String?

    @Option(help: "The key of --certificate, PEM.")
    var key: String?

    @Option(help: "The name of that cluster.")
    var cluster: String?

    @Option(help: "The bandera executable to start; otherwise BANDERA_BINARY, or the one beside.")
    var binary: String?

    func validate() throws {
        guard let endpoints = self.endpoints else { return }
        guard self.authority != nil, self.certificate != nil, self.key != nil else {
            throw ValidationError("--endpoints needs --ca, --certificate and --key")
        }
        for text in endpoints.split(separator: ",") where Endpoint(String(text)) == nil {
            throw ValidationError("--endpoints: '\(text)' is not host:port")
        }
    }

    /// Hands the cluster to `body`; one that was started for it is gone afterwards.
    func withCluster<Success>(
        _ configuration: LocalClusterConfiguration = LocalClusterConfiguration(cluster: "bench"),
        _ body: (LocalCluster) async throws -> Success
    ) async throws -> Success {
        if let access = self.access { return try await body(LocalCluster.attach(to: access)) }
        var configuration = configuration
        configuration.executable = self.binary
        BenchProcess.progress("starting \(configuration.regions.count) node processes")
        return try await withLocalCluster(configuration, body)
    }

    private var access: ClusterAccess? {
        guard let endpoints = self.endpoints, let authority = self.authority,
            let certificate = self.certificate, let key = self.key
        else { return nil }
        return ClusterAccess(
            endpoints: endpoints.split(separator: ",").compactMap { Endpoint(String($0)) },
            credentials: .certificate(authority: authority, certificate: certificate, key: key),
            cluster: self.cluster ?? ""
        )
    }
}
