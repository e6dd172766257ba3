/// Decides which node to be connected to, when to try, when to give way and when to go home.
///
/// Performs no I/O and reads no clock. After every input the shell asks ``next(_:using:)`` until it
/// answers `wait`. At most one dial and one probe are in flight.
///
/// Home comes first, then the shortest round trip (this client's own measure, else what the home
/// region's nodes measured), then the configured order. A connection that breaks is replaced at
/// once by another node; only the endpoint that broke is left alone for a while. A server that asks
/// for a retry window is obeyed, at a random moment within the window, so that the clients of a
/// region that stops do not arrive elsewhere in one crowd. Going home is make-before-break.
package struct ConnectionPlan: Sendable {
    private enum Link {
        /// No connection carries the watch.
        ///
        /// Can become `up`.
        case down
        /// The watch runs over this connection.
        ///
        /// Can become `leaving` or `down`.
        case up(String, since: Moment)
        /// The server asked us to go; still connected.
        ///
        /// Can become `up` elsewhere, or `down`.
        case leaving(String)
    }

    private let settings: Settings
    private var candidates: [Candidate] = []
    private var link = Link.down
    /// Address of the dial in flight.
    private var dialing: String?
    /// Address of the probe in flight.
    private var probing: String?
    /// Connections that were replaced and are still to be closed.
    private var superseded: [Endpoint] = []
    /// No dial before this moment: the server's retry window.
    private var nextDial = Moment(.min)
    private var nextProbe = Moment(.min)
    private var isStopped = false

    /// A plan that knows the configured endpoints.
    package init(endpoints: [Endpoint], settings: Settings) {
        self.settings = settings
        for endpoint in endpoints.prefix(ClientLimits.endpointsMax)
        where self.index(of: endpoint.address) == nil {
            self.candidates.append(Candidate(endpoint: endpoint, order: self.candidates.count))
        }
    }

    // MARK: - Inputs

    /// The dial of `address` succeeded; `roundTrip` is in microseconds.
    ///
    /// - Returns: whether the connection is wanted; if not, the shell closes it.
    package mutating func connected(_ address: String, roundTrip: Int64?, now: Moment) -> Bool {
        guard !self.isStopped, self.dialing == address, let index = self.index(of: address) else {
            return false
        }
        self.dialing = nil
        self.candidates[index].measuredRoundTrip =
            roundTrip ?? self.candidates[index].measuredRoundTrip
        self.candidates[index].healthySince = self.candidates[index].healthySince ?? now
        if let previous = self.currentAddress, previous != address,
            let old = self.index(of: previous)
        {
            self.superseded.append(self.candidates[old].endpoint)
        }
        self.link = .up(address, since: now)
        self.nextProbe = now + self.settings.homeProbeInterval
        return true
    }

    /// The dial of `address` failed.
    package mutating func failed(
        _ address: String,
        retryAfter: Int64 = 0,
        now: Moment,
        using generator: inout some RandomNumberGenerator
    ) {
        if self.dialing == address { self.dialing = nil }
        self.punish(address, retryAfter: retryAfter, now: now, using: &generator)
    }

    /// The connection to `address` ended.
    package mutating func closed(
        _ address: String,
        retryAfter: Int64 = 0,
        now: Moment,
        using generator: inout some RandomNumberGenerator
    ) {
        guard let current = self.currentAddress, current == address else { return }
        if case .up(_, let since) = self.link, let index = self.index(of: address) {
            // A connection that lasted proves the endpoint good: its next failure counts as the first.
            if now - since >= self.settings.backoff.millisecondsMax {
                self.candidates[index].failures = 0
            }
            self.window(retryAfter, now: now, using: &generator)
        }
        self.link = .down
        self.punish(address, retryAfter: retryAfter, now: now, using: &generator)
    }

    /// The server of the current connection asks its clients to go, and not to return for
    /// `retryAfter` milliseconds.
    package mutating func goingAway(
        _ address: String,
        retryAfter: Int64,
        now: Moment,
        using generator: inout some RandomNumberGenerator
    ) {
        guard case .up(let current, _) = self.link, current == address else { return }
        self.link = .leaving(address)
        self.window(retryAfter, now: now, using: &generator)
        self.punish(address, retryAfter: retryAfter, now: now, using: &generator)
    }

    /// The probe of `address` ended; `roundTrip` in microseconds is `nil` when it failed.
    package mutating func probed(_ address: String, roundTrip: Int64?, now: Moment) {
        if self.probing == address { self.probing = nil }
        guard let index = self.index(of: address) else { return }
        guard let roundTrip else {
            self.candidates[index].healthySince = nil
            return
        }
        self.candidates[index].measuredRoundTrip = roundTrip
        self.candidates[index].healthySince = self.candidates[index].healthySince ?? now
    }

    /// The node at `address` told who it is.
    package mutating func identified(_ address: String, node: UInt64, region: String) {
        guard let index = self.index(of: address) else { return }
        self.candidates[index].endpoint.node = node
        self.candidates[index].endpoint.region = region
    }

    /// The cluster told who its nodes are.
    ///
    /// A node that is known under a configured address keeps it: that address works from here,
    /// and the advertised one may not.
    package mutating func learned(_ neighbours: [Neighbour]) {
        for neighbour in neighbours.prefix(ClientLimits.endpointsMax) {
            let endpoint = neighbour.endpoint
            let sameNode = self.candidates.firstIndex { candidate in
                candidate.endpoint.node != nil && candidate.endpoint.node == endpoint.node
            }
            let index = sameNode ?? self.index(of: endpoint.address) ?? self.candidates.count
            if index == self.candidates.count {
                guard index < ClientLimits.endpointsMax else { continue }
                self.candidates.append(Candidate(endpoint: endpoint, order: index))
            }
            self.candidates[index].endpoint.node = endpoint.node
            self.candidates[index].endpoint.region = endpoint.region
            self.candidates[index].isReportedHealthy = neighbour.isHealthy
            self.candidates[index].estimatedRoundTrip = neighbour.roundTripFromHome
        }
    }

    /// The client stops: no action follows but closing.
    package mutating func stop() {
        self.isStopped = true
        if let address = self.currentAddress, let index = self.index(of: address) {
            self.superseded.append(self.candidates[index].endpoint)
        }
        self.link = .down
    }

    // MARK: - Output

    /// What to do now.
    ///
    /// Asked again after each action until it answers `wait`.
    package mutating func next(
        _ now: Moment,
        using generator: inout some RandomNumberGenerator
    ) -> Action {
        if let endpoint = self.superseded.popLast() { return .close(endpoint) }
        guard !self.isStopped else { return .wait(until: nil) }
        switch self.link {
        case .down, .leaving:
            return self.nextDialAction(now)
        case .up(let address, _):
            guard !self.isHome(address), self.candidates.contains(where: self.isHome) else {
                return .wait(until: nil)
            }
            return self.nextHomewardAction(now, using: &generator)
        }
    }

    /// The endpoint whose connection carries the watch.
    package var current: Endpoint? {
        self.currentAddress.flatMap(self.index(of:)).map { self.candidates[$0].endpoint }
    }

    /// Every known endpoint, best first.
    package var preference: [Endpoint] {
        self.candidates.sorted(by: self.isPreferred).map(\.endpoint)
    }

    // MARK: - Decisions

    private mutating func nextDialAction(_ now: Moment) -> Action {
        guard self.dialing == nil else { return .wait(until: nil) }
        guard now >= self.nextDial else { return .wait(until: self.nextDial) }
        let leaving = self.currentAddress
        let others = self.candidates.filter { $0.endpoint.address != leaving }
        let due = others.filter { $0.notBefore <= now }
        guard let best = due.min(by: self.isPreferred) else {
            return .wait(until: others.map(\.notBefore).min())
        }
        self.dialing = best.endpoint.address
        return .dial(best.endpoint)
    }

    private mutating func nextHomewardAction(
        _ now: Moment,
        using generator: inout some RandomNumberGenerator
    ) -> Action {
        guard self.dialing == nil, self.probing == nil else { return .wait(until: nil) }
        let homes = self.candidates.filter(self.isHome)
        let settled = homes.filter { candidate in
            guard let since = candidate.healthySince, candidate.notBefore <= now else {
                return false
            }
            return now - since >= self.settings.homeStableFor
        }
        if let best = settled.min(by: self.isPreferred) {
            self.dialing = best.endpoint.address
            return .dial(best.endpoint)
        }
        guard now >= self.nextProbe else { return .wait(until: self.nextProbe) }
        let due = homes.filter { $0.notBefore <= now }
        guard let oldest = due.min(by: { $0.lastProbe < $1.lastProbe }),
            let index = self.index(of: oldest.endpoint.address)
        else { return .wait(until: homes.map(\.notBefore).min()) }
        self.candidates[index].lastProbe = now
        self.probing = oldest.endpoint.address
        let interval = self.settings.homeProbeInterval
        self.nextProbe =
            now + Int64.random(in: interval...(interval + interval / 2), using: &generator)
        return .probe(oldest.endpoint)
    }

    /// Leaves an endpoint alone: for its back-off, and for the window that the server asked for.
    private mutating func punish(
        _ address: String,
        retryAfter: Int64,
        now: Moment,
        using generator: inout some RandomNumberGenerator
    ) {
        guard let index = self.index(of: address) else { return }
        self.candidates[index].failures += 1
        self.candidates[index].healthySince = nil
        let backoff = self.settings.backoff.delay(
            after: self.candidates[index].failures,
            using: &generator
        )
        let asked = max(0, retryAfter)
        let window =
            asked == 0 ? 0 : Int64.random(in: asked...(asked + asked / 2), using: &generator)
        let until = now + max(backoff, window)
        self.candidates[index].notBefore = max(self.candidates[index].notBefore, until)
    }

    /// Spreads the clients of a server that stops over the window that it asked for.
    private mutating func window(
        _ retryAfter: Int64,
        now: Moment,
        using generator: inout some RandomNumberGenerator
    ) {
        guard retryAfter > 0 else { return }
        self.nextDial = now + Int64.random(in: 0...retryAfter, using: &generator)
    }

    // MARK: - Queries

    private var currentAddress: String? {
        switch self.link {
        case .down: nil
        case .up(let address, _), .leaving(let address): address
        }
    }

    private func index(of address: String) -> Int? {
        self.candidates.firstIndex { $0.endpoint.address == address }
    }

    private func isHome(_ address: String) -> Bool {
        self.index(of: address).map { self.isHome(self.candidates[$0]) } ?? false
    }

    private func isHome(_ candidate: Candidate) -> Bool {
        !self.settings.region.isEmpty && candidate.endpoint.region == self.settings.region
    }

    private func isPreferred(_ lhs: Candidate, _ rhs: Candidate) -> Bool {
        func rank(_ candidate: Candidate) -> (Int, Int, Int64, Int) {
            let distance = candidate.measuredRoundTrip ?? candidate.estimatedRoundTrip ?? .max
            return (
                self.isHome(candidate) ? 0 : 1, candidate.isReportedHealthy ? 0 : 1, distance,
                candidate.order
            )
        }
        return rank(lhs) < rank(rhs)
    }
}
