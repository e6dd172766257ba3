package import CMessages

/// Reads fields of a C message into Swift values, checking each.
extension ProtobufCBinaryData {
    /// The bytes as a string, which they must encode in valid UTF-8; nothing is repaired.
    package func string() throws(WireError) -> String {
        guard let data = self.data, self.len > 0 else { return "" }
        let bytes = UnsafeBufferPointer(start: data, count: self.len)
        // Not `String(validating:as:)`: that looks generic metadata up for every string.
        do throws(UTF8.ValidationError) {
            return String(copying: try UTF8Span(validating: bytes.span))
        } catch {
            throw WireError(code: .notUTF8, message: "a string is not UTF-8")
        }
    }

    /// The bytes as a string of no more than `byteCountMax` bytes.
    package func string(byteCountMax: Int, _ field: String) throws(WireError) -> String {
        guard self.len <= byteCountMax else {
            throw WireError(
                code: .tooLarge,
                message: "\(field) has \(self.len) bytes, allowed are \(byteCountMax)"
            )
        }
        return try self.string()
    }

    /// A copy of the bytes.
    package func array() -> [UInt8] {
        guard let data = self.data, self.len > 0 else { return [] }
        return [UInt8](UnsafeBufferPointer(start: data, count: self.len))
    }
}

/// The strings of a repeated field, each of no more than `byteCountMax` bytes.
package func readStrings(
    _ count: Int,
    _ array: UnsafeMutablePointer<ProtobufCBinaryData>?,
    max: Int,
    byteCountMax: Int,
    _ field: String
) throws(WireError) -> [String] {
    try checkCount(count, max: max, field)
    guard let array, count > 0 else { return [] }
    var strings: [String] = []
    strings.reserveCapacity(count)
    for index in 0..<count {
        strings.append(try array[index].string(byteCountMax: byteCountMax, field))
    }
    return strings
}

/// The messages of a repeated field, each converted.
package func readMessages<Message, Element>(
    _ count: Int,
    _ array: UnsafeMutablePointer<UnsafeMutablePointer<Message>?>?,
    max: Int,
    _ field: String,
    _ convert: (UnsafePointer<Message>) throws(WireError) -> Element
) throws(WireError) -> [Element] {
    try checkCount(count, max: max, field)
    guard let array, count > 0 else { return [] }
    var elements: [Element] = []
    elements.reserveCapacity(count)
    for index in 0..<count {
        guard let message = array[index] else {
            throw WireError(code: .malformed, message: "\(field) has a hole")
        }
        elements.append(try convert(UnsafePointer(message)))
    }
    return elements
}

private func checkCount(_ count: Int, max: Int, _ field: String) throws(WireError) {
    guard count <= max else {
        throw WireError(
            code: .tooLarge,
            message: "\(field) has \(count) elements, allowed are \(max)"
        )
    }
}

/// A submessage that must be there.
package func require<Message>(
    _ message: UnsafeMutablePointer<Message>?,
    _ field: String
) throws(WireError) -> UnsafePointer<Message> {
    guard let message else {
        throw WireError(code: .missing, message: "\(field) is missing")
    }
    return UnsafePointer(message)
}
