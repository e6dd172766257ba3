/// Protobuf written by hand, to make what no correct sender makes.
package struct ProtobufBytes {
    /// Starts an empty message.
    package init() {}

    package private(set) var bytes: [UInt8] = []

    package mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            self.bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        self.bytes.append(UInt8(rest))
    }

    package mutating func number(_ field: UInt64, _ value: UInt64) {
        self.varint(field << 3)
        self.varint(value)
    }

    package mutating func bytes(_ field: UInt64, _ content: [UInt8]) {
        self.bytes(field, claiming: content.count, content)
    }

    /// Writes a length that need not be true.
    package mutating func bytes(_ field: UInt64, claiming count: Int, _ content: [UInt8]) {
        self.varint(field << 3 | 2)
        self.varint(UInt64(count))
        self.bytes += content
    }

    package static func message(_ write: (inout ProtobufBytes) -> Void) -> [UInt8] {
        var message = ProtobufBytes()
        write(&message)
        return message.bytes
    }
}
