internal import NIOCore
internal import NIOPosix

/// The event-loop side of ``PeerRelays``: which connections there are and which are cut.
final class RelayCore {
    private let eventLoop: any EventLoop
    /// The port at which each node itself listens.
    var targets: [UInt64: Int] = [:]
    /// The process of each node that was started.
    var processes: [UInt64: Int32] = [:]
    private var isolated: Set<UInt64> = []
    private var links: [ObjectIdentifier: RelayLink] = [:]

    init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

    /// Takes a connection that some node opened to `node`.
    func take(_ channel: any Channel, to node: UInt64) throws {
        let link = RelayLink(to: node)
        self.links[ObjectIdentifier(link)] = link
        try channel.pipeline.syncOperations.addHandler(link.near)
        let bound = NIOLoopBound((self, link), eventLoop: self.eventLoop)
        channel.closeFuture.whenComplete { _ in
            let (core, link) = bound.value
            // The node behind a cut link is told when the link is mended.
            if !core.isCut(link) { core.forget(link) }
        }
        // The socket's addresses are known once the channel is active, which is right after this.
        self.eventLoop.execute {
            let (core, link) = bound.value
            core.begin(link, channel)
        }
    }

    func isolate(_ node: UInt64) {
        self.isolated.insert(node)
        for link in self.links.values where self.isCut(link) { link.hold() }
    }

    func rejoin(_ node: UInt64) {
        self.isolated.remove(node)
        for link in self.links.values where !self.isCut(link) {
            if link.isConnected {
                link.release()
            } else if !link.near.hasEnded {
                self.connect(link)
            }
            if link.near.hasEnded { self.forget(link) }
        }
    }

    private func forget(_ link: RelayLink) {
        self.links[ObjectIdentifier(link)] = nil
        link.near.other = nil
        link.far.other = nil
    }

    private func begin(_ link: RelayLink, _ channel: any Channel) {
        if let dialled = channel.localAddress?.port, let dialling = channel.remoteAddress?.port {
            link.from = SocketOwner.find(
                localPort: dialling,
                remotePort: dialled,
                among: self.processes
            )
        }
        if !self.isCut(link) { self.connect(link) }
    }

    private func isCut(_ link: RelayLink) -> Bool {
        self.isolated.contains(link.to) || link.from.map(self.isolated.contains) ?? false
    }

    private func connect(_ link: RelayLink) {
        guard !link.isConnecting, let port = self.targets[link.to] else { return }
        link.isConnecting = true
        let bound = NIOLoopBound((self, link), eventLoop: self.eventLoop)
        ClientBootstrap(group: self.eventLoop)
            .channelOption(.autoRead, value: false)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(bound.value.1.far)
                }
            }
            .connect(host: "127.0.0.1", port: port)
            .whenComplete { result in
                let (core, link) = bound.value
                switch result {
                case .success where link.near.hasEnded:
                    link.far.close()
                case .success:
                    link.isConnected = true
                    if !core.isCut(link) { link.release() }
                case .failure:
                    link.near.close()
                }
            }
    }
}

@available(*, unavailable)
extension RelayCore: Sendable {}

/// One relayed connection.
final class RelayLink {
    let to: UInt64
    /// Who opened it, when that could be found out.
    var from: UInt64?
    var isConnecting = false
    /// Whether there is a connection to the node behind the relay.
    var isConnected = false
    /// The end that the dialling node has.
    let near = RelayEnd()
    /// The end that the node behind the relay has.
    let far = RelayEnd()

    init(to: UInt64) {
        self.to = to
        self.near.other = self.far
        self.far.other = self.near
    }

    /// Passes nothing on any more, and does not tell either side.
    func hold() {
        self.near.hold()
        self.far.hold()
    }

    /// Passes on what was held, and all that follows.
    func release() {
        self.near.release()
        self.far.release()
    }
}
