internal import ArgumentParser

/// The consensus core alone.
struct CoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "core",
        abstract: "Measures three Raft cores on one thread, without any I/O.",
        discussion: """
            A proposal counts when all three have handed it out as committed. Times are \
            processor time of the one thread that runs all three, so that other work on the \
            machine does not count.
            """
    )

    @Option(help: "Proposals per round and batch size.")
    var proposals = 200_000

    @Option(help: "Bytes of each proposal.")
    var payloadBytes = 64

    @Option(help: "Rounds; the median is reported.")
    var rounds = 5

    @Option(help: "Heartbeats that are measured.")
    var heartbeats = 10_000

    @Option(help: "Elections that are measured.")
    var elections = 1_000

    private static let batchSizes = [1, 16, 128]

    func validate() throws {
        guard (1...10_000_000).contains(self.proposals), (0...65_536).contains(self.payloadBytes),
            (1...100).contains(self.rounds), (1...1_000_000).contains(self.heartbeats),
            (1...100_000).contains(self.elections)
        else { throw ValidationError("an option is out of range") }
    }

    func run() async throws {
        var report = Report()
        report.add("bench", "core")
        var parameters = Report()
        parameters.add("nodes", 3)
        parameters.add("proposals", self.proposals)
        parameters.add("payload_bytes", self.payloadBytes)
        parameters.add("rounds", self.rounds)
        parameters.add("heartbeats", self.heartbeats)
        parameters.add("elections", self.elections)
        report.add("parameters", .object(parameters))
        for size in Self.batchSizes {
            BenchProcess.progress("proposals in batches of \(size)")
            let rate = try self.proposalsPerSecond(batch: size)
            report.add("proposals_per_second_per_core_batch_\(size)", rate, digits: 0)
        }
        BenchProcess.progress("heartbeats and elections")
        try self.measureHeartbeats(&report)
        try self.measureElections(&report)
        print(report.json())
    }

    private func proposalsPerSecond(batch size: Int) throws -> Double {
        let payload = [UInt8](repeating: 0x62, count: self.payloadBytes)
        let payloads = Array(repeating: payload, count: size)
        let times = max(1, self.proposals / size)
        var group = try CoreGroup(3)
        try group.commit(payloads, times: max(1, times / 10))
        var rates: [Double] = []
        for _ in 0..<self.rounds {
            let start = BenchProcess.threadNanoseconds()
            try group.commit(payloads, times: times)
            let time = BenchProcess.threadNanoseconds() - start
            rates.append(Double(times * size) * 1e9 / Double(max(1, time)))
        }
        rates.sort()
        return rates[rates.count / 2]
    }

    /// A heartbeat is a round: one message to each follower, and its answer.
    private func measureHeartbeats(_ report: inout Report) throws {
        var group = try CoreGroup(3)
        // Buffers grow to their size first.
        try group.heartbeat(times: 1_000)
        let allocations = AllocationCount.now
        let start = BenchProcess.threadNanoseconds()
        try group.heartbeat(times: self.heartbeats)
        let time = BenchProcess.threadNanoseconds() - start
        let allocated = AllocationCount.now - allocations
        let count = Double(self.heartbeats)
        report.add("heartbeat_round_ns", Double(time) / count, digits: 1)
        // Zero is only worth something from a counter that counts.
        report.add(
            "allocations_per_heartbeat_round",
            AllocationCount.isCounting ? Double(allocated) / count : nil
        )
        report.add("allocations_counted_by", AllocationCount.method)
    }

    private func measureElections(_ report: inout Report) throws {
        var group = try CoreGroup(3)
        var milliseconds: [UInt64] = []
        milliseconds.reserveCapacity(self.elections)
        let delivered = group.delivered
        let start = BenchProcess.threadNanoseconds()
        for _ in 0..<self.elections { milliseconds.append(try group.replaceLeader()) }
        let time = BenchProcess.threadNanoseconds() - start
        milliseconds.sort()
        let count = Double(self.elections)
        var election = Report()
        election.add("processor_us", Double(time) / count / 1e3)
        election.add("messages", Double(group.delivered - delivered) / count, digits: 1)
        election.add("virtual_median_ms", Int(clamping: milliseconds[milliseconds.count / 2]))
        election.add("virtual_max_ms", Int(clamping: milliseconds[milliseconds.count - 1]))
        report.add("election", .object(election))
    }
}
