/// Lays compact JSON out over lines, two spaces a level: for people who read it all the same.
enum JSONIndentation {
    /// The same document; `compact` must be JSON without white space between its tokens.
    static func indented(_ compact: String) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(compact.utf8.count * 2)
        var depth = 0
        var isInString = false
        var isEscaped = false
        var previous: UInt8 = 0

        func breakLine(to depth: Int) {
            output.append(UInt8(ascii: "\n"))
            output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: depth * 2))
        }
        for byte in compact.utf8 {
            defer { previous = byte }
            if isInString {
                output.append(byte)
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
                continue
            }
            let isClosing = byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]")
            let wasOpening = previous == UInt8(ascii: "{") || previous == UInt8(ascii: "[")
            if isClosing {
                depth -= 1
                if !wasOpening { breakLine(to: depth) }
            } else if wasOpening || previous == UInt8(ascii: ",") {
                breakLine(to: depth)
            }
            output.append(byte)
            switch byte {
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: ":"): output.append(UInt8(ascii: " "))
            case UInt8(ascii: "\""): isInString = true
            default: break
            }
        }
        return String(decoding: output, as: UTF8.self)
    }
}
