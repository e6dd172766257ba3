internal import CMessages
package import Wire

extension StatusRequest: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(arena.message(bandera__v1__status_request__init) { _ in })
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> StatusRequest {
        try arena.unpack(bytes, with: bandera__v1__status_request__unpack) {
            (_) throws(WireError) -> StatusRequest in StatusRequest()
        }
    }
}

extension StatusResponse: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(
            arena.message(bandera__v1__status_response__init) { message in
                message.n_nodes = self.nodes.count
                message.nodes = arena.messages(self.nodes, bandera__v1__node_status__init) {
                    $0.fill(&$1, in: arena)
                }
                message.leader = self.leader ?? 0
                message.cluster = arena.bytes(self.cluster)
                message.answered_by = self.answeredBy
                message.log_appends = self.log.appends
                message.log_entries = self.log.entries
            }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> StatusResponse {
        try arena.unpack(bytes, with: bandera__v1__status_response__unpack) {
            (message) throws(WireError) -> StatusResponse in
            let leader = message.pointee.leader
            return StatusResponse(
                nodes: try readMessages(
                    message.pointee.n_nodes,
                    message.pointee.nodes,
                    max: ClientProtocolLimits.nodesMax,
                    "nodes"
                ) { (node) throws(WireError) -> NodeStatus in try NodeStatus(node) },
                leader: leader == 0 ? nil : leader,
                cluster: try message.pointee.cluster.identifier("cluster"),
                answeredBy: message.pointee.answered_by,
                log: LogWork(
                    appends: message.pointee.log_appends,
                    entries: message.pointee.log_entries
                )
            )
        }
    }
}

extension NodeStatus {
    fileprivate func fill(_ message: inout Bandera__V1__NodeStatus, in arena: Arena) {
        message.id = self.id
        message.name = arena.bytes(self.name)
        message.region = arena.bytes(self.region)
        message.zone = arena.bytes(self.zone)
        message.role = self.role.raw
        message.term = self.term
        message.commit = self.commit
        message.applied = self.applied
        message.health = self.health.raw
        message.client_address = arena.bytes(self.clientAddress)
        message.peer_address = arena.bytes(self.peerAddress)
        message.last_heard_ms = self.lastHeardMilliseconds
    }

    fileprivate init(_ message: UnsafePointer<Bandera__V1__NodeStatus>) throws(WireError) {
        let raw = message.pointee
        self.init(
            id: raw.id,
            name: try raw.name.identifier("name"),
            region: try raw.region.identifier("region"),
            zone: try raw.zone.identifier("zone"),
            role: NodeRole(raw.role),
            term: raw.term,
            commit: raw.commit,
            applied: raw.applied,
            health: NodeHealth(raw.health),
            clientAddress: try raw.client_address.identifier("client address"),
            peerAddress: try raw.peer_address.identifier("peer address"),
            lastHeardMilliseconds: raw.last_heard_ms
        )
    }
}

extension NodeRole {
    fileprivate var raw: Bandera__V1__NodeRole {
        switch self {
        case .unknown: BANDERA__V1__NODE_ROLE__NODE_ROLE_UNSPECIFIED
        case .follower: BANDERA__V1__NODE_ROLE__NODE_ROLE_FOLLOWER
        case .candidate: BANDERA__V1__NODE_ROLE__NODE_ROLE_CANDIDATE
        case .leader: BANDERA__V1__NODE_ROLE__NODE_ROLE_LEADER
        case .learner: BANDERA__V1__NODE_ROLE__NODE_ROLE_LEARNER
        }
    }

    /// Reads the C form.
    ///
    /// What a newer node says and this code does not know is `unknown`: it is shown to people, and
    /// nothing is decided by it.
    fileprivate init(_ raw: Bandera__V1__NodeRole) {
        self = Self.allCases.first { $0.raw == raw } ?? .unknown
    }
}

extension NodeHealth {
    /// The C form.
    var raw: Bandera__V1__NodeHealth {
        switch self {
        case .unknown: BANDERA__V1__NODE_HEALTH__NODE_HEALTH_UNSPECIFIED
        case .healthy: BANDERA__V1__NODE_HEALTH__NODE_HEALTH_HEALTHY
        case .lagging: BANDERA__V1__NODE_HEALTH__NODE_HEALTH_LAGGING
        case .unreachable: BANDERA__V1__NODE_HEALTH__NODE_HEALTH_UNREACHABLE
        }
    }

    /// Reads the C form; what this code does not know is `unknown`.
    init(_ raw: Bandera__V1__NodeHealth) {
        self = Self.allCases.first { $0.raw == raw } ?? .unknown
    }
}
