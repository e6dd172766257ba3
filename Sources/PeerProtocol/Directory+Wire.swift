internal import CMessages
internal import Raft
package import Wire

extension Member {
    /// Sets the fields of the C form.
    func fill(_ message: inout Bandera__Peer__V1__Member, in arena: Arena) {
        message.id = self.id.rawValue
        message.name = arena.bytes(self.name)
        message.region = arena.bytes(self.region)
        message.zone = arena.bytes(self.zone)
        message.peer_address = arena.bytes(self.peerAddress)
        message.client_address = arena.bytes(self.clientAddress)
        message.priority = self.priority
        message.disk = self.diskID
    }

    /// Makes the C form.
    func build(in arena: Arena) -> UnsafeMutablePointer<Bandera__Peer__V1__Member> {
        arena.message(bandera__peer__v1__member__init) { self.fill(&$0, in: arena) }
    }

    /// Reads the C form.
    init(_ message: Bandera__Peer__V1__Member) throws(WireError) {
        let nameMax = PeerProtocolLimits.memberNameBytesMax
        let addressMax = PeerProtocolLimits.addressBytesMax
        self.init(
            id: try NodeID(received: message.id),
            name: try message.name.string(byteCountMax: nameMax, "name"),
            region: try message.region.string(byteCountMax: nameMax, "region"),
            zone: try message.zone.string(byteCountMax: nameMax, "zone"),
            peerAddress: try message.peer_address.string(
                byteCountMax: addressMax,
                "peer_address"
            ),
            clientAddress: try message.client_address.string(
                byteCountMax: addressMax,
                "client_address"
            ),
            priority: message.priority,
            diskID: message.disk
        )
    }

    /// Whether the strings fit into the protocol's bounds: an operator may have written them.
    package var fitsProtocol: Bool {
        let nameMax = PeerProtocolLimits.memberNameBytesMax
        let addressMax = PeerProtocolLimits.addressBytesMax
        return self.name.utf8.count <= nameMax && self.region.utf8.count <= nameMax
            && self.zone.utf8.count <= nameMax && self.peerAddress.utf8.count <= addressMax
            && self.clientAddress.utf8.count <= addressMax
    }
}

extension Directory: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(
            arena.message(bandera__peer__v1__directory__init) { message in
                message.n_members = self.members.count
                message.members = arena.messages(
                    self.members,
                    bandera__peer__v1__member__init
                ) { $0.fill(&$1, in: arena) }
                message.n_retired = self.retired.count
                message.retired = arena.numbers(self.retired.map(\.rawValue))
            }
        )
    }

    /// Reads a directory; one whose ids are not ascending, or that retires a member, is refused.
    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> Directory {
        try arena.unpack(bytes, with: bandera__peer__v1__directory__unpack) {
            (pointer) throws(WireError) -> Directory in
            let message = pointer.pointee
            let members = try readMessages(
                message.n_members,
                message.members,
                max: PeerProtocolLimits.membersMax,
                "members"
            ) { (member) throws(WireError) -> Member in try Member(member.pointee) }
            guard message.n_retired <= PeerProtocolLimits.retiredMax else {
                throw WireError(
                    code: .tooLarge,
                    message: "\(message.n_retired) retired nodes"
                )
            }
            var retired: [NodeID] = []
            retired.reserveCapacity(message.n_retired)
            if let ids = message.retired {
                for index in 0..<message.n_retired {
                    retired.append(try NodeID(received: ids[index]))
                }
            }
            let directory = Directory(members: members, retired: retired)
            guard directory.members == members, directory.retired == retired else {
                throw WireError(
                    code: .outOfRange,
                    message: "a directory whose nodes are not in order, each once"
                )
            }
            return directory
        }
    }
}
