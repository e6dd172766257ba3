internal import ClientProtocol
package import Flags
internal import Wire

/// The last ruleset or values that a client received, as the bytes of a file.
///
/// Header: 8 bytes of magic, format version (u32), checksum of the rest (u32); then the
/// environment's name, the watch's request, and snapshot messages or values as on the wire, each
/// after its length (u32). All big-endian. Version 1 has no request and only rules. A file that is
/// cut short, damaged, of another environment or context or of a newer format is refused: no flags
/// are better than wrong ones.
package enum LastKnownGood {
    private static let magic = Array("BANDERAL".utf8)
    private static let version: UInt32 = 2
    private static let headerByteCount = 16
    /// Flags, segments or values of one message: small enough for every bound of the protocol.
    private static let itemsPerPart = 256

    /// The file's bytes for `source`.
    package static func encode(_ source: FlagSource) -> [UInt8] {
        var body: [UInt8] = []
        self.append(Array(source.environment.description.utf8), to: &body)
        let events: [WatchEvent]
        switch source {
        case .rules(let ruleset):
            self.append(WatchRequest(environment: ruleset.environment).encode(), to: &body)
            events = self.parts(ruleset).map { .snapshot($0) }
        case .values(let values):
            let request = WatchRequest(environment: values.environment, context: values.context)
            self.append(request.encode(), to: &body)
            events = self.parts(values).map { .values($0) }
        }
        for event in events { self.append(event.encode(), to: &body) }
        var bytes = self.magic
        self.append(self.version, to: &bytes)
        self.append(self.checksum(body[...]), to: &bytes)
        return bytes + body
    }

    private static func parts(_ ruleset: Ruleset) -> [WatchEvent.Snapshot] {
        let flags = self.portions(ruleset.flags)
        let segments = self.portions(ruleset.segments)
        let count = max(1, flags.count + segments.count)
        return (0..<count).map { index in
            WatchEvent.Snapshot(
                revision: ruleset.revision,
                flags: index < flags.count ? flags[index] : [],
                segments: index < flags.count || segments.isEmpty
                    ? [] : segments[index - flags.count],
                isFirst: index == 0,
                isLast: index == count - 1
            )
        }
    }

    private static func parts(_ values: EvaluatedValues) -> [WatchEvent.Values] {
        let portions = self.portions(values.all)
        let count = max(1, portions.count)
        return (0..<count).map { index in
            WatchEvent.Values(
                revision: values.revision,
                values: portions.isEmpty ? [] : portions[index],
                isSnapshot: index == 0,
                isPartial: index < count - 1
            )
        }
    }

    private static func portions<Item>(_ items: [Item]) -> [[Item]] {
        stride(from: 0, to: items.count, by: self.itemsPerPart).map { start in
            Array(items[start..<min(start + self.itemsPerPart, items.count)])
        }
    }

    /// What is in a file's bytes; throws ``BanderaError`` saying what is wrong with them.
    package static func decode(
        _ bytes: [UInt8],
        environment: EnvironmentID,
        context: EvaluationContext? = nil
    ) throws(BanderaError) -> FlagSource {
        guard bytes.count >= self.headerByteCount, bytes.starts(with: self.magic) else {
            throw self.refused("it is not a last-known-good file")
        }
        let version = self.number(bytes, at: 8)
        guard (1...self.version).contains(version) else {
            throw self.refused("its format is of another version")
        }
        let body = bytes[self.headerByteCount...]
        guard self.number(bytes, at: 12) == self.checksum(body) else {
            throw self.refused("its checksum is wrong")
        }
        var position = self.headerByteCount
        let name = try self.record(bytes, at: &position)
        guard name.elementsEqual(environment.description.utf8) else {
            throw self.refused("it is of environment \(String(decoding: name, as: UTF8.self))")
        }
        var receiver = WatchReceiver(environment: environment, context: context)
        if version > 1 {
            let request = try self.read(try self.record(bytes, at: &position)) {
                (bytes) throws(WireError) in try WatchRequest.decode(bytes)
            }
            guard request.context == context else {
                throw self.refused("it is of another context, or of rules instead of values")
            }
        }
        while position < bytes.count {
            let event = try self.read(try self.record(bytes, at: &position)) {
                (bytes) throws(WireError) in try WatchEvent.decode(bytes)
            }
            if case .broken(let reason) = receiver.received(event) { throw self.refused(reason) }
        }
        guard receiver.hasBasis else { throw self.refused("it is incomplete") }
        return receiver.source
    }

    private static func read<Message>(
        _ record: ArraySlice<UInt8>,
        _ decode: ([UInt8]) throws(WireError) -> Message
    ) throws(BanderaError) -> Message {
        do throws(WireError) {
            return try decode(Array(record))
        } catch {
            throw self.refused("it has an unreadable part: \(error.message)")
        }
    }

    private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        var hash = Murmur3()
        hash.update(bytes.span)
        return hash.finalized()
    }

    private static func record(
        _ bytes: [UInt8],
        at position: inout Int
    ) throws(BanderaError) -> ArraySlice<UInt8> {
        guard bytes.count - position >= 4 else { throw self.refused("it is cut short") }
        let count = Int(self.number(bytes, at: position))
        let start = position + 4
        guard bytes.count - start >= count else { throw self.refused("it is cut short") }
        position = start + count
        return bytes[start..<position]
    }

    private static func number(_ bytes: [UInt8], at position: Int) -> UInt32 {
        bytes[position..<position + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }

    private static func append(_ number: UInt32, to bytes: inout [UInt8]) {
        for shift in [24, 16, 8, 0] as [UInt32] { bytes.append(UInt8(number >> shift & 0xff)) }
    }

    private static func append(_ record: [UInt8], to bytes: inout [UInt8]) {
        self.append(UInt32(record.count), to: &bytes)
        bytes.append(contentsOf: record)
    }

    private static func refused(_ reason: String) -> BanderaError {
        BanderaError(.invalidConfiguration, "the last-known-good file cannot be used: \(reason)")
    }
}
