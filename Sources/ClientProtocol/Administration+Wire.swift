internal import CMessages
internal import Flags
package import Wire

extension AdministerRequest: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(
            arena.message(bandera__v1__administer_request__init) { message in
                self.command.fill(&message, in: arena)
            }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> AdministerRequest {
        try arena.unpack(bytes, with: bandera__v1__administer_request__unpack) {
            (message) throws(WireError) -> AdministerRequest in
            AdministerRequest(try ClusterAction(message.pointee))
        }
    }
}

extension AdministerResponse: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(
            arena.message(bandera__v1__administer_response__init) { message in
                message.revision = self.revision.rawValue
                message.leader = self.leader ?? 0
            }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> AdministerResponse {
        try arena.unpack(bytes, with: bandera__v1__administer_response__unpack) {
            (message) throws(WireError) -> AdministerResponse in
            let leader = message.pointee.leader
            return AdministerResponse(
                revision: Revision(message.pointee.revision),
                leader: leader == 0 ? nil : leader
            )
        }
    }
}

extension StateHashRequest: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(
            arena.message(bandera__v1__state_hash_request__init) { message in
                switch self {
                case .hold: message.hold = 1
                case .digest(let revision): message.revision = revision.rawValue
                }
            }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> StateHashRequest {
        try arena.unpack(bytes, with: bandera__v1__state_hash_request__unpack) {
            (message) throws(WireError) -> StateHashRequest in
            message.pointee.hold != 0
                ? .hold : .digest(at: Revision(message.pointee.revision))
        }
    }
}

extension StateHashResponse: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(
            arena.message(bandera__v1__state_hash_response__init) { message in
                message.revision = self.revision.rawValue
                message.hash = self.hash
                message.node = self.node
            }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> StateHashResponse {
        try arena.unpack(bytes, with: bandera__v1__state_hash_response__unpack) {
            (message) throws(WireError) -> StateHashResponse in
            StateHashResponse(
                revision: Revision(message.pointee.revision),
                hash: message.pointee.hash,
                node: message.pointee.node
            )
        }
    }
}

extension ClusterAction {
    /// Sets the command of an administration request.
    fileprivate func fill(_ message: inout Bandera__V1__AdministerRequest, in arena: Arena) {
        func reference(_ id: UInt64) -> UnsafeMutablePointer<Bandera__V1__NodeReference> {
            arena.message(bandera__v1__node_reference__init) { $0.id = id }
        }
        switch self {
        case .add(let member):
            message.command_case = BANDERA__V1__ADMINISTER_REQUEST__COMMAND_ADD
            message.add = arena.message(bandera__v1__cluster_member__init) {
                member.fill(&$0, in: arena)
            }
        case .promote(let id):
            message.command_case = BANDERA__V1__ADMINISTER_REQUEST__COMMAND_PROMOTE
            message.promote = reference(id)
        case .remove(let id):
            message.command_case = BANDERA__V1__ADMINISTER_REQUEST__COMMAND_REMOVE
            message.remove = reference(id)
        case .replace(let old, let new):
            message.command_case = BANDERA__V1__ADMINISTER_REQUEST__COMMAND_REPLACE
            message.replace = arena.message(bandera__v1__replace_node__init) {
                $0.from = old
                $0.to = new
            }
        case .transfer(let target):
            message.command_case = BANDERA__V1__ADMINISTER_REQUEST__COMMAND_TRANSFER
            message.transfer = arena.message(bandera__v1__transfer_leadership__init) {
                $0.to = target ?? 0
            }
        }
    }

    /// Reads and checks the command of an administration request.
    fileprivate init(_ message: Bandera__V1__AdministerRequest) throws(WireError) {
        switch message.command_case {
        case BANDERA__V1__ADMINISTER_REQUEST__COMMAND_ADD:
            self = .add(try ClusterMember(try require(message.add, "member")))
        case BANDERA__V1__ADMINISTER_REQUEST__COMMAND_PROMOTE:
            self = .promote(try require(message.promote, "node").pointee.id)
        case BANDERA__V1__ADMINISTER_REQUEST__COMMAND_REMOVE:
            self = .remove(try require(message.remove, "node").pointee.id)
        case BANDERA__V1__ADMINISTER_REQUEST__COMMAND_REPLACE:
            let replace = try require(message.replace, "nodes").pointee
            self = .replace(replace.from, with: replace.to)
        case BANDERA__V1__ADMINISTER_REQUEST__COMMAND_TRANSFER:
            let target = try require(message.transfer, "transfer").pointee.to
            self = .transfer(to: target == 0 ? nil : target)
        default:
            throw WireError(code: .missing, message: "a change without a known command")
        }
    }
}

extension ClusterMember {
    fileprivate func fill(_ message: inout Bandera__V1__ClusterMember, in arena: Arena) {
        message.id = self.id
        message.name = arena.bytes(self.name)
        message.region = arena.bytes(self.region)
        message.zone = arena.bytes(self.zone)
        message.peer_address = arena.bytes(self.peerAddress)
        message.client_address = arena.bytes(self.clientAddress)
        message.priority = self.priority
    }

    fileprivate init(_ message: UnsafePointer<Bandera__V1__ClusterMember>) throws(WireError) {
        let raw = message.pointee
        self.init(
            id: raw.id,
            name: try raw.name.identifier("name"),
            region: try raw.region.identifier("region"),
            zone: try raw.zone.identifier("zone"),
            peerAddress: try raw.peer_address.identifier("peer address"),
            clientAddress: try raw.client_address.identifier("client address"),
            priority: raw.priority
        )
    }
}
