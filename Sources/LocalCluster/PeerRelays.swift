internal import NIOCore
internal import NIOPosix

/// Relays in front of the nodes' peer ports, one per node: every connection between two nodes goes
/// through one, so that links can be cut without closing anything.
///
/// A cut link holds what it is given, as a network does whose packets are lost and sent again. Who
/// opened a connection is looked up in `/proc`: the nodes know nothing of the relays.
final class PeerRelays: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let core: NIOLoopBound<RelayCore>

    private init(group: MultiThreadedEventLoopGroup, core: NIOLoopBound<RelayCore>) {
        self.group = group
        self.core = core
    }

    /// Starts without a relay.
    static func open() async throws(LocalClusterError) -> PeerRelays {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let eventLoop = group.next()
        do {
            let core = try await eventLoop.submit {
                NIOLoopBound(RelayCore(eventLoop), eventLoop: eventLoop)
            }.get()
            return PeerRelays(group: group, core: core)
        } catch {
            try? await group.shutdownGracefully()
            throw LocalClusterError(.port, "cannot start the relays between nodes: \(error)")
        }
    }

    /// Puts a relay in front of a node; gives the port at which it listens.
    func listen(for node: UInt64) async throws(LocalClusterError) -> Int {
        let core = self.core
        let bootstrap = ServerBootstrap(group: self.group)
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try core.value.take(channel, to: node) }
            }
        do {
            let listener = try await bootstrap.bind(host: "127.0.0.1", port: 0).get()
            guard let port = listener.localAddress?.port else {
                throw LocalClusterError(.port, "the relay of node \(node) has no port")
            }
            return port
        } catch {
            throw LocalClusterError(.port, "cannot open the relay of node \(node): \(error)")
        }
    }

    /// Says where a node itself listens.
    func forward(_ node: UInt64, to port: Int) { self.execute { $0.targets[node] = port } }

    /// A node runs as this process from now on.
    func started(_ node: UInt64, process: Int32) { self.execute { $0.processes[node] = process } }

    /// Cuts every link from and to a node.
    func isolate(_ node: UInt64) { self.execute { $0.isolate(node) } }

    /// Mends them.
    func rejoin(_ node: UInt64) { self.execute { $0.rejoin(node) } }

    /// Closes everything.
    func close() async { try? await self.group.shutdownGracefully() }

    private func execute(_ body: @escaping @Sendable (RelayCore) -> Void) {
        let core = self.core
        core.eventLoop.execute { body(core.value) }
    }
}
