package import CMessages

/// Memory for the C form of one message at a time: a bump allocator that is emptied as a whole.
///
/// Unpacking takes no more than `unpackBytesMax`, whatever the bytes claim, so a lying count or a
/// cheap flood of elements ends in ``WireError/Code/tooLarge`` instead of exhausting memory.
/// Building a message to pack is not bounded: it is made of values that are already in memory.
///
/// Not `Sendable`: an event loop or thread keeps one and reuses it for every message.
package final class Arena {
    private static let blockBytesMin = 4 << 10
    private static let alignment = 16

    /// The blocks in use; the last is the one that is being filled.
    private var blocks: [UnsafeMutableRawBufferPointer] = []
    /// How much of the last block is taken.
    private var used = 0
    private var isOpen = false

    /// How much more unpacking may take.
    private var unpackBytesLeft = 0
    /// Where the stack stood when unpacking began.
    private var unpackStack: UInt = 0
    private var unpackFailure: WireError?

    package init() {}

    deinit {
        for block in self.blocks {
            block.deallocate()
        }
    }

    /// Empties the arena, runs `body`, and forbids another use meanwhile.
    package func exclusively<Result>(
        _ body: () throws(WireError) -> Result
    ) throws(WireError) -> Result {
        precondition(!self.isOpen, "an arena holds one message at a time")
        self.isOpen = true
        defer {
            self.isOpen = false
            self.reset()
        }
        return try body()
    }

    /// Takes memory that lives until the current message is done.
    func take(_ count: Int) -> UnsafeMutableRawPointer {
        let rounded = Self.rounded(count)
        if let block = self.blocks.last, block.count - self.used >= rounded,
            let base = block.baseAddress
        {
            defer { self.used += rounded }
            return base + self.used
        }
        return self.takeFromNewBlock(rounded)
    }

    private static func rounded(_ count: Int) -> Int {
        (count + Self.alignment - 1) & ~(Self.alignment - 1)
    }

    private func takeFromNewBlock(_ count: Int) -> UnsafeMutableRawPointer {
        let doubled = (self.blocks.last?.count ?? 0) * 2
        let block = UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(count, doubled, Self.blockBytesMin),
            alignment: Self.alignment
        )
        guard let base = block.baseAddress else { preconditionFailure("an empty block") }
        self.blocks.append(block)
        self.used = count
        return base
    }

    /// Keeps the largest block, unless it is excessive, and gives the others back.
    private func reset() {
        self.used = 0
        while self.blocks.count > 1 {
            self.blocks.removeFirst().deallocate()
        }
        if let block = self.blocks.first, block.count > WireLimits.arenaKeptBytesMax {
            block.deallocate()
            self.blocks.removeAll(keepingCapacity: true)
        }
    }
}

extension Arena {
    /// Unpacks `bytes` with a generated function and hands the C message to `body`.
    ///
    /// The message and all it points to end with `body`, which must return Swift values only.
    package func unpack<Message, Result>(
        _ bytes: UnsafeRawBufferPointer,
        with function: (
            UnsafeMutablePointer<ProtobufCAllocator>?, Int, UnsafePointer<UInt8>?
        ) -> UnsafeMutablePointer<Message>?,
        _ body: (UnsafePointer<Message>) throws(WireError) -> Result
    ) throws(WireError) -> Result {
        try self.exclusively { () throws(WireError) -> Result in
            self.unpackBytesLeft = WireLimits.unpackedBytesMax(messageBytes: bytes.count)
            self.unpackFailure = nil
            self.unpackStack = cmessages_frame_address()
            var allocator = ProtobufCAllocator(
                alloc: { arena, count in
                    guard let arena else { return nil }
                    return Unmanaged<Arena>.fromOpaque(arena).takeUnretainedValue().unpackTake(
                        count
                    )
                },
                free: { _, _ in },
                allocator_data: Unmanaged.passUnretained(self).toOpaque()
            )
            let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
            guard let message = function(&allocator, bytes.count, start) else {
                throw self.unpackFailure
                    ?? WireError(code: .malformed, message: "not a message of the expected type")
            }
            return try body(UnsafePointer(message))
        }
    }

    /// What protobuf-c allocates through; `nil` makes it abandon the message.
    private func unpackTake(_ count: Int) -> UnsafeMutableRawPointer? {
        // Checked before it is rounded up, which could overflow; a size past Int.max is negative.
        guard count >= 0, count <= self.unpackBytesLeft,
            Self.rounded(count) <= self.unpackBytesLeft
        else {
            self.unpackFailure = WireError(code: .tooLarge, message: "unpacks to too much memory")
            return nil
        }
        // protobuf-c recurses without a bound, and allocates at each level: the place to stop it.
        let stack = cmessages_frame_address()
        let depth = max(stack, self.unpackStack) - min(stack, self.unpackStack)
        guard depth <= UInt(WireLimits.unpackStackBytesMax) else {
            self.unpackFailure = WireError(code: .tooDeep, message: "nested too deeply")
            return nil
        }
        self.unpackBytesLeft -= Self.rounded(count)
        return self.take(count)
    }
}
