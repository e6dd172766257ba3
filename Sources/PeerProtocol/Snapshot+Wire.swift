internal import CMessages
internal import Raft
internal import Wire

extension SnapshotName {
    fileprivate func build(
        in arena: Arena
    ) -> UnsafeMutablePointer<Bandera__Peer__V1__SnapshotName> {
        arena.message(bandera__peer__v1__snapshot_name__init) { message in
            message.position = self.position.build(in: arena)
            message.checksum = self.checksum
        }
    }

    fileprivate init(
        _ message: UnsafeMutablePointer<Bandera__Peer__V1__SnapshotName>?
    ) throws(WireError) {
        let name = try require(message, "name").pointee
        let position = try LogPosition(name.position)
        guard position.index > .zero, position.term > .zero else {
            throw WireError(code: .outOfRange, message: "a snapshot of \(position)")
        }
        self.init(position: position, checksum: name.checksum)
    }
}

extension SnapshotOffer {
    /// Makes the C form.
    func build(in arena: Arena) -> UnsafeMutablePointer<Bandera__Peer__V1__SnapshotOffer> {
        arena.message(bandera__peer__v1__snapshot_offer__init) { message in
            message.name = self.descriptor.name.build(in: arena)
            message.term = self.term.rawValue
            message.size = self.descriptor.size
            message.membership_index = self.descriptor.membership.index.rawValue
            message.membership = arena.bytes(self.descriptor.membership.encode())
        }
    }

    /// Reads the C form.
    init(_ message: Bandera__Peer__V1__SnapshotOffer) throws(WireError) {
        let name = try SnapshotName(message.name)
        let term = try Term(received: message.term)
        let index = try LogIndex(received: message.membership_index)
        let payload = try checkedPayload(message.membership.array(), "a membership")
        guard message.size > 0, message.size <= PeerProtocolLimits.snapshotBytesMax,
            name.position.term <= term, index <= name.position.index
        else {
            throw WireError(
                code: .outOfRange,
                message: "a snapshot of \(message.size) bytes at \(name.position) in \(term)"
            )
        }
        guard let membership = Membership(decoding: payload, index: index) else {
            throw WireError(code: .malformed, message: "a snapshot without a configuration")
        }
        self.init(
            descriptor: SnapshotDescriptor(
                name: name,
                size: message.size,
                membership: membership
            ),
            term: term
        )
    }
}

extension SnapshotChunk {
    /// Makes the C form.
    func build(in arena: Arena) -> UnsafeMutablePointer<Bandera__Peer__V1__SnapshotChunk> {
        arena.message(bandera__peer__v1__snapshot_chunk__init) { message in
            message.name = self.name.build(in: arena)
            message.offset = self.offset
            message.checksum = self.checksum
            message.bytes = arena.bytes(self.bytes)
        }
    }

    /// Reads the C form.
    ///
    /// Whether the checksum is right is for the receiver to find out.
    init(_ message: Bandera__Peer__V1__SnapshotChunk) throws(WireError) {
        let name = try SnapshotName(message.name)
        guard message.bytes.len > 0, message.bytes.len <= PeerProtocolLimits.chunkBytesMax,
            message.offset <= PeerProtocolLimits.snapshotBytesMax
        else {
            throw WireError(
                code: .outOfRange,
                message: "a chunk of \(message.bytes.len) bytes at \(message.offset)"
            )
        }
        self.init(
            name: name,
            offset: message.offset,
            checksum: message.checksum,
            bytes: message.bytes.array()
        )
    }
}

extension SnapshotStatus {
    /// Makes the C form.
    func build(in arena: Arena) -> UnsafeMutablePointer<Bandera__Peer__V1__SnapshotStatus> {
        arena.message(bandera__peer__v1__snapshot_status__init) { message in
            message.name = self.name.build(in: arena)
            message.offset = self.offset
            switch self.state {
            case .receiving:
                message.state = BANDERA__PEER__V1__SNAPSHOT_STATUS__STATE__STATE_RECEIVING
            case .complete:
                message.state = BANDERA__PEER__V1__SNAPSHOT_STATUS__STATE__STATE_COMPLETE
            case .refused:
                message.state = BANDERA__PEER__V1__SNAPSHOT_STATUS__STATE__STATE_REFUSED
            }
        }
    }

    /// Reads the C form.
    init(_ message: Bandera__Peer__V1__SnapshotStatus) throws(WireError) {
        let state: State
        switch message.state {
        case BANDERA__PEER__V1__SNAPSHOT_STATUS__STATE__STATE_RECEIVING: state = .receiving
        case BANDERA__PEER__V1__SNAPSHOT_STATUS__STATE__STATE_COMPLETE: state = .complete
        case BANDERA__PEER__V1__SNAPSHOT_STATUS__STATE__STATE_REFUSED: state = .refused
        default:
            throw WireError(
                code: .outOfRange,
                message: "unknown snapshot state \(message.state.rawValue)"
            )
        }
        guard message.offset <= PeerProtocolLimits.snapshotBytesMax else {
            throw WireError(code: .outOfRange, message: "an offset of \(message.offset)")
        }
        self.init(
            name: try SnapshotName(message.name),
            offset: message.offset,
            state: state
        )
    }
}
