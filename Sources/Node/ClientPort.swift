internal import NIOCore

/// The way from the consensus loop to one client loop.
struct ClientPort: Sendable {
    private let loop: NIOLoopBound<ClientLoop>
    private let eventLoop: any EventLoop

    init(_ loop: ClientLoop) {
        self.eventLoop = loop.eventLoop
        self.loop = NIOLoopBound(loop, eventLoop: loop.eventLoop)
    }

    func deliver(_ delivery: ClientDelivery) {
        self.eventLoop.execute { self.loop.value.received(delivery) }
    }
}
