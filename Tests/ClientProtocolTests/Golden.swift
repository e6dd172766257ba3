import ClientProtocol
import Flags
import Testing
import Wire

/// The bytes of a message, in hexadecimal.
func hex(_ message: some WireMessage) -> String {
    message.encode().map { byte in
        let digits = String(byte, radix: 16)
        return digits.count == 1 ? "0" + digits : digits
    }.joined()
}

/// The bytes of a write, in hexadecimal.
func hex(_ command: Command) -> String {
    hex(WriteRequest(session: Revision(1), sequence: 2, command: command))
}

/// The bytes that are written in hexadecimal.
func bytes(_ hex: String) -> [UInt8] {
    let digits = hex.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count - 1, by: 2).map {
        UInt8(digits[$0] << 4 | digits[$0 + 1])
    }
}

/// A message has exactly these bytes, and these bytes are that message.
func expectBytes<Message: WireMessage & Equatable>(
    _ message: Message,
    _ golden: String,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(hex(message) == golden, sourceLocation: sourceLocation)
    #expect(throws: Never.self, sourceLocation: sourceLocation) {
        let decoded = try Message.decode(bytes(golden))
        #expect(decoded == message, sourceLocation: sourceLocation)
    }
}
