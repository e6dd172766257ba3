package import Flags

/// Cuts a list of flags or changes into parts that each fit comfortably into one frame.
enum FrameBudget {
    /// How many of the elements from `start` on go into the next part: at least one.
    static func count<Element>(
        of elements: [Element],
        from start: Int,
        max: Int,
        size: (Element) -> Int
    ) -> Int {
        var bytes = 0
        var end = start
        while end < elements.count, end - start < max {
            bytes += size(elements[end])
            guard end == start || bytes <= ReplicaLimits.watchFrameBytesMax else { break }
            end += 1
        }
        return end - start
    }
}

extension Flag {
    /// About how many bytes the flag takes when packed: what can be long is counted.
    var packedBytesEstimate: Int {
        var bytes = 256 + self.name.utf8.count + self.description.utf8.count
        for list in [
            self.audience.plans, self.audience.roles, self.audience.companies,
            self.audience.regions,
        ] {
            for name in list { bytes += name.utf8.count + 4 }
        }
        for variation in self.variations {
            bytes += variation.name.utf8.count + variation.value.packedBytesEstimate + 8
        }
        if !self.targeting.isEmpty { bytes += self.targeting.packedBytesEstimate }
        if self.labels.schema != .null { bytes += self.labels.schema.packedBytesEstimate }
        return bytes
    }
}

extension Flag {
    /// About how many bytes its largest value takes when packed.
    var valueBytesEstimate: Int {
        let values = self.variations.lazy.map {
            $0.name.utf8.count + $0.value.packedBytesEstimate
        }
        return (values.max() ?? 0) + self.key.rawValue.utf8.count + 32
    }
}

extension Value {
    /// About how many bytes it takes on the wire.
    package var packedBytesEstimate: Int {
        switch self {
        case .null, .bool: 4
        case .number: 12
        case .string(let text): text.utf8.count + 6
        case .array(let elements): elements.reduce(6) { $0 + $1.packedBytesEstimate }
        case .object(let fields):
            fields.reduce(6) { $0 + $1.name.utf8.count + $1.value.packedBytesEstimate + 8 }
        }
    }
}

extension Change {
    /// About how many bytes it takes on the wire.
    var packedBytesEstimate: Int {
        switch self.item {
        case .flag(let flag): flag.packedBytesEstimate
        case .segment(let segment): segment.packedBytesEstimate
        case .segmentRemoved(let key): key.utf8.count + 64
        }
    }
}

extension Segment {
    /// About how many bytes it takes on the wire.
    var packedBytesEstimate: Int {
        let texts = self.definition.included + self.definition.excluded
        let rules = self.definition.rules.joined().reduce(0) { $0 + $1.packedBytesEstimate }
        return texts.reduce(512 + rules) { $0 + $1.utf8.count + 4 }
    }
}

extension Targeting {
    /// About how many bytes it takes on the wire.
    fileprivate var packedBytesEstimate: Int {
        var bytes = 64 * (self.prerequisites.count + self.overrides.count + self.weights.count)
        for override in self.overrides { bytes += override.subject.utf8.count }
        for target in self.targets {
            bytes += target.values.reduce(64) { $0 + $1.utf8.count + 4 }
        }
        for rule in self.rules {
            bytes += 128 + rule.description.utf8.count
            bytes += rule.clauses.reduce(0) { $0 + $1.packedBytesEstimate }
        }
        return bytes
    }
}

extension Clause {
    /// About how many bytes it takes on the wire.
    fileprivate var packedBytesEstimate: Int {
        self.values.reduce(64 + self.attribute.utf8.count) { $0 + $1.packedBytesEstimate + 4 }
    }
}
