internal import Raft
internal import Wire

/// Reads of numbers that the core computes with: none that could overflow is let in.
func checkedCounter(_ value: UInt64, _ field: String) throws(WireError) -> UInt64 {
    guard value <= PeerProtocolLimits.counterMax else {
        throw WireError(code: .outOfRange, message: "\(field) is \(value)")
    }
    return value
}

extension Term {
    init(received value: UInt64) throws(WireError) {
        self.init(try checkedCounter(value, "term"))
    }
}

extension LogIndex {
    init(received value: UInt64) throws(WireError) {
        self.init(try checkedCounter(value, "index"))
    }
}

extension NodeID {
    init(received value: UInt64) throws(WireError) {
        guard value != 0 else {
            throw WireError(code: .outOfRange, message: "node id 0")
        }
        self.init(value)
    }
}

/// Reads a payload that is kept whole.
func checkedPayload(_ payload: [UInt8], _ field: String) throws(WireError) -> [UInt8] {
    guard payload.count <= PeerProtocolLimits.payloadBytesMax else {
        throw WireError(code: .tooLarge, message: "\(field) of \(payload.count) bytes")
    }
    return payload
}
