package import Flags

/// Who used which variations, as somebody has heard it, and what of that was not passed on yet: from
/// an SDK to its node, from a node to the log.
///
/// Bounded: when there are too many variations, all that were passed on are forgotten at once. They
/// are sent again when they are reported again, which changes nothing where they arrive.
package struct SketchDesk: Sendable {
    private struct Key: Hashable, Comparable {
        var environment: EnvironmentID
        var flag: FlagKey
        var variation: String

        init(_ sketch: UsageSketch) {
            self.environment = sketch.environment
            self.flag = sketch.flag
            self.variation = sketch.variation
        }

        static func < (lhs: Key, rhs: Key) -> Bool {
            (lhs.environment, lhs.flag, lhs.variation) < (rhs.environment, rhs.flag, rhs.variation)
        }
    }

    private var known: [Key: HyperLogLog] = [:]
    /// Indices of registers that grew since they were last drained.
    private var grown: [Key: Set<UInt16>] = [:]

    /// A desk that has heard nothing.
    package init() {}

    /// Whether there is anything to pass on.
    package var isPending: Bool { !self.grown.isEmpty }

    /// How many variations are kept.
    package var count: Int { self.known.count }

    /// Takes in a sketch; registers that are known at that rank, or cannot be, are passed over.
    ///
    /// - Returns: whether there was room for it among the `max` variations that may be kept.
    @discardableResult
    package mutating func add(
        _ sketch: UsageSketch,
        max: Int = UsageLimits.sketchesMax
    ) -> Bool {
        let key = Key(sketch)
        guard sketch.variation.utf8.count <= UsageLimits.valueBytesMax,
            self.known[key] != nil || self.makeRoom(max)
        else { return false }
        for register in sketch.registers {
            guard let position = HyperLogLog.Position(sparse: register),
                self.known[key, default: HyperLogLog()].insert(position)
            else { continue }
            self.grown[key, default: []].insert(UInt16(position.index))
        }
        return true
    }

    /// Takes out the registers that grew, as they are now, in order of the keys: those of at most
    /// `sketchesMax` variations.
    package mutating func drain(
        sketchesMax: Int = UsageLimits.sketchesPerBatchMax
    ) -> [UsageSketch] {
        var size = UsageBatchSize()
        return self.drain(
            sketchesMax: sketchesMax,
            registersMax: UsageLimits.registersPerBatchMax,
            bytesMax: UsageLimits.batchBytesMax,
            size: &size
        )
    }

    /// The same, and no more than fit into a batch of `size` that may have `bytesMax`.
    mutating func drain(
        sketchesMax: Int,
        registersMax: Int,
        bytesMax: Int,
        size: inout UsageBatchSize
    ) -> [UsageSketch] {
        guard sketchesMax > 0, !self.grown.isEmpty else { return [] }
        var sketches: [UsageSketch] = []
        var count = 0
        for key in self.grown.keys.sorted().prefix(sketchesMax) {
            guard let indices = self.grown[key],
                let registers = self.known[key]?.registers, !registers.isEmpty
            else {
                self.grown[key] = nil
                continue
            }
            let sketch = UsageSketch(
                environment: key.environment,
                flag: key.flag,
                variation: key.variation,
                registers: indices.sorted().map { $0 << 6 | UInt16(registers[Int($0)]) }
            )
            guard count + indices.count <= registersMax, size.admit(sketch, limit: bytesMax)
            else { break }
            count += indices.count
            self.grown[key] = nil
            sketches.append(sketch)
        }
        return sketches
    }

    /// Everything is to be passed on once more: to somebody else.
    package mutating func repeatAll() {
        for (key, sketch) in self.known {
            for register in sketch.sparse { self.grown[key, default: []].insert(register >> 6) }
        }
    }

    /// The sketch did not arrive: its registers are to be sent again.
    package mutating func putBack(_ sketch: UsageSketch) {
        let key = Key(sketch)
        guard self.known[key] != nil else {
            self.add(sketch)
            return
        }
        for register in sketch.registers {
            self.grown[key, default: []].insert(register >> 6)
        }
    }

    /// Forgets all variations of which everything was passed on.
    mutating func forgetPassedOn() {
        self.known = self.known.filter { self.grown[$0.key] != nil }
    }

    /// Whether another variation can be kept.
    private mutating func makeRoom(_ max: Int) -> Bool {
        if self.known.count < max { return true }
        self.forgetPassedOn()
        return self.known.count < max
    }
}
