internal import ClientProtocol
internal import FlagStore
internal import Flags
internal import Replica

/// Watchers come, run out of credit, lose their node and resume elsewhere.
extension SimulatedWorld {
    func reconnect(_ number: Int) {
        guard self.watchers[number].node == nil else { return }
        let running = self.nodes.indices.filter { index in
            let node = self.nodes[index]
            return node.isUp && !node.isPaused && self.serves(index)
                && (!self.isHealed || self.core.contains(index))
                && node.hub?.store.hasEnvironment(Self.environment) == true
        }
        guard let index = self.pick(running) else {
            self.plan(.watcherReconnects(number), after: 100_000)
            return
        }
        // Now and then one comes that knows nothing any more.
        if self.happens(permille: 100) { self.watchers[number].forget() }
        self.watchers[number].node = index
        self.watchers[number].credit = Int(self.draw(1...20))
        let slot = self.nodes[index].hub?.subscribe(
            to: Self.environment,
            after: self.watchers[number].revision
        )
        guard let slot else { preconditionFailure("a hub is full of simulated watchers") }
        self.watchers[number].slot = slot
        self.withHub(index) { hub, sink in hub.resume(slot, to: &sink) }
        self.plan(.watcherGetsCredit(number), after: self.draw(1_000...300_000))
    }

    func giveCredit(_ number: Int) {
        guard let index = self.watchers[number].node, let slot = self.watchers[number].slot else {
            return
        }
        self.plan(.watcherGetsCredit(number), after: self.draw(1_000...300_000))
        guard !self.nodes[index].isPaused else { return }
        if self.isHealed ? !self.serves(index) : self.happens(permille: 20) {
            self.leave(number)
            return
        }
        self.watchers[number].credit += Int(self.draw(1...10))
        let asksBookmark = self.happens(permille: 200)
        self.withHub(index) { hub, sink in
            hub.resume(slot, to: &sink)
            if asksBookmark { hub.bookmark(to: &sink) }
        }
    }

    /// Whether a watcher can expect everything from a node: in the end, of members only.
    private func serves(_ index: Int) -> Bool {
        !self.isHealed || self.membersAtEnd?.contains(self.nodes[index].id) ?? true
    }

    /// A watcher goes, and comes back with what it knows.
    private func leave(_ number: Int) {
        if let index = self.watchers[number].node, let slot = self.watchers[number].slot {
            self.nodes[index].hub?.unsubscribe(slot)
        }
        self.detach(number)
    }

    private func detach(_ number: Int) {
        self.watchers[number].node = nil
        self.watchers[number].slot = nil
        self.plan(.watcherReconnects(number), after: self.draw(1_000...300_000))
    }

    /// The process of a node has ended.
    func watchersLose(_ index: Int) {
        for number in self.watchers.indices where self.watchers[number].node == index {
            self.detach(number)
        }
    }

    /// Lets a node's hub send, and hands what it sent to the watchers.
    func withHub(_ index: Int, _ body: (inout WatchHub, inout SimulatedSink) -> Void) {
        guard var hub = self.nodes[index].hub else { return }
        self.nodes[index].hub = nil
        var sink = SimulatedSink(arena: self.arena)
        for watcher in self.watchers where watcher.node == index {
            guard let slot = watcher.slot else { continue }
            sink.watchers.append((slot, watcher.number, watcher.credit))
        }
        body(&hub, &sink)
        self.nodes[index].hub = hub
        for (number, event) in sink.delivered {
            self.counts.watchEvents += 1
            self.watchers[number].credit -= 1
            self.watchers[number].received(event, book: self.ledgerOfWrites)
            for violation in self.watchers[number].violations {
                self.invariants.fail("watcher \(number): \(violation)")
            }
        }
    }
}
