import ClientProtocol
import Wire

/// Bytes that a node should not have been sent.
enum Garbage {
    /// Makes the same "random" bytes in every run.
    private static let seed: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// Proper settings, with which a connection begins.
    static func settings(for port: Port) -> [UInt8] {
        Settings(
            limits: port == .client ? .client : .peer,
            cluster: "tests",
            nodeID: port == .peer ? 2 : 0
        ).encodeFrame(.settings, stream: .connection)
    }

    /// What must end the connection, with a name for each.
    static func fatal(for port: Port) -> [(what: String, bytes: [UInt8])] {
        let settings = Self.settings(for: port)
        let streams = StreamID(1)
        let request = Self.request("bandera.v1.Flags/Write", stream: streams, body: [])
        return [
            ("random bytes (seed \(Self.seed))", Self.random(64 << 10)),
            ("random bytes after the settings", settings + Self.random(64 << 10)),
            ("a length of 4 GiB", settings + Self.header(length: .max, type: 3, stream: 1)),
            (
                "a length over the limit",
                settings + Self.header(length: 64 << 20, type: 3, stream: 1)
            ),
            ("an unknown type", settings + Self.header(length: 0, type: 77, stream: 1)),
            ("reserved bits", settings + [0, 0, 0, 0, 3, 0, 0xff, 0xff, 0, 0, 0, 1]),
            ("a request before the settings", request),
            ("settings twice", settings + settings),
            (
                "settings that are no message",
                Self.header(length: 4, type: 1, stream: 0) + [0xff, 0xff, 0xff, 0xff]
            ),
            (
                "a ping of 3 bytes",
                settings + Self.header(length: 3, type: 7, stream: 0) + [1, 2, 3]
            ),
            ("a stream id used twice", settings + request + request),
            ("settings on a stream", settings + Self.header(length: 0, type: 1, stream: 5)),
        ]
    }

    /// What must only end its own call, with a name for each; the stream ids grow.
    static var harmless: [(what: String, bytes: [UInt8])] {
        [
            ("an unknown method", Self.request("no.such/Method", stream: StreamID(1), body: [])),
            (
                "a body that is no message",
                Self.request(
                    ClientMethod.write.rawValue,
                    stream: StreamID(3),
                    body: [0xff, 0xff, 0xff, 0xff, 0xff]
                )
            ),
            (
                "an empty command",
                Self.request(ClientMethod.write.rawValue, stream: StreamID(5), body: [])
            ),
            (
                "a count that lies",
                Self.request(
                    ClientMethod.write.rawValue,
                    stream: StreamID(7),
                    body: [0x1a, 0xff, 0xff, 0xff, 0x7f]
                )
            ),
            (
                "an environment that is not UTF-8",
                Self.request(
                    ClientMethod.getFlag.rawValue,
                    stream: StreamID(9),
                    body: [0x0a, 0x02, 0xc3, 0x28]
                )
            ),
        ]
    }

    /// Opens a watch that takes more than will ever be sent.
    static func watch(stream: UInt32) -> [UInt8] {
        Request(
            method: ClientMethod.watch.rawValue,
            credit: WireLimits.creditMax,
            body: WatchRequest(environment: ClusterTests.environment).encode()
        ).encodeFrame(.request, stream: StreamID(stream))
    }

    private static func request(_ method: String, stream: StreamID, body: [UInt8]) -> [UInt8] {
        Request(method: method, timeoutMilliseconds: 5_000, body: body)
            .encodeFrame(.request, flags: .endStream, stream: stream)
    }

    private static func header(length: UInt32, type: UInt8, stream: UInt32) -> [UInt8] {
        Self.bytes(length) + [type, 0, 0, 0] + Self.bytes(stream)
    }

    private static func bytes(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> UInt32($0)) }
    }

    /// Xorshift: any generator will do that is the same everywhere.
    private static func random(_ count: Int) -> [UInt8] {
        var state = Self.seed
        return (0..<count).map { _ in
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return UInt8(truncatingIfNeeded: state)
        }
    }
}
