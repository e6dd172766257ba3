internal import ClientProtocol
internal import FlagStore
internal import Flags
internal import PeerProtocol
internal import Raft
internal import Replica
internal import Wire

extension SimulatedWorld {
    /// The tenant and environment that every client needs are the first writes of all.
    ///
    /// They carry no session, so they are simply repeated until they are there: putting twice is
    /// putting once.
    func prepareTenancy() {
        for _ in 0..<SimulatedWorld.tenancyTries {
            self.queue.plan(
                .client(Self.tenancyClient, attempt: 0),
                at: self.draw(300_000...900_000)
            )
        }
    }

    private static let tenancyTries = 3
    private static let tenancyClient = -1

    private var hasTenancy: Bool {
        self.nodes.contains { $0.replica?.store.hasEnvironment(Self.environment) ?? false }
    }

    private func putTenancy() {
        let organization = Self.environment.organization
        let commands: [Command] = [
            .putOrganization(Organization(id: organization, name: "Acme")),
            .putEnvironment(Environment(id: Self.environment, name: "Production")),
        ]
        let index = Int(self.draw(0...UInt64(self.nodes.count - 1)))
        for command in commands { self.submit(WriteRequest(command: command), at: index) }
    }

    /// A client's turn: to begin, or to try again because it waited long enough.
    func act(_ number: Int, attempt: Int) {
        guard number != Self.tenancyClient else {
            self.putTenancy()
            // Until somebody has committed it, nothing else can happen.
            if !self.hasTenancy {
                self.queue.plan(
                    .client(number, attempt: 0),
                    at: self.now + self.draw(200_000...500_000)
                )
            }
            return
        }
        guard !self.clients[number].isDone, self.clients[number].attempt == attempt else { return }
        self.clients[number].attempt += 1
        let next = self.clients[number].attempt
        self.queue.plan(
            .client(number, attempt: next),
            at: self.now + self.draw(300_000...2_000_000)
        )
        guard self.hasTenancy else { return }
        if let asked = self.clients[number].asked {
            self.input(asked.node) { $0.abandon(asked.call) }
        }
        let index = Int(self.draw(0...UInt64(self.nodes.count - 1)))
        guard self.nodes[index].isUp else { return }
        let call = CallID(self.nextCall + 1)
        self.clients[number].asked = (index, call)
        self.submit(self.clients[number].request, at: index)
    }

    private func submit(_ request: WriteRequest, at index: Int) {
        guard let replica = self.nodes[index].replica else { return }
        self.nextCall += 1
        let command = LogCommand(
            origin: self.nodes[index].id,
            incarnation: replica.configuration.incarnation,
            proposal: self.nextCall,
            time: Int64(self.tick.rawValue),
            actor: "operator/simulated",
            organization: "",
            request: request.encode()
        )
        let submission = Submission(
            call: CallID(self.nextCall),
            payload: command.encode(),
            isRepeatable: request.session != .zero
        )
        self.input(index) { $0.submit(submission, now: self.tick) }
    }

    func answered(_ reply: Reply, by index: Int) {
        guard
            let number = self.clients.firstIndex(where: {
                $0.asked?.call == reply.call && $0.asked?.node == index
            })
        else { return }
        switch reply.result {
        case .judged(.done(let revision)):
            self.clients[number].acknowledged(revision, writes: self.parameters.writesPerClient)
            self.clients[number].attempt += 1
            self.queue.plan(
                .client(number, attempt: self.clients[number].attempt),
                at: self.now + self.draw(1_000...300_000)
            )
        case .judged(.refused(let refusal)):
            self.refused(refusal, number)
        case .failed:
            self.clients[number].asked = nil
        case .routed, .routeUnavailable, .readable, .administered:
            self.invariants.require(false, "a write was answered with something else")
        }
    }

    /// A write inside a session is repeated under its sequence, so the state machine must never
    /// judge a copy as a second write.
    private func refused(_ refusal: Refusal, _ number: Int) {
        self.invariants.require(
            false,
            "client \(number) was refused: \(refusal.code) \(refusal.message)"
        )
    }

    // MARK: Watchers

    func reconnect(_ number: Int) {
        guard self.watchers[number].node == nil else { return }
        let index = Int(self.draw(0...UInt64(self.nodes.count - 1)))
        guard self.nodes[index].hub?.store.hasEnvironment(Self.environment) == true else {
            self.queue.plan(.watcherReconnects(number), at: self.now + 200_000)
            return
        }
        self.watchers[number].node = index
        self.watchers[number].credit = Int(self.draw(1...20))
        let slot = self.nodes[index].hub?.subscribe(
            to: Self.environment,
            after: self.watchers[number].revision
        )
        guard let slot else { preconditionFailure("a hub is full of simulated watchers") }
        self.watchers[number].slot = slot
        self.withHub(index) { hub, sink in hub.resume(slot, to: &sink) }
        self.queue.plan(.watcherGetsCredit(number), at: self.now + self.draw(1_000...500_000))
    }

    func giveCredit(_ number: Int) {
        self.queue.plan(.watcherGetsCredit(number), at: self.now + self.draw(1_000...500_000))
        guard let node = self.watchers[number].node, let slot = self.watchers[number].slot else {
            return
        }
        self.watchers[number].credit += Int(self.draw(1...10))
        self.withHub(node) { hub, sink in hub.resume(slot, to: &sink) }
    }

    func watchersLose(_ index: Int) {
        for number in self.watchers.indices where self.watchers[number].node == index {
            self.watchers[number].node = nil
            self.watchers[number].slot = nil
            self.queue.plan(
                .watcherReconnects(number),
                at: self.now + self.draw(1_000...500_000)
            )
        }
    }

    /// Lets a node's hub send, and hands what it sent to the watchers.
    func withHub(_ index: Int, _ body: (inout WatchHub, inout SimulatedSink) -> Void) {
        guard var hub = self.nodes[index].hub else { return }
        self.nodes[index].hub = nil
        var numbers: [Int: Int] = [:]
        var credit: [Int: Int] = [:]
        for watcher in self.watchers where watcher.node == index {
            if let slot = watcher.slot { numbers[slot.rawValue] = watcher.number }
            credit[watcher.number] = watcher.credit
        }
        var sink = SimulatedSink(numbers: numbers, credit: credit)
        body(&hub, &sink)
        self.nodes[index].hub = hub
        for (number, event) in sink.delivered {
            self.watchers[number].credit -= 1
            self.watchers[number].received(event, known: self.changes)
            for violation in self.watchers[number].violations {
                self.invariants.require(false, "watcher \(number): \(violation)")
            }
        }
    }

    // MARK: The end

    /// Every acknowledged write is there, once, on every node and at every watcher.
    func checkEnd() {
        for node in self.nodes {
            guard let store = node.replica?.store else { continue }
            for client in self.clients {
                let stored = store.flag(Self.environment, client.key)
                self.invariants.require(
                    stored?.flag.variations.first?.value == .number(Double(client.counter - 1)),
                    "\(node.id) lost a write of client \(client.number)"
                )
            }
        }
        let expected = self.clients.count * self.parameters.writesPerClient
        self.invariants.require(
            self.changes.count == expected,
            "\(self.changes.count) changes came of \(expected) writes"
        )
        for watcher in self.watchers {
            for client in self.clients {
                self.invariants.require(
                    watcher.flags[client.key]?.variations.first?.value
                        == .number(Double(client.counter - 1)),
                    "watcher \(watcher.number) missed the last write of client \(client.number)"
                )
            }
        }
    }
}
