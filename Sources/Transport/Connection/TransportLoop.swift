internal import NIOCore
internal import NIOPosix
internal import TLS
internal import Wire

/// What all connections of one event loop share: one flush at the end of a turn, one clock.
///
/// With thousands of idle connections a timer each would cost more than the connections do, so
/// one tick walks them all; it stops when there are none. MUST only be used on its loop.
final class TransportLoop {
    let eventLoop: any EventLoop
    let tlsBuffers = TLSLoopBuffers()
    /// Memory for packing and unpacking one control message at a time.
    let arena = Arena()
    /// Counts turns, so that a connection can tell a second write of one turn from the first.
    private(set) var turn: UInt32 = 0

    private var isTurnScheduled = false
    private var touched: [FrameHandler] = []
    private var handlers: [FrameHandler] = []
    private var tickInterval = TimeAmount.hours(1)
    private var tickTask: Scheduled<Void>?
    private var spareBuffers: [ByteBuffer] = []

    private static let spareBuffersMax = 8
    private static let spareBufferBytesMax = 256 << 10
    private static let current = ThreadSpecificVariable<LoopSlot>()

    init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    /// The one object of the event loop that runs on this thread.
    static func shared(on eventLoop: any EventLoop) -> TransportLoop {
        eventLoop.preconditionInEventLoop()
        // A thread can run one loop after another, as embedded loops and tests do.
        if let slot = Self.current.currentValue, slot.eventLoop === eventLoop {
            return slot.loop.value
        }
        let loop = TransportLoop(eventLoop: eventLoop)
        Self.current.currentValue = LoopSlot(loop)
        return loop
    }

    var now: WireInstant { WireInstant(nanoseconds: self.eventLoop.now.uptimeNanoseconds) }

    // MARK: Turns

    /// Calls `FrameHandler.endTurn` once everything that is ready now has been worked through.
    func endTurn(of handler: FrameHandler) {
        self.touched.append(handler)
        self.scheduleTurn()
    }

    /// Makes sure that `turn` grows before the next batch of work.
    func scheduleTurn() {
        guard !self.isTurnScheduled else { return }
        self.isTurnScheduled = true
        let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
        self.eventLoop.execute { bound.value.endTurn() }
    }

    private func endTurn() {
        self.isTurnScheduled = false
        self.turn &+= 1
        // A service that is told something can send on another connection: the list may grow.
        var index = 0
        while index < self.touched.count {
            self.touched[index].endTurn()
            index += 1
        }
        self.touched.removeAll(keepingCapacity: true)
    }

    /// An empty buffer with room, so that a busy loop does not allocate one per turn.
    func takeBuffer() -> ByteBuffer {
        self.spareBuffers.popLast() ?? ByteBufferAllocator().buffer(capacity: 4_096)
    }

    /// Takes back a buffer whose bytes were written.
    func giveBack(_ buffer: consuming ByteBuffer) {
        guard self.spareBuffers.count < Self.spareBuffersMax,
            buffer.capacity <= Self.spareBufferBytesMax
        else { return }
        buffer.clear()
        self.spareBuffers.append(buffer)
    }

    // MARK: Clock

    /// Adds a connection to those that every tick looks at.
    func add(_ handler: FrameHandler, tickInterval: TimeAmount) {
        handler.slot = self.handlers.count
        self.handlers.append(handler)
        guard self.tickTask == nil || tickInterval < self.tickInterval else { return }
        self.tickTask?.cancel()
        self.tickInterval = tickInterval
        self.scheduleTick()
    }

    /// Forgets a connection that is gone.
    func remove(_ handler: FrameHandler) {
        let slot = handler.slot
        precondition(self.handlers[slot] === handler, "a connection is not in its slot")
        handler.slot = -1
        let last = self.handlers.removeLast()
        if last !== handler {
            self.handlers[slot] = last
            last.slot = slot
        }
        if self.handlers.isEmpty {
            self.tickTask?.cancel()
            self.tickTask = nil
        }
    }

    private func scheduleTick() {
        let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
        self.tickTask = self.eventLoop.scheduleTask(in: self.tickInterval) { bound.value.tick() }
    }

    private func tick() {
        self.tickTask = nil
        let now = self.eventLoop.now
        // From the end, because a connection that is closed is replaced by the last one.
        var index = self.handlers.count - 1
        while index >= 0 {
            if index < self.handlers.count { self.handlers[index].tick(now) }
            index -= 1
        }
        // A connection that was added meanwhile may have started the clock again.
        if self.tickTask == nil, !self.handlers.isEmpty { self.scheduleTick() }
    }
}

/// Keeps a thread's loop object where any thread may look, but only its own may use it.
private final class LoopSlot: Sendable {
    let eventLoop: any EventLoop
    let loop: NIOLoopBound<TransportLoop>

    init(_ loop: TransportLoop) {
        self.eventLoop = loop.eventLoop
        self.loop = NIOLoopBound(loop, eventLoop: loop.eventLoop)
    }
}

@available(*, unavailable)
extension TransportLoop: Sendable {}
