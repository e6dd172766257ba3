internal import Glibc

/// Finds free ports on the loopback interface.
package enum LoopbackPorts {
    /// Below the range from which Linux takes the ports of outgoing connections: a port of a node
    /// that is down must not become some connection's, or the node could not come back (and a
    /// connection that dials such a port may even connect to itself).
    private static let candidates: ClosedRange<UInt16> = 12_000...32_000

    /// Draws `count` different ports on which nobody listens now.
    static func draw(_ count: Int) throws(LocalClusterError) -> [UInt16] {
        var ports: [UInt16] = []
        for _ in 0..<LocalClusterLimits.portDrawsMax where ports.count < count {
            let port = UInt16.random(in: Self.candidates)
            if !ports.contains(port), Self.isFree(port) { ports.append(port) }
        }
        guard ports.count == count else {
            throw LocalClusterError(
                .port,
                "no \(count) free ports from \(Self.candidates.lowerBound) to "
                    + "\(Self.candidates.upperBound) on 127.0.0.1; stop what listens there"
            )
        }
        return ports
    }

    /// Draws one port on which nobody listens now.
    package static func one() throws(LocalClusterError) -> UInt16 { try Self.draw(1)[0] }

    /// Whether somebody listens on the port.
    ///
    /// Asks by binding: a connection that is closed at once kills some servers.
    package static func isTaken(_ port: UInt16) -> Bool { !Self.isFree(port) }

    /// Whether the port can be bound now; it may be taken by the time it is used.
    private static func isFree(_ port: UInt16) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        // Safe: the pointer is to a whole sockaddr_in and does not leave the call.
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                unsafe bind(descriptor, generic, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
