internal import CMessages
package import Wire

extension TopologyRequest: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(arena.message(bandera__v1__topology_request__init) { _ in })
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> TopologyRequest {
        try arena.unpack(bytes, with: bandera__v1__topology_request__unpack) {
            (_) throws(WireError) -> TopologyRequest in TopologyRequest()
        }
    }
}

extension TopologyResponse: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(
            arena.message(bandera__v1__topology_response__init) { message in
                message.n_nodes = self.nodes.count
                message.nodes = arena.messages(self.nodes, bandera__v1__topology_node__init) {
                    $0.fill(&$1, in: arena)
                }
                message.n_round_trips = self.roundTrips.count
                message.round_trips = arena.messages(
                    self.roundTrips,
                    bandera__v1__round_trip__init
                ) { roundTrip, message in
                    message.from = roundTrip.from
                    message.to = roundTrip.to
                    message.microseconds = roundTrip.microseconds
                }
                message.answered_by = self.answeredBy
            }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> TopologyResponse {
        try arena.unpack(bytes, with: bandera__v1__topology_response__unpack) {
            (message) throws(WireError) -> TopologyResponse in
            TopologyResponse(
                nodes: try readMessages(
                    message.pointee.n_nodes,
                    message.pointee.nodes,
                    max: ClientProtocolLimits.nodesMax,
                    "nodes"
                ) { (node) throws(WireError) -> TopologyNode in try TopologyNode(node) },
                roundTrips: try readMessages(
                    message.pointee.n_round_trips,
                    message.pointee.round_trips,
                    max: ClientProtocolLimits.roundTripsMax,
                    "round trips"
                ) { (roundTrip) throws(WireError) -> RoundTrip in
                    RoundTrip(
                        from: roundTrip.pointee.from,
                        to: roundTrip.pointee.to,
                        microseconds: roundTrip.pointee.microseconds
                    )
                },
                answeredBy: message.pointee.answered_by
            )
        }
    }
}

extension TopologyNode {
    fileprivate func fill(_ message: inout Bandera__V1__TopologyNode, in arena: Arena) {
        message.id = self.id
        message.name = arena.bytes(self.name)
        message.region = arena.bytes(self.region)
        message.zone = arena.bytes(self.zone)
        message.health = self.health.raw
        message.client_address = arena.bytes(self.clientAddress)
    }

    fileprivate init(_ message: UnsafePointer<Bandera__V1__TopologyNode>) throws(WireError) {
        let raw = message.pointee
        self.init(
            id: raw.id,
            name: try raw.name.identifier("name"),
            region: try raw.region.identifier("region"),
            zone: try raw.zone.identifier("zone"),
            health: NodeHealth(raw.health),
            clientAddress: try raw.client_address.identifier("client address")
        )
    }
}
