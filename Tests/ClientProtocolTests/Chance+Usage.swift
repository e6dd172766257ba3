import ClientProtocol
import Flags
import WireTestKit

extension Chance {
    mutating func counts() -> UsageCounts {
        var counts = UsageCounts()
        if self.flip() { counts.evaluations = self.next() }
        if self.flip() { return counts }
        counts.views = UInt64(self.number())
        counts.clicks = UInt64(self.number())
        counts.errors = UInt64(self.number())
        counts.conversions = UInt64(self.number())
        counts.latencies = UInt64(self.number())
        counts.latencyMicroseconds = self.next()
        counts.feedbacks = UInt64(self.number())
        counts.feedbackThousandths = UInt64(self.number())
        return counts
    }

    /// Rows in no order, with few different names, so that they share much.
    mutating func usageRows(_ count: Int) -> [UsageRow] {
        let names = ["", "a", "b", self.string(), UsageRow.others]
        return (0..<count).map { _ in
            UsageRow(
                environment: EnvironmentID(organization: self.pick(names), environment: "e"),
                flag: FlagKey(self.pick(names)),
                variation: self.pick(names),
                dimension: self.any(UsageDimension.self),
                value: self.pick(names),
                start: self.flip() ? Timestamp(milliseconds: 60_000) : self.time(),
                counts: self.counts()
            )
        }
    }

    mutating func usageSketch(_ environment: EnvironmentID) -> UsageSketch {
        let last = Int.random(in: 0...1023, using: &self)
        let registers = (0...last).filter { _ in self.flip() }.map { index in
            UInt16(index << 6) | UInt16.random(in: 1...55, using: &self)
        }
        return UsageSketch(
            environment: environment,
            flag: FlagKey(self.string()),
            variation: self.string(),
            registers: registers
        )
    }

    mutating func usageBatch() -> UsageBatch {
        UsageBatch(
            node: self.next(),
            rows: self.usageRows(Int.random(in: 0...20, using: &self)),
            sketches: self.list { chance in
                let environment = chance.environment()
                return chance.usageSketch(environment)
            },
            denied: self.list {
                DeniedAttempt(
                    actor: $0.string(),
                    organization: $0.string(),
                    method: $0.string(),
                    count: $0.next()
                )
            },
            deliveries: self.list {
                DeliveryReport(alert: $0.revision(), delivery: $0.delivery())
            },
            dropped: self.next()
        )
    }

    mutating func usageReport() -> UsageReport {
        let environment = self.environment()
        let names = ["", "a", "b", self.string()]
        return UsageReport(
            environment: environment,
            start: self.time(),
            entries: (0..<Int.random(in: 0...20, using: &self)).map { _ in
                UsageReport.Entry(
                    flag: FlagKey(self.pick(names)),
                    variation: self.pick(names),
                    company: self.pick(names),
                    plan: self.pick(names),
                    role: self.pick(names),
                    region: self.pick(names),
                    counts: self.counts()
                )
            },
            sketches: self.list { $0.usageSketch(environment) },
            dropped: self.next()
        )
    }

    private mutating func pick(_ names: [String]) -> String {
        names[Int.random(in: names.indices, using: &self)]
    }
}
