internal import Flags

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
        return bytes
    }
}

extension Value {
    fileprivate var packedBytesEstimate: Int {
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
        return texts.reduce(512) { $0 + $1.utf8.count + 4 }
    }
}
