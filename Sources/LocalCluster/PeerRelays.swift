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
    private let listeners: [any Channel]

    private init(
        group: MultiThreadedEventLoopGroup,
        core: NIOLoopBound<RelayCore>,
        listeners: [any Channel]
    ) {
        self.group = group
        self.core = core
        self.listeners = listeners
    }

    /// Listens for `count` nodes; tell it then where they are.
    static func open(_ count: Int) async throws(LocalClusterError) -> PeerRelays {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let eventLoop = group.next()
        do {
            let core = try await eventLoop.submit {
                NIOLoopBound(RelayCore(eventLoop), eventLoop: eventLoop)
            }.get()
            var listeners: [any Channel] = []
            for index in 0..<count {
                let node = UInt64(index + 1)
                let bootstrap = ServerBootstrap(group: group)
                    .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                    .childChannelOption(.autoRead, value: false)
                    .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                    .childChannelInitializer { channel in
                        channel.eventLoop.makeCompletedFuture {
                            try core.value.take(channel, to: node)
                        }
                    }
                listeners.append(try await bootstrap.bind(host: "127.0.0.1", port: 0).get())
            }
            return PeerRelays(group: group, core: core, listeners: listeners)
        } catch {
            try? await group.shutdownGracefully()
            throw LocalClusterError(.port, "cannot open the relays between nodes: \(error)")
        }
    }

    /// Where the relay of each node listens, in the order of their ids.
    var ports: [Int] { self.listeners.map { $0.localAddress?.port ?? 0 } }

    /// Says where the nodes themselves listen, in the order of their ids.
    func forward(to ports: [Int]) { self.execute { $0.targets = ports } }

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
