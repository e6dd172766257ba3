import ClientProtocol
import Flags
import PeerProtocol
import Raft
import Testing
import Usage
import Wire

/// Whatever clients report, a batch of it is an entry that every node takes.
struct UsageBatchSizeTests {
    private static let longest = String(repeating: "é", count: UsageLimits.valueBytesMax / 2)

    @Test("names of the greatest length and counts of the greatest size, in every place")
    func theWorstBatchStaysWithinItsBytes() {
        var aggregator = UsageAggregator(node: .max)
        var counts = UsageCounts()
        (counts.evaluations, counts.views, counts.clicks) = (.max, .max, .max)
        (counts.errors, counts.conversions, counts.latencies) = (.max, .max, .max)
        (counts.latencyMicroseconds, counts.feedbacks) = (.max, .max)
        counts.feedbackThousandths = .max
        let sketch = (0..<UInt16(1_024)).map { $0 << 6 | 55 }
        for index in 0..<2_500 {
            let occasion = Self.occasion(index)
            aggregator.add(occasion, counts, at: Timestamp(milliseconds: 1 << 45))
            aggregator.add(
                UsageSketch(
                    environment: occasion.environment,
                    flag: occasion.flag,
                    variation: occasion.variation,
                    registers: sketch
                )
            )
        }
        for index in 0..<UsageLimits.deniedPendingMax {
            aggregator.add(Self.denied(index))
        }
        for index in 0..<UsageLimits.deliveriesPendingMax { aggregator.add(Self.delivery(index)) }
        var batches = 0
        var rows = 0
        while !aggregator.isEmpty {
            let batch = aggregator.drain()
            let command = Self.entry(of: batch)
            #expect(command.count <= PeerProtocolLimits.payloadBytesMax)
            #expect(WriteRequest(command: .recordUsage(batch)).encode().count <= Self.bound)
            rows += batch.rows.count
            batches += 1
        }
        #expect(batches > 2)
        #expect(rows == 2_500 * UsageDimension.allCases.count)
    }

    @Test func theBoundIsNeverLessThanTheEncodingAndNotMuchMore() {
        var aggregator = UsageAggregator(node: 1)
        var counts = UsageCounts()
        counts.evaluations = 1_000
        for index in 0..<300 {
            aggregator.add(Self.occasion(index), counts, at: Timestamp(milliseconds: 60_000))
        }
        let batch = aggregator.drain()
        var size = UsageBatchSize()
        let admitted = batch.rows.filter { size.admit($0, limit: .max) }
        #expect(admitted == batch.rows)
        let encoded = WriteRequest(command: .recordUsage(batch)).encode().count
        #expect(encoded <= size.bytes)
        #expect(size.bytes < encoded * 2)
    }

    /// The session, the number and the frame around a batch.
    private static let bound = UsageLimits.batchBytesMax + 64

    private static func entry(of batch: UsageBatch) -> [UInt8] {
        LogCommand(
            origin: NodeID(1),
            incarnation: .max,
            proposal: .max,
            time: .max,
            actor: Self.longest,
            organization: Self.longest,
            environment: Self.longest,
            role: Self.longest,
            request: WriteRequest(command: .recordUsage(batch)).encode()
        ).encode()
    }

    private static func name(_ kind: String, _ index: Int, max: Int) -> String {
        let start = "\(kind)\(index)-"
        return start + String(repeating: "x", count: max - start.utf8.count)
    }

    private static func occasion(_ index: Int) -> UsageAggregator.Occasion {
        let organization = "\(index % 5)" + String(repeating: "o", count: 63)
        return UsageAggregator.Occasion(
            environment: EnvironmentID(
                organization: organization,
                environment: String(repeating: "e", count: 64)
            ),
            flag: FlagKey(Self.name("f", index, max: 128)),
            variation: Self.name("v", index, max: UsageLimits.valueBytesMax),
            company: Self.name("c", index, max: UsageLimits.valueBytesMax),
            plan: Self.name("p", index, max: UsageLimits.valueBytesMax),
            role: Self.name("r", index, max: UsageLimits.valueBytesMax),
            region: Self.name("g", index, max: UsageLimits.valueBytesMax)
        )
    }

    private static func denied(_ index: Int) -> DeniedAttempt {
        DeniedAttempt(
            actor: Self.name("a", index, max: 512),
            organization: Self.name("o", index, max: 512),
            method: Self.name("m", index, max: 512),
            count: .max
        )
    }

    private static func delivery(_ index: Int) -> DeliveryReport {
        DeliveryReport(
            alert: Revision(.max),
            delivery: Alert.Delivery(
                region: Self.name("r", index, max: 512),
                node: .max,
                watchers: .max,
                acknowledged: .max,
                milliseconds: .max
            )
        )
    }
}
