package import CMessages

/// Builds the C form of Swift values, ready to be packed; all pointers live as long as the message.
extension Arena {
    /// Copies the UTF-8 of a string.
    package func bytes(_ string: String) -> ProtobufCBinaryData {
        var string = string
        return string.withUTF8 { self.bytes(UnsafeRawBufferPointer($0)) }
    }

    /// Copies an array of bytes.
    package func bytes(_ array: [UInt8]) -> ProtobufCBinaryData {
        array.withUnsafeBytes { self.bytes($0) }
    }

    private func bytes(_ source: UnsafeRawBufferPointer) -> ProtobufCBinaryData {
        guard let start = source.baseAddress, !source.isEmpty else {
            return ProtobufCBinaryData(len: 0, data: nil)
        }
        let copy = self.take(source.count)
        copy.copyMemory(from: start, byteCount: source.count)
        let data = copy.assumingMemoryBound(to: UInt8.self)
        return ProtobufCBinaryData(len: source.count, data: data)
    }

    /// Copies the strings of a repeated field; `nil` when there are none.
    package func strings(_ strings: [String]) -> UnsafeMutablePointer<ProtobufCBinaryData>? {
        guard !strings.isEmpty else { return nil }
        let array = self.take(strings.count * MemoryLayout<ProtobufCBinaryData>.stride)
            .bindMemory(to: ProtobufCBinaryData.self, capacity: strings.count)
        for index in strings.indices {
            (array + index).initialize(to: self.bytes(strings[index]))
        }
        return array
    }

    /// Copies the numbers of a repeated field; `nil` when there are none.
    package func numbers<Number: FixedWidthInteger>(
        _ numbers: [Number]
    ) -> UnsafeMutablePointer<Number>? {
        guard !numbers.isEmpty else { return nil }
        let array = self.take(numbers.count * MemoryLayout<Number>.stride)
            .bindMemory(to: Number.self, capacity: numbers.count)
        for index in numbers.indices { (array + index).initialize(to: numbers[index]) }
        return array
    }

    /// Makes one message: `initialize` is its generated `…__init`, `fill` sets its fields.
    package func message<Message>(
        _ initialize: (UnsafeMutablePointer<Message>?) -> Void,
        _ fill: (inout Message) -> Void
    ) -> UnsafeMutablePointer<Message> {
        let message = self.take(MemoryLayout<Message>.stride)
            .bindMemory(to: Message.self, capacity: 1)
        initialize(message)
        fill(&message.pointee)
        return message
    }

    /// Makes the messages of a repeated field, in one piece; `nil` when there are none.
    package func messages<Source, Message>(
        _ sources: [Source],
        _ initialize: (UnsafeMutablePointer<Message>?) -> Void,
        _ fill: (Source, inout Message) -> Void
    ) -> UnsafeMutablePointer<UnsafeMutablePointer<Message>?>? {
        guard !sources.isEmpty else { return nil }
        let pointers = self.take(
            sources.count * MemoryLayout<UnsafeMutablePointer<Message>?>.stride
        )
        .bindMemory(to: UnsafeMutablePointer<Message>?.self, capacity: sources.count)
        let messages = self.take(sources.count * MemoryLayout<Message>.stride)
            .bindMemory(to: Message.self, capacity: sources.count)
        for index in sources.indices {
            let message = messages + index
            initialize(message)
            fill(sources[index], &message.pointee)
            (pointers + index).initialize(to: message)
        }
        return pointers
    }
}
