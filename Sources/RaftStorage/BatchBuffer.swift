internal import Raft

/// Builds the bytes of one batch, contiguous, in memory that is kept from batch to batch.
struct BatchBuffer: ~Copyable {
    private var storage: UnsafeMutableRawBufferPointer
    private(set) var count = 0
    private var root: UInt64 = 0
    private(set) var chain: UInt64 = 0
    private var batch: UInt64 = 0

    init() {
        self.storage = UnsafeMutableRawBufferPointer.allocate(byteCount: 4_096, alignment: 8)
    }

    deinit { self.storage.deallocate() }

    /// Forgets the last batch and starts one.
    ///
    /// `root` seals it; `chain` ends the record before it.
    mutating func start(root: UInt64, chain: UInt64, batch: UInt64, bytes: Int) {
        self.count = 0
        self.root = root
        self.chain = chain
        self.batch = batch
        if bytes > self.storage.count {
            self.storage.deallocate()
            self.storage = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes, alignment: 8)
        }
    }

    /// Adds a record whose payload is a few 64-bit words.
    mutating func add(
        _ type: RecordType,
        at position: LogPosition,
        words: [UInt64],
        endsBatch: Bool
    ) {
        let littleEndian = words.map { $0.littleEndian }
        littleEndian.withUnsafeBytes {
            self.add(type, kind: 0, at: position, payload: $0, endsBatch: endsBatch)
        }
    }

    /// Adds a record with any other payload.
    mutating func add(
        _ type: RecordType,
        at position: LogPosition,
        payload: [UInt8],
        endsBatch: Bool
    ) {
        payload.withUnsafeBytes {
            self.add(type, kind: 0, at: position, payload: $0, endsBatch: endsBatch)
        }
    }

    mutating func add(_ entry: Entry, endsBatch: Bool) {
        let position = LogPosition(term: entry.term, index: entry.index)
        entry.payload.withUnsafeBytes {
            self.add(
                .entry,
                kind: entry.kind.rawValue,
                at: position,
                payload: $0,
                endsBatch: endsBatch
            )
        }
    }

    /// The batch's bytes, for one write.
    func withBytes<E: Error>(_ body: (Span<UInt8>) throws(E) -> Void) throws(E) {
        let bytes = UnsafeRawBufferPointer(rebasing: self.storage[0..<self.count])
        // The memory is owned by `self`, which outlives the call.
        try body(bytes.assumingMemoryBound(to: UInt8.self).span)
    }

    private mutating func add(
        _ type: RecordType,
        kind: UInt8,
        at position: LogPosition,
        payload: UnsafeRawBufferPointer,
        endsBatch: Bool
    ) {
        let bytes = RecordHeader.recordBytes(payloadBytes: payload.count)
        precondition(self.count + bytes <= self.storage.count, "the batch was sized beforehand")
        guard let base = self.storage.baseAddress else { preconditionFailure("allocated in init") }
        let start = base + self.count
        let end = bytes - RecordHeader.trailerBytes
        let length = UInt64(UInt32(payload.count))
        let tags = UInt64(type.rawValue) << 32 | UInt64(kind) << 40 | (endsBatch ? 1 << 48 : 0)
        start.store(word: length | tags | UInt64(RecordHeader.mark) << 56, at: 0)
        start.store(word: self.batch, at: 8)
        start.store(word: position.term.rawValue, at: 16)
        start.store(word: position.index.rawValue, at: 24)
        start.store(word: self.chain, at: 32)
        start.store(word: Checksum.seal(start, count: 40, seed: self.root), at: 40)
        if let source = payload.baseAddress, payload.count > 0 {
            // The last word first: its padding is zero, whatever the buffer held before.
            start.store(word: 0, at: end - 8)
            (start + RecordHeader.bytes).copyMemory(from: source, byteCount: payload.count)
        }
        self.chain = Checksum.seal(start, count: end, seed: self.root)
        start.store(word: self.chain, at: end)
        self.count += bytes
    }
}

extension UnsafeMutableRawPointer {
    fileprivate func store(word: UInt64, at offset: Int) {
        self.storeBytes(of: word.littleEndian, toByteOffset: offset, as: UInt64.self)
    }
}
