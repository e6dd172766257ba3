internal import ClientProtocol
package import Flags
internal import Wire

/// The last ruleset that a client received, as the bytes of a file.
///
/// Header: 8 bytes of magic, format version (u32), checksum of the rest (u32); then the
/// environment's name and snapshot messages as on the wire, each after its length (u32). All
/// big-endian. A file that is cut short, damaged, of another environment or of a newer format is
/// refused: no flags are better than wrong ones.
package enum LastKnownGood {
    private static let magic = Array("BANDERAL".utf8)
    private static let version: UInt32 = 1
    private static let headerByteCount = 16
    /// Flags of one snapshot message: small enough for every bound of the protocol.
    private static let flagsPerPart = 256

    /// The file's bytes for `ruleset`.
    package static func encode(_ ruleset: Ruleset) -> [UInt8] {
        var body: [UInt8] = []
        self.append(Array(ruleset.environment.description.utf8), to: &body)
        let flags = ruleset.flags
        var start = 0
        repeat {
            let end = min(start + self.flagsPerPart, flags.count)
            let part = WatchEvent.Snapshot(
                revision: ruleset.revision,
                flags: Array(flags[start..<end]),
                isFirst: start == 0,
                isLast: end == flags.count
            )
            self.append(WatchEvent.snapshot(part).encode(), to: &body)
            start = end
        } while start < flags.count
        var bytes = self.magic
        self.append(self.version, to: &bytes)
        self.append(self.checksum(body[...]), to: &bytes)
        return bytes + body
    }

    /// The ruleset in a file's bytes; throws ``BanderaError`` saying what is wrong with them.
    package static func decode(
        _ bytes: [UInt8],
        environment: EnvironmentID
    ) throws(BanderaError) -> Ruleset {
        guard bytes.count >= self.headerByteCount, bytes.starts(with: self.magic) else {
            throw self.refused("it is not a last-known-good file")
        }
        guard self.number(bytes, at: 8) == self.version else {
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
        var receiver = WatchReceiver(environment: environment)
        while position < bytes.count {
            let record = try self.record(bytes, at: &position)
            let event: WatchEvent
            do throws(WireError) {
                event = try WatchEvent.decode(Array(record))
            } catch {
                throw self.refused("it has an unreadable part: \(error.message)")
            }
            if case .broken(let reason) = receiver.received(event) { throw self.refused(reason) }
        }
        guard receiver.hasBasis else { throw self.refused("it is incomplete") }
        return receiver.ruleset
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
