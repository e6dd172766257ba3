internal import ClientProtocol
internal import Flags
internal import NIOCore
internal import Transport
internal import Wire

/// The watch: events in, acknowledgements and credit out.
extension ClientDriver {
    /// Continues the watch on another connection; the previous one is given up.
    func openWatch(on connection: TransportConnection, address: String) {
        let previous = self.watch
        self.receiver.reopened()
        self.acknowledgements.reopened()
        self.watches += 1
        let number = self.watches
        self.watch = Watch(number: number, address: address, connection: connection, call: nil)
        previous?.call?.cancel()
        let events = ClientCallEvents(
            message: { _, message in self.received(message, number) },
            ended: { _, status, _ in self.ended(status, number) }
        )
        self.watch?.call = connection.openStream(
            ClientMethod.watch.rawValue,
            body: self.receiver.request.encode(),
            credit: ClientLimits.watchCredit,
            events: events
        )
    }

    /// Watches for `context` from now on; until its values arrive, those before are stale.
    func setContext(_ context: EvaluationContext, number: UInt64) {
        // Callers that come at the same time may get here in another order: the last number counts.
        guard !self.isStopped, number > self.contextNumber else { return }
        if self.freshness == .live || self.receiver.source.revision > .zero {
            self.loaded = self.receiver.source
        }
        self.contextNumber = number
        self.receiver = WatchReceiver(
            environment: self.configuration.environment,
            context: context
        )
        self.untold = []
        self.freshness = .stale
        self.publish()
        guard let watch = self.watch else { return }
        self.openWatch(on: watch.connection, address: watch.address)
    }

    private func received(_ message: ByteBuffer, _ number: UInt64) {
        guard let watch = self.watch, watch.number == number, !self.isStopped else { return }
        let connection = watch.connection
        self.giveCredit()
        let event: WatchEvent
        do throws(WireError) {
            event = try WatchEvent.decode(Array(message.readableBytesView))
        } catch {
            return self.giveUp(connection, "an unreadable event: \(error.message)")
        }
        let outcome = self.receiver.received(event)
        switch outcome {
        case .nothing:
            // A bookmark of our own revision says that nothing happened while we were away.
            guard self.receiver.hasBasis, self.freshness != .live || self.timers.stale != nil else {
                return
            }
            return self.isHeard(changed: false)
        case .broken(let reason): return self.giveUp(connection, reason)
        case .replaced: self.untold.append(.replaced(self.receiver.source.revision))
        case .valuesChanged(let keys): self.untold.append(.valuesChanged(keys))
        case .changed(let changes): self.untold.append(contentsOf: changes.map(FlagEvent.changed))
        case .advanced: break
        }
        self.isHeard(changed: outcome != .advanced)
    }

    /// The node answered the watch: nothing is stale any more.
    private func isHeard(changed: Bool) {
        self.loaded = nil
        self.freshness = .live
        self.timers.stale?.cancel()
        self.timers.stale = nil
        if changed { self.saveSoon() }
        guard !self.isPublishing else { return }
        self.isPublishing = true
        // What one turn of the loop brings is published once: publishing copies the ruleset's table.
        self.eventLoop.assumeIsolated().execute { self.publish() }
    }

    private func giveCredit() {
        self.watch?.uncredited += 1
        guard let uncredited = self.watch?.uncredited,
            uncredited >= ClientLimits.watchCreditPortion
        else { return }
        self.watch?.uncredited = 0
        self.watch?.call?.grantCredit(uncredited)
    }

    /// The node cannot be trusted to keep the watch whole: another connection, from our revision.
    private func giveUp(_ connection: TransportConnection, _ reason: String) {
        guard let address = self.watch?.address else { return }
        let message = "\(address): \(reason)"
        self.outputs.broadcast.send(.failed(BanderaError(.protocolViolation, message)))
        self.closed(address, connection, retryAfter: 0)
    }

    private func ended(_ status: Status, _ number: UInt64) {
        guard let watch = self.watch, watch.number == number else { return }
        let code = CallPlan.code(of: status)
        if code == .unauthorized || code == .refused || code == .notFound {
            self.outputs.broadcast.send(.failed(BanderaError(code, "\(watch.address): \(status)")))
        }
        let asked = Int64(status.detail?.retryAfterMilliseconds ?? 0)
        self.closed(watch.address, watch.connection, retryAfter: asked)
    }

    /// Does what the acknowledgement plan says.
    func acknowledge(_ action: AcknowledgementPlan.Action) {
        switch action {
        case .none: return
        case .wait(let moment):
            self.timers.acknowledgement?.cancel()
            self.timers.acknowledgement = self.schedule(at: moment) { driver in
                driver.acknowledge(driver.acknowledgements.tick(.now))
            }
        case .acknowledge(let revision):
            // Without credit the acknowledgement is dropped: the next one says more anyway.
            self.watch?.call?.send(WatchAcknowledgement(revision: revision).encode())
        }
    }
}
