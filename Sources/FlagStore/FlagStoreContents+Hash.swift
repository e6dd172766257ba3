internal import Flags
internal import Releases
internal import Usage

extension FlagStoreContents {
    /// A digest of all of it: equal for equal contents, on every node and in every process.
    package func stateHash() -> UInt64 {
        var digest = StateDigest()
        digest.feed(self.applied)
        digest.feed(self.time)
        digest.feed(documents: self.organizations)
        digest.feed(documents: self.environments)
        digest.feed(documents: self.plans)
        digest.feed(documents: self.companies)
        digest.feed(UInt64(self.flags.count))
        for placed in self.flags {
            digest.feed([placed.environment.organization, placed.environment.environment])
            digest.feed(placed.flag)
        }
        digest.feed(documents: self.members)
        digest.feed(documents: self.tokens)
        digest.feed(UInt64(self.segments.count))
        for placed in self.segments {
            digest.feed([placed.environment.organization, placed.environment.environment])
            digest.feed(placed.segment.document)
        }
        digest.feed(documents: self.releases)
        digest.feed(documents: self.alerts)
        digest.feed(documents: self.totals)
        digest.feed(UInt64(self.windows.count))
        for window in self.windows {
            digest.feed(window.organization)
            digest.feed(UInt64(bitPattern: window.window.second))
            digest.feed(UInt64(window.window.count))
        }
        digest.feed(self.dropped)
        digest.feed(UInt64(self.sessions.count))
        for session in self.sessions { digest.feed(session) }
        return digest.value
    }
}

extension StateDigest {
    fileprivate mutating func feed(documents: [some Documented]) {
        self.feed(UInt64(documents.count))
        for item in documents { self.feed(item.document) }
    }
}
