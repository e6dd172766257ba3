internal import Raft

/// What one simulated run is made of: drawn entirely from its seed, so that the seed replays it.
package struct SimulationParameters: Hashable, Sendable {
    package let seed: UInt64
    package var nodes: Int
    package var clients: Int
    /// Writes that each client makes, one after the other.
    package var writesPerClient: Int
    /// One-way delay of a batch, in microseconds.
    package var delay: ClosedRange<UInt64>
    /// Chances per thousand batches.
    package var lossPermille: UInt64
    package var duplicatePermille: UInt64
    /// Chance per thousand that a batch is held back for long, so that later ones overtake it.
    package var stragglerPermille: UInt64
    /// How long a synchronisation of the log takes, in microseconds.
    package var fsync: ClosedRange<UInt64>
    /// The mean time between two faults, in milliseconds.
    package var faultInterval: UInt64
    /// How long faults go on, in milliseconds; then everything is healed and must converge.
    package var faultsUntil: UInt64
    /// Chance per thousand that the peers of a crashed process see its connections close.
    package var crashIsSeenPermille: UInt64

    /// Draws the parameters of a seed.
    package init(seed: UInt64) {
        var random = SplitMix64(seed: seed ^ 0x5EED_0F_BA2D)
        func draw(_ range: ClosedRange<UInt64>) -> UInt64 { random.next(in: range) }
        self.seed = seed
        self.nodes = [3, 3, 3, 5, 1][Int(draw(0...4))]
        self.clients = Int(draw(1...6))
        self.writesPerClient = Int(draw(5...40))
        let fastest = draw(50...1_000)
        self.delay = fastest...(fastest + draw(100...30_000))
        self.lossPermille = draw(0...2) == 0 ? 0 : draw(0...150)
        self.duplicatePermille = draw(0...100)
        self.stragglerPermille = draw(0...50)
        let quickest = draw(50...500)
        self.fsync = quickest...(quickest + draw(100...20_000))
        self.faultInterval = draw(100...1_500)
        self.faultsUntil = draw(3_000...15_000)
        self.crashIsSeenPermille = [0, 500, 1_000][Int(draw(0...2))]
    }
}
