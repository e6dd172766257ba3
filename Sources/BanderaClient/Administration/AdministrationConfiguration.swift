package import NIOCore
internal import NIOPosix

/// What an ``AdministrationClient`` needs to know.
package struct AdministrationConfiguration: Sendable {
    /// Nodes to ask, best first.
    package var endpoints: [Endpoint]
    /// Nodes of this region are asked first, where the endpoints tell their region.
    package var region: String
    /// How the client proves who it is.
    package var credentials: ClientConfiguration.Credentials
    /// The cluster's name.
    ///
    /// Empty accepts whichever the certificate authority vouches for.
    package var cluster: String
    /// How long one call may take, all its attempts included.
    package var timeout: Duration
    /// Where connections live; the process's shared loops unless said otherwise.
    package var group: any EventLoopGroup

    /// A configuration on the process's shared event loops.
    package init(
        endpoints: [Endpoint],
        region: String = "",
        credentials: ClientConfiguration.Credentials,
        cluster: String = "",
        timeout: Duration = .seconds(5),
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) {
        self.endpoints = endpoints
        self.region = region
        self.credentials = credentials
        self.cluster = cluster
        self.timeout = timeout
        self.group = group
    }
}
