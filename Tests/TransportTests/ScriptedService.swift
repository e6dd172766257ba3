import NIOCore
import Transport
import Wire

/// A service that does what the method's name says, and keeps a record of what it was told.
final class ScriptedService: TransportService {
    private(set) var log: [String] = []
    private(set) var calls: [ServerCall] = []
    private(set) var connections: [ServerConnection] = []
    private(set) var endReason: TransportError?
    /// Called for every record, for tests that wait for one.
    var onLog: (String) -> Void = { _ in }

    func connectionOpened(_ connection: ServerConnection) {
        self.connections.append(connection)
        self.record("opened")
    }

    func connectionClosed(_ connection: ServerConnection, reason: TransportError) {
        self.connections.removeAll { $0 === connection }
        self.endReason = reason
        self.record("closed \(reason.code)")
    }

    func connectionRefused(_ reason: TransportError, from address: SocketAddress?) {
        self.endReason = reason
        self.record("refused \(reason.code)")
    }

    func received(call: ServerCall, request: Request) {
        self.record("request \(call.method)")
        switch request.method {
        case "echo":
            call.end(.ok, body: request.body)
        case "large":
            call.end(.ok, body: [UInt8](repeating: 7, count: 2 << 20))
        case "hold", "subscribe":
            self.calls.append(call)
        case "flood":
            self.calls.append(call)
            self.flood(call)
        default:
            call.end(Status(code: .unimplemented, message: "unknown method \(request.method)"))
        }
    }

    func received(call: ServerCall, message: ByteBuffer) {
        self.record("message \(message.readableBytes)")
    }

    func halfClosed(_ call: ServerCall) { self.record("half-closed") }

    func cancelled(_ call: ServerCall) {
        self.calls.removeAll { $0 === call }
        self.record("cancelled \(call.method)")
    }

    func creditAvailable(_ call: ServerCall) { self.record("credit \(call.credit)") }

    func writabilityChanged(_ connection: ServerConnection) {
        self.record("writable \(connection.isWritable)")
        for call in self.calls where call.method == "flood" { self.flood(call) }
    }

    func drainStarted(_ connection: ServerConnection) { self.record("draining") }

    private func flood(_ call: ServerCall) {
        let message = [UInt8](repeating: 1, count: 64 << 10)
        while call.isOpen, call.connection.isWritable, call.send(message) {}
    }

    private func record(_ line: String) {
        self.log.append(line)
        self.onLog(line)
    }
}

/// A service that keeps nothing but the protocol's defaults.
final class DefaultService: TransportService {}
