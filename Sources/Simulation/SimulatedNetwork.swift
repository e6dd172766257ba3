/// The links between all nodes: which are cut and which hold what they carry.
struct SimulatedNetwork {
    private static let stride = SimulationLimits.nodesMax
    private static let none = [SimulatedTime](repeating: 0, count: stride * stride)

    private var cut = SimulatedNetwork.none
    private var clogged = SimulatedNetwork.none
    private var latest = SimulatedNetwork.none

    /// Nothing gets from one node to another until then.
    mutating func cut(_ from: Int, _ to: Int, until time: SimulatedTime) {
        let link = from * Self.stride + to
        self.cut[link] = max(self.cut[link], time)
    }

    /// What is sent, or on its way, from one node to another waits until then.
    mutating func clog(_ from: Int, _ to: Int, until time: SimulatedTime) {
        let link = from * Self.stride + to
        self.clogged[link] = max(self.clogged[link], time)
    }

    func isCut(_ from: Int, _ to: Int, at now: SimulatedTime) -> Bool {
        self.cut[from * Self.stride + to] > now
    }

    /// When what is on its way gets through, if it is held.
    func isCloggedUntil(_ from: Int, _ to: Int, at now: SimulatedTime) -> SimulatedTime? {
        let until = self.clogged[from * Self.stride + to]
        return until > now ? until : nil
    }

    /// When something sent on an ordered link arrives: not before what was sent earlier.
    mutating func ordered(_ from: Int, _ to: Int, at time: SimulatedTime) -> SimulatedTime {
        let link = from * Self.stride + to
        self.latest[link] = max(self.latest[link] + 1, time)
        return self.latest[link]
    }

    /// Mends every link.
    mutating func heal() {
        for link in self.cut.indices {
            self.cut[link] = 0
            self.clogged[link] = 0
        }
    }
}
