internal import ClientProtocol
internal import NIOCore
internal import Transport
internal import Wire

/// Dials, probes, and what becomes of connections.
extension ClientDriver {
    /// How often a connected client asks who the nodes are.
    private static let topologyIntervalMilliseconds: Int64 = 30_000

    /// Opens the connection that is to carry the watch.
    func dial(_ endpoint: Endpoint) {
        let future = self.dialer.dial(endpoint, on: self.eventLoop).hop(to: self.eventLoop)
        future.assumeIsolated().whenComplete { result in
            switch result {
            case .success(let connection): self.connected(endpoint, connection)
            case .failure:
                self.plan.failed(endpoint.address, now: .now, using: &self.generator)
            }
            self.advance()
        }
    }

    /// Measures how far `endpoint` is and whether it serves, without moving to it.
    func probe(_ endpoint: Endpoint) {
        let future = self.dialer.dial(endpoint, on: self.eventLoop).hop(to: self.eventLoop)
        future.assumeIsolated().whenComplete { result in
            guard case .success(let connection) = result else {
                self.plan.probed(endpoint.address, roundTrip: nil, now: .now)
                return self.advance()
            }
            self.askTopology(of: endpoint.address, on: connection) { connection.close() }
        }
    }

    private func connected(_ endpoint: Endpoint, _ connection: TransportConnection) {
        let address = endpoint.address
        guard self.plan.connected(address, roundTrip: nil, now: .now) else {
            return connection.close()
        }
        self.plan.identified(
            address,
            node: connection.peerSettings.nodeID,
            region: connection.peerSettings.region
        )
        self.connections[address] = connection
        connection.closeFuture.hop(to: self.eventLoop).assumeIsolated().whenComplete { _ in
            self.closed(address, connection, retryAfter: 0)
        }
        connection.goawayFuture.hop(to: self.eventLoop).assumeIsolated().whenSuccess { goaway in
            self.plan.goingAway(
                address,
                retryAfter: Int64(goaway.retryAfterMilliseconds),
                now: .now,
                using: &self.generator
            )
            self.advance()
        }
        self.openWatch(on: connection, address: address)
        self.outbox.reconnected(to: address)
        self.outputs.broadcast.send(.connected(self.plan.current ?? endpoint))
        self.refreshTopology(of: address, on: connection)
    }

    /// The connection is gone, or is to be given up: the plan looks for another.
    func closed(_ address: String, _ connection: TransportConnection, retryAfter: Int64) {
        guard self.connections[address] === connection else { return }
        self.connections[address] = nil
        connection.close()
        if self.watch?.connection === connection {
            self.watch = nil
            self.disconnected()
            if !self.isStopped { self.outputs.broadcast.send(.disconnected) }
        }
        self.plan.closed(address, retryAfter: retryAfter, now: .now, using: &self.generator)
        self.advance()
    }

    private func refreshTopology(of address: String, on connection: TransportConnection) {
        self.askTopology(of: address, on: connection) {
            guard !self.isStopped, self.watch?.connection === connection else { return }
            self.timers.topology?.cancel()
            self.timers.topology = self.schedule(
                at: .now + Self.topologyIntervalMilliseconds
            ) { driver in driver.refreshTopology(of: address, on: connection) }
        }
    }

    /// Asks who the nodes are; the time that it takes is the round trip.
    private func askTopology(
        of address: String,
        on connection: TransportConnection,
        then: @escaping () -> Void
    ) {
        let start = NIODeadline.now()
        let timeout = self.configuration.timing.callTimeout.wholeMilliseconds
        connection.unary(
            ClientMethod.topology.rawValue,
            body: TopologyRequest().encode(),
            timeout: .milliseconds(timeout)
        ) { result in
            let elapsed = (NIODeadline.now() - start).nanoseconds / 1_000
            if case .success(let bytes) = result, let topology = Self.topology(bytes) {
                self.plan.learned(self.neighbours(topology))
                self.plan.probed(address, roundTrip: elapsed, now: .now)
            } else {
                self.plan.probed(address, roundTrip: nil, now: .now)
            }
            then()
            self.advance()
        }
    }

    private static func topology(_ bytes: [UInt8]) -> TopologyResponse? {
        do throws(WireError) { return try TopologyResponse.decode(bytes) } catch { return nil }
    }

    /// The nodes of a topology, each with its distance from the home region as the nodes measured it.
    private func neighbours(_ topology: TopologyResponse) -> [ConnectionPlan.Neighbour] {
        let home = topology.nodes.filter { $0.region == self.configuration.region }.map(\.id)
        return topology.nodes.compactMap { node in
            guard var endpoint = Endpoint(node.clientAddress, region: node.region) else {
                return nil
            }
            endpoint.node = node.id
            let measured = topology.roundTrips.filter { home.contains($0.from) && $0.to == node.id }
            return ConnectionPlan.Neighbour(
                endpoint: endpoint,
                isHealthy: node.health != .unreachable,
                roundTripFromHome: measured.map { Int64($0.microseconds) }.min()
            )
        }
    }
}
