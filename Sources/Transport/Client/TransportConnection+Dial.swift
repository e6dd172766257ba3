package import NIOCore
internal import NIOPosix
package import TLS
package import Wire

/// How a connection comes about.
extension TransportConnection {
    /// Dials, secures and greets.
    ///
    /// The connection can be used once this returns.
    ///
    /// `peers` narrows whom the certificate may name (a dialled node's exact id).
    package static func connect(
        host: String,
        port: Int,
        tls: TLSContext,
        peers: PeerPolicy? = nil,
        settings: Settings,
        limits: TransportLimits = TransportLimits(),
        on eventLoop: any EventLoop
    ) async throws(TransportError) -> TransportConnection {
        let dialled = Self.dial(
            host: host,
            port: port,
            tls: tls,
            peers: peers,
            settings: settings,
            limits: limits,
            on: eventLoop
        )
        do {
            return try await dialled.get()
        } catch {
            throw error as? TransportError
                ?? TransportError(.connectFailed, "cannot connect", cause: error)
        }
    }

    /// Dials like `connect`, for callers that live on an event loop.
    ///
    /// Fails with `TransportError` only. May be called from anywhere.
    package static func dial(
        host: String,
        port: Int,
        tls: TLSContext,
        peers: PeerPolicy? = nil,
        settings: Settings,
        limits: TransportLimits = TransportLimits(),
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<TransportConnection> {
        eventLoop.flatSubmit {
            do throws(TransportError) {
                let profile = ConnectionProfile(
                    side: .client,
                    limits: try limits.validated(),
                    settings: settings
                )
                let connection = ClientConnection(
                    loop: TransportLoop.shared(on: eventLoop),
                    profile: profile
                )
                return connection.dial(host: host, port: port, tls: tls, peers: peers)
            } catch {
                return eventLoop.makeFailedFuture(error)
            }
        }
    }
}

extension ClientConnection {
    /// Opens the socket and waits for the server's settings.
    fileprivate func dial(
        host: String,
        port: Int,
        tls: TLSContext,
        peers: PeerPolicy?
    ) -> EventLoopFuture<TransportConnection> {
        let eventLoop = self.loop.eventLoop
        let limits = self.profile.limits
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        let socket = ClientBootstrap(group: eventLoop)
            .connectTimeout(limits.handshakeTimeout)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.maxMessagesPerRead, value: limits.readsPerWakeupMax)
            .channelOption(.writeBufferWaterMark, value: limits.waterMark)
            .channelOption(.recvAllocator, value: limits.receiveAllocator)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let connection = bound.value
                    let security = TLSHandler(
                        context: tls,
                        buffers: connection.loop.tlsBuffers,
                        peers: peers
                    )
                    try channel.pipeline.syncOperations.addHandler(security)
                    let frames = connection.makeHandler(tls: security)
                    try channel.pipeline.syncOperations.addHandler(frames)
                }
            }
            .connect(host: host, port: port)
        socket.whenFailure { error in
            // Without a socket no handler ever says that the connection is over.
            bound.value.closed(
                TransportError(
                    .connectFailed,
                    "cannot connect to \(host) port \(port): check that the node runs there",
                    cause: error
                )
            )
        }
        return self.opened.futureResult.map { settings in
            TransportConnection(bound.value, peerSettings: settings)
        }
    }
}
