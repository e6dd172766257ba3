package import BanderaClient

/// What a client needs to talk to a cluster.
package struct ClusterAccess: Sendable {
    package var endpoints: [Endpoint]
    package var credentials: ClientConfiguration.Credentials
    /// The cluster's name; empty accepts whichever the authority vouches for.
    package var cluster: String

    package init(
        endpoints: [Endpoint],
        credentials: ClientConfiguration.Credentials,
        cluster: String
    ) {
        self.endpoints = endpoints
        self.credentials = credentials
        self.cluster = cluster
    }

    /// A client of these endpoints; it connects when it is first used.
    package func client(
        timeout: Duration = .seconds(10)
    ) throws(BanderaError) -> AdministrationClient {
        try AdministrationClient(
            AdministrationConfiguration(
                endpoints: self.endpoints,
                credentials: self.credentials,
                cluster: self.cluster,
                timeout: timeout
            )
        )
    }
}
