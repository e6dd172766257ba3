internal import ClientProtocol
internal import FlagStore
internal import Flags
internal import NIOCore
internal import Replica
internal import Transport
internal import Wire

extension ClientLoop {
    /// Adds a watch and sends it what it lacks.
    func openWatch(_ call: ServerCall, _ request: WatchRequest) throws(Status) {
        guard self.store.hasEnvironment(request.environment) else {
            // What a node has not applied it cannot deny: one that has just joined has nothing yet,
            // and a client may know more than the node (etcd#20221).
            let known = max(request.hasBasis ? request.from : .zero, Revision(1))
            guard self.store.applied >= known else {
                throw Status(
                    code: .unavailable,
                    message: "this node has not applied revision \(known) yet; ask another"
                )
            }
            throw .noEnvironment(request.environment)
        }
        let frameBytesMax = call.connection.settings.frameBytesMax
        guard frameBytesMax >= NodeLimits.watchFrameBytesMin else {
            throw Status(
                code: .failedPrecondition,
                message: "this client takes frames of \(frameBytesMax) bytes, but a watch needs "
                    + "\(NodeLimits.watchFrameBytesMin); raise frame_bytes_max in its settings"
            )
        }
        let counted = try self.countWatch(request.environment.organization)
        let slot = self.hub.subscribe(
            to: request.environment,
            after: request.hasBasis ? request.from : nil,
            context: request.context
        )
        guard let slot else {
            if let counted { self.surroundings.watches.giveBack(counted) }
            throw Status(
                code: .resourceExhausted,
                message: "this node serves as many watches as it may; connect to another"
            )
        }
        call.userState = self.sink.add(call, at: slot, counted: counted, request)
        self.hub.now = Self.wallTime
        self.hub.resume(slot, to: &self.sink)
        self.updateWatching()
    }

    /// Counts a watch of an organization that may have only so many on a node.
    ///
    /// - Returns: the organization; `nil` when it has no quota.
    private func countWatch(_ organization: String) throws(Status) -> String? {
        let quota = self.store.quotas(of: organization)?.watches ?? 0
        guard quota > 0 else { return nil }
        guard self.surroundings.watches.take(organization, max: Int(quota)) else {
            throw Status(
                code: .resourceExhausted,
                message: "\(organization) has \(quota) watches on this node, as many as its quota "
                    + "allows; end some, connect to another node, or ask for a higher quota",
                detail: ErrorDetail(reason: Refusal.Code.quotaExceeded.rawValue)
            )
        }
        return organization
    }

    /// Ends the watches of those who may no longer have them: a token was revoked or has expired, a
    /// member has gone.
    func endForbiddenWatches() {
        for watch in self.sink.all {
            // A certificate's right does not change while the connection lasts.
            guard let call = watch.call, call.connection.identity == nil else { continue }
            do throws(Status) {
                let caller = try self.caller(of: call)
                try self.surroundings.access.check(caller, makes: .watch(watch.request))
            } catch {
                self.endWatch(watch)
                call.end(error)
            }
        }
    }

    func acknowledged(_ watch: WatchConnections.Watch, _ message: ByteBuffer) {
        do throws(WireError) {
            let acknowledgement = try unsafe message.withReading { bytes throws(WireError) in
                unsafe try WatchAcknowledgement.decode(bytes)
            }
            if self.hub.hasDeliveries { self.hub.now = Self.wallTime }
            self.hub.acknowledge(watch.slot, revision: acknowledgement.revision)
            watch.call?.grantCredit(1)
        } catch {
            watch.call?.end(
                Status(
                    code: .invalidArgument,
                    message: "the acknowledgement cannot be read: \(error)"
                )
            )
            self.endWatch(watch)
        }
    }

    func endWatch(_ watch: WatchConnections.Watch) {
        guard watch.call != nil else { return }
        self.hub.unsubscribe(watch.slot)
        self.sink.remove(watch)
        if let organization = watch.counted { self.surroundings.watches.giveBack(organization) }
        self.updateWatching()
    }

    /// The call has credit again.
    func resumeWatch(of call: ServerCall) {
        guard let watch = call.userState as? WatchConnections.Watch else { return }
        self.hub.now = Self.wallTime
        self.hub.resume(watch.slot, to: &self.sink)
    }

    /// The connection takes more bytes again.
    func resumeWatches(of connection: ServerConnection) {
        self.hub.now = Self.wallTime
        for watch in self.sink.watches(on: connection) {
            self.hub.resume(watch.slot, to: &self.sink)
        }
    }

    /// The node stops: watches move to another one.
    func endWatches(of connection: ServerConnection) {
        for watch in self.sink.watches(on: connection) {
            let call = watch.call
            self.endWatch(watch)
            call?.end(
                Status(
                    code: .unavailable,
                    message: "this node is stopping; go on at another from the last revision",
                    detail: ErrorDetail(reason: "SHUTTING_DOWN")
                )
            )
        }
    }
}

/// The calls behind the watches of one client loop: where `WatchHub` sends its events.
struct WatchConnections: WatchSink {
    /// One watch's call.
    final class Watch {
        let slot: WatcherSlot
        /// What was asked for.
        let request: WatchRequest
        /// The organization whose quota it is counted by, if it has one.
        let counted: String?
        /// `nil` once the watch has ended.
        fileprivate(set) var call: ServerCall?

        init(slot: WatcherSlot, call: ServerCall, counted: String?, request: WatchRequest) {
            self.slot = slot
            self.call = call
            self.counted = counted
            self.request = request
        }
    }

    /// The watches of one connection, kept in its `userState`.
    final class List {
        fileprivate(set) var watches: [Watch] = []
    }

    private var watches: [Watch?] = []

    /// Every watch, in order of its slot.
    var all: [Watch] { self.watches.compactMap(\.self) }

    mutating func add(
        _ call: ServerCall,
        at slot: WatcherSlot,
        counted: String?,
        _ request: WatchRequest
    ) -> Watch {
        let watch = Watch(slot: slot, call: call, counted: counted, request: request)
        while self.watches.count <= slot.rawValue { self.watches.append(nil) }
        self.watches[slot.rawValue] = watch
        let list = call.connection.userState as? List ?? List()
        list.watches.append(watch)
        call.connection.userState = list
        return watch
    }

    mutating func remove(_ watch: Watch) {
        if let list = watch.call?.connection.userState as? List {
            list.watches.removeAll { $0 === watch }
        }
        watch.call = nil
        self.watches[watch.slot.rawValue] = nil
    }

    func watches(on connection: ServerConnection) -> [Watch] {
        (connection.userState as? List)?.watches ?? []
    }

    mutating func prepare(_ event: WatchEvent) -> PreparedFrame {
        PreparedFrame(message: event.encode())
    }

    mutating func deliver(_ frame: PreparedFrame, to slot: WatcherSlot) -> Bool {
        guard let call = self.watches[slot.rawValue]?.call, call.connection.isWritable else {
            return false
        }
        return call.sendPreparedFrame(frame)
    }
}
