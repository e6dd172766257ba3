internal import Flags
internal import NIOCore
internal import NIOPosix

/// What evaluations see, and the file that they start from next time.
extension ClientDriver {
    /// Publishes the ruleset, then tells everybody who waits for it.
    func publish() {
        self.isPublishing = false
        guard !self.isStopped else { return }
        let ruleset: Ruleset?
        if self.freshness == .live || self.receiver.ruleset.revision > .zero {
            ruleset = self.receiver.ruleset
        } else {
            ruleset = self.loaded
        }
        self.outputs.published.publish(
            PublishedRuleset.Publication(ruleset: ruleset, freshness: self.freshness)
        )
        guard let ruleset else { return }
        let untold = self.untold
        self.untold = []
        for event in untold { self.outputs.broadcast.send(event) }
        self.outputs.waiters.reached(ruleset.revision, isLive: self.freshness == .live)
        if self.freshness == .live {
            self.acknowledge(self.acknowledgements.processed(ruleset.revision, now: .now))
        }
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
        let future = NIOThreadPool.singleton.runIfActive(eventLoop: self.eventLoop) {
            try LastKnownGoodFile.load(path, environment: environment)
        }
        future.assumeIsolated().whenComplete { result in
            // An unusable file is no ruleset: evaluations say PROVIDER_NOT_READY until there is one.
            guard case .success(let ruleset?) = result, self.freshness != .live,
                !self.receiver.hasBasis
            else { return }
            self.loaded = ruleset
            self.publish()
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
        let ruleset = self.receiver.ruleset
        let eventLoop = self.eventLoop
        self.saving = self.saving.flatMap {
            NIOThreadPool.singleton.runIfActive(eventLoop: eventLoop) {
                // A file that cannot be written is missed at the next start only; the next change tries again.
                try? LastKnownGoodFile.save(ruleset, to: path)
            }
        }
    }
}
