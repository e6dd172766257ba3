internal import ClientProtocol
internal import FlagStore
internal import Flags
internal import PeerProtocol
internal import Raft
internal import Replica
internal import Wire

/// Clients: what they ask, whom, and what they make of the answers.
extension SimulatedWorld {
    /// The flags that all clients write to.
    var sharedKeys: [FlagKey] {
        (0..<self.parameters.sharedFlags).map { FlagKey("shared-\($0)") }
    }

    /// Every flag.
    var keys: [FlagKey] { self.sharedKeys + self.clients.map(\.ownKey) }

    // MARK: Preparation

    /// The tenant, the environment and the flags are the first writes of all.
    ///
    /// They carry no session, so they are simply repeated until they are there: putting twice is
    /// putting once, and creating twice is refused.
    func setUp() {
        guard !self.isPrepared else { return }
        self.plan(.setup, after: self.draw(100_000...300_000))
        guard let index = self.chooseNode() else { return }
        let organization = Self.environment.organization
        var commands: [Command] = [
            .putOrganization(Organization(id: organization, name: "Acme")),
            .putEnvironment(Environment(id: Self.environment, name: "Production")),
        ]
        for key in self.keys {
            let definition = FlagDefinition(
                key: key,
                enabled: true,
                status: .active,
                rollout: .all,
                variations: SimulatedClient.variations(0)
            )
            commands.append(.createFlag(Self.environment, definition))
        }
        for command in commands {
            self.nextCall += 1
            self.ask(index, self.write(WriteRequest(command: command), call: self.nextCall, index))
        }
    }

    /// Whether everything that clients write to is there.
    var isPrepared: Bool {
        if self.wasPrepared { return true }
        let isPrepared = self.nodes.contains { node in
            guard let store = node.replica?.storeInPlace() else { return false }
            return self.keys.allSatisfy { store.flag(Self.environment, $0) != nil }
        }
        self.wasPrepared = isPrepared
        return isPrepared
    }

    // MARK: Asking

    /// A client's turn: to begin, or to try again because it waited long enough.
    func act(_ number: Int, attempt: Int) {
        guard self.clients[number].attempt == attempt else { return }
        if self.isHealed, self.clients[number].isDone { return }
        self.clients[number].attempt += 1
        let next = self.clients[number].attempt
        guard self.isPrepared else {
            self.plan(.client(number, attempt: next), after: self.draw(50_000...200_000))
            return
        }
        self.plan(.client(number, attempt: next), after: self.draw(200_000...1_500_000))
        if let asked = self.clients[number].asked { self.giveUp(asked, number) }
        guard let index = self.chooseNode() else { return }
        if self.clients[number].operation == nil { self.begin(number) }
        self.nextCall += 1
        let call = CallID(self.nextCall)
        self.clients[number].asked = (index, call)
        self.clients[number].operation?.floor = self.ledgerOfWrites.acknowledged
        switch self.clients[number].operation?.kind {
        case .read: self.ask(index, .read(call))
        case .readAtLeast(let revision): self.ask(index, .readAtLeast(call, revision))
        default:
            guard let request = self.clients[number].request(in: Self.environment) else { return }
            self.ask(index, self.write(request, call: self.nextCall, index))
        }
    }

    /// Chooses what a client does next.
    private func begin(_ number: Int) {
        let client = self.clients[number]
        let usesOwn = self.draw(0...1) == 0
        let key = usesOwn ? client.ownKey : (self.sharedKeys.first ?? client.ownKey)
        let needsSession = client.usesSession && client.session == .zero
        var kind = ClientOperation.Kind.openSession
        let wantsRead =
            self.isHealed
            ? client.readsAfterHealing == 0 : self.happens(permille: self.parameters.readPermille)
        if wantsRead {
            kind =
                self.happens(permille: 800) || self.isHealed ? .read : .readAtLeast(client.lastSeen)
        } else if !needsSession {
            kind = .write(value: self.clients[number].nextValue())
        }
        self.clients[number].operation = ClientOperation(
            kind: kind,
            key: key,
            recordedAt: self.history.invoked(number, kind, key, at: self.now),
            isAfterHealing: self.isHealed
        )
    }

    /// A client stops waiting for the answer to a try.
    private func giveUp(_ asked: (node: Int, call: CallID), _ number: Int) {
        self.ask(asked.node, .abandon(asked.call))
        self.clients[number].asked = nil
        guard case .write = self.clients[number].operation?.kind,
            !self.clients[number].usesSession
        else { return }
        self.unknown(number)
    }

    /// A node to ask: anybody whose process runs, and often one that believes it leads.
    func chooseNode() -> Int? {
        let running = self.nodes.indices.filter { index in
            self.nodes[index].isUp && (!self.isHealed || self.core.contains(index))
        }
        if self.happens(permille: 400) {
            let leaders = running.filter { self.nodes[$0].seen.role == .leader }
            if let leader = self.pick(leaders) { return leader }
        }
        return self.pick(running)
    }

    func write(_ request: WriteRequest, call: UInt64, _ index: Int) -> ClientRequest {
        let node = self.nodes[index]
        let command = LogCommand(
            origin: node.id,
            incarnation: node.incarnation,
            proposal: call,
            time: node.wallTime(at: self.now).milliseconds,
            actor: "operator/simulated",
            authority: .platform,
            request: request.encode(using: self.arena)
        )
        return .write(
            Submission(
                call: CallID(call),
                payload: command.encode(using: self.arena),
                isRepeatable: request.session != .zero,
                isUrgent: request.command.isUrgent
            )
        )
    }

    func ask(_ index: Int, _ request: ClientRequest) {
        self.requested(index, self.nodes[index].life, request)
    }

    func requested(_ index: Int, _ life: Int, _ request: ClientRequest) {
        guard self.takes(.request(node: index, life: life, request), index, life) else { return }
        let tick = self.nodes[index].tick(at: self.now)
        switch request {
        case .write(let submission): self.input(index) { $0.submit(submission, now: tick) }
        case .abandon(let call): self.input(index) { $0.abandon(call) }
        case .read(let call): self.input(index) { $0.read(call, now: tick) }
        case .readAtLeast(let call, let revision):
            self.input(index) { $0.readAtLeast(call, revision: revision, now: tick) }
        case .administer(let call, let change):
            self.input(index) { $0.administer(call, change, now: tick) }
        }
    }

    // MARK: Answers

    func answered(_ reply: Reply, by index: Int) {
        guard
            let number = self.clients.firstIndex(where: {
                $0.asked?.call == reply.call && $0.asked?.node == index
            })
        else {
            self.operatorAnswered(reply, by: index)
            return
        }
        self.clients[number].asked = nil
        switch reply.result {
        case .readable(let revision): self.readable(number, revision, index)
        case .judged(.done(let revision)): self.acknowledged(number, revision)
        case .judged(.refused(let refusal)): self.refused(refusal, number)
        case .failed(let status): self.failed(status, number)
        default: self.invariants.fail("a call was answered with something else")
        }
    }

    private func acknowledged(_ number: Int, _ revision: Revision) {
        guard let operation = self.clients[number].operation else { return }
        switch operation.kind {
        case .openSession:
            self.clients[number].session = revision
            self.clients[number].sequence = 1
        case .read, .readAtLeast:
            self.invariants.fail("a read was answered with a write")
        case .write(let value):
            self.clients[number].lastSeen = max(self.clients[number].lastSeen, revision)
            self.counts.writesAcknowledged += 1
            self.clients[number].sequence += 1
            if let mistake = self.ledgerOfWrites.acknowledged(value, at: revision) {
                self.invariants.fail("client \(number): \(mistake)")
            }
            if operation.isAfterHealing { self.clients[number].writesAfterHealing += 1 }
        }
        self.history.completed(operation.recordedAt, .done, at: self.now)
        self.finish(number)
    }

    /// A write inside a session is repeated under its sequence, so a copy is never judged anew.
    ///
    /// Only a clock that jumped can end a session.
    private func refused(_ refusal: Refusal, _ number: Int) {
        guard refusal.code == .sessionExpired, self.counts.faults[FaultKind.clockJump.rawValue] > 0
        else {
            self.invariants.fail(
                "client \(number) was refused: \(refusal.code) \(refusal.message)"
            )
            return
        }
        self.clients[number].session = .zero
        self.unknown(number)
        self.finish(number)
    }

    /// The state that a node has published contains what the reader may expect.
    private func readable(_ number: Int, _ revision: Revision, _ index: Int) {
        guard let operation = self.clients[number].operation,
            let store = self.nodes[index].replica?.storeInPlace()
        else { return }
        self.counts.reads += 1
        var floor = operation.floor
        if case .readAtLeast(let least) = operation.kind { floor = least }
        self.invariants.require(
            store.applied >= floor && store.applied >= revision,
            "client \(number) read revision \(store.applied) at node \(index + 1), although "
                + "\(floor) was acknowledged before"
        )
        self.invariants.require(
            Int(store.applied.rawValue) <= self.invariants.committed.count,
            "client \(number) read revision \(store.applied), which is not committed"
        )
        self.clients[number].lastSeen = max(self.clients[number].lastSeen, store.applied)
        if case .read = operation.kind {
            self.ledgerOfWrites.seen(store.applied)
            let value = store.flag(Self.environment, operation.key)?.flag.simulatedValue
            self.history.completed(operation.recordedAt, .done, value: value, at: self.now)
            if operation.isAfterHealing { self.clients[number].readsAfterHealing += 1 }
        }
        self.finish(number)
    }

    /// Nothing was written, or nobody can tell.
    private func failed(_ status: Status, _ number: Int) {
        guard case .write(let value) = self.clients[number].operation?.kind,
            !self.clients[number].usesSession
        else { return }
        if status.code == .unknown {
            self.unknown(number)
        } else {
            // A copy that the network makes may be taken by a node that nobody asked.
            if self.parameters.network.duplicatePermille == 0,
                let mistake = self.ledgerOfWrites.denied(value)
            {
                self.invariants.fail("client \(number): \(mistake)")
            }
            self.history.completed(
                self.clients[number].operation?.recordedAt,
                .failed,
                at: self.now
            )
            self.clients[number].operation = nil
        }
        self.finish(number)
    }

    /// The operation in progress may or may not have happened, or may still happen.
    private func unknown(_ number: Int) {
        guard let operation = self.clients[number].operation else { return }
        self.counts.writesUnknown += 1
        self.history.completed(operation.recordedAt, .unknown, at: self.now)
        self.clients[number].operation = nil
    }

    private func finish(_ number: Int) {
        self.clients[number].operation = nil
        self.clients[number].attempt += 1
        self.plan(
            .client(number, attempt: self.clients[number].attempt),
            after: self.draw(self.parameters.thinkTime)
        )
    }
}
