internal import Flags
internal import NIOCore
internal import NIOPosix

/// What evaluations see, and the file that they start from next time.
extension ClientDriver {
    /// Publishes what evaluations are made from, then tells everybody who waits for it.
    func publish() {
        self.isPublishing = false
        guard !self.isStopped else { return }
        let source: FlagSource?
        if self.freshness == .live || self.receiver.source.revision > .zero {
            source = self.receiver.source
        } else {
            source = self.loaded
        }
        self.outputs.published.publish(
            PublishedRuleset.Publication(source: source, freshness: self.freshness)
        )
        guard let source else { return }
        let untold = self.untold
        self.untold = []
        for event in untold { self.outputs.broadcast.send(event) }
        self.tellFreshness()
        self.outputs.waiters.reached(
            source.revision,
            isLive: self.freshness == .live,
            context: self.freshness == .live ? self.contextNumber : nil
        )
        if self.freshness == .live {
            self.acknowledge(self.acknowledgements.processed(source.revision, now: .now))
        }
    }

    private func tellFreshness() {
        guard self.toldFreshness != self.freshness else { return }
        self.toldFreshness = self.freshness
        self.outputs.broadcast.send(
            self.freshness == .stale ? .stale : .ready(self.freshness)
        )
    }

    /// No watch is connected: unless one is soon, what we have is stale.
    func disconnected() {
        guard self.timers.stale == nil, self.freshness != .stale, !self.isStopped else { return }
        let age = self.configuration.timing.staleAfter.wholeMilliseconds
        self.timers.stale = self.schedule(at: .now + age) { driver in
            driver.timers.stale = nil
            driver.freshness = .stale
            driver.publish()
        }
    }

    /// Reads the last-known-good file on an I/O thread; it counts only until the cluster answers.
    func load() {
        guard let path = self.configuration.lastKnownGoodPath else { return }
        let environment = self.configuration.environment
        let context = self.configuration.context
        let future = NIOThreadPool.singleton.runIfActive(eventLoop: self.eventLoop) {
            try LastKnownGoodFile.load(path, environment: environment, context: context)
        }
        future.assumeIsolated().whenComplete { result in
            guard self.freshness != .live, !self.receiver.hasBasis, self.contextNumber == 0 else {
                return
            }
            switch result {
            case .success(let source?):
                self.loaded = source
                self.publish()
            case .success(nil): return
            case .failure(let error):
                // An unusable file is no ruleset: evaluations say PROVIDER_NOT_READY until there is one.
                guard let error = error as? BanderaError else { return }
                self.outputs.broadcast.send(.failed(error))
            }
        }
    }

    /// Lets changes that follow each other share one write of the file.
    func saveSoon() {
        guard self.configuration.lastKnownGoodPath != nil, self.timers.save == nil else { return }
        let delay = self.configuration.timing.saveDelay.wholeMilliseconds
        self.timers.save = self.schedule(at: .now + delay) { $0.save() }
    }

    /// Writes the file on an I/O thread, after the write that is under way.
    func save() {
        self.timers.save = nil
        guard let path = self.configuration.lastKnownGoodPath, self.receiver.hasBasis else {
            return
        }
        let source = self.receiver.source
        let eventLoop = self.eventLoop
        self.saving = self.saving.flatMap {
            NIOThreadPool.singleton.runIfActive(eventLoop: eventLoop) {
                // A file that cannot be written is missed at the next start only; the next change tries again.
                try? LastKnownGoodFile.save(source, to: path)
            }
        }
    }
}
