internal import Wire

/// Frames, from a connection that delivers them in pieces of any size.
enum FrameFuzz {
    static func run(_ input: [UInt8]) {
        guard let choice = input.first else { return }
        let receiver: FrameReader.Receiver = choice & 1 == 0 ? .client : .server
        var reader = FrameReader(receiver: receiver, frameBytesMax: choice & 2 == 0 ? 64 : 1 << 20)
        var whole = reader
        let bytes = Array(input.dropFirst())
        let piece = Int(choice >> 2) + 1
        var consumed = 0
        var received = 0
        while received < bytes.count {
            received = min(received + piece, bytes.count)
            while let count = Self.next(&reader, bytes[consumed..<received]) {
                // What the reader takes does not depend on how it arrived.
                precondition(Self.next(&whole, bytes[consumed...]) == count, "pieces matter")
                consumed += count
            }
        }
    }

    /// The size of the first frame; `nil` if it is not whole or was refused.
    private static func next(_ reader: inout FrameReader, _ bytes: ArraySlice<UInt8>) -> Int? {
        let offered = Array(bytes)
        let step = unsafe offered.withUnsafeBytes { unsafe reader.next($0) }
        switch step {
        case .frame(let header, let payload):
            precondition(payload.upperBound <= offered.count, "\(header) ends in \(payload)")
            precondition(payload.count == Int(header.length), "\(header) has \(payload)")
            return payload.upperBound
        case .incomplete(let needed):
            precondition(needed > offered.count, "needs \(needed) of \(offered.count)")
            return nil
        case .violation:
            let again = unsafe offered.withUnsafeBytes { unsafe reader.next($0) }
            precondition(again == step, "a refusal is final")
            return nil
        }
    }
}
