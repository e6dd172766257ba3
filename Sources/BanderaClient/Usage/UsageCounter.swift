package import Flags
internal import Usage

/// Counts of evaluations and events by who they were for, and who that was: bounded, and without
/// allocation for what is counted again.
///
/// An open-addressing table whose entries stay when they are drained, so that the next period finds
/// them again.
package struct UsageCounter: Sendable {
    /// What is counted apart.
    package struct Key: Hashable, Sendable {
        package var flag: FlagKey
        /// Empty for evaluations that gave none.
        package var variation: String
        package var company: String
        package var plan: String
        package var role: String
        package var region: String
    }

    /// A variation whose users are told apart.
    package struct Use: Hashable, Sendable {
        package var flag: FlagKey
        package var variation: String
    }

    /// What was counted since it was last drained.
    package struct Drained: Sendable {
        package var counts: [(key: Key, counts: UsageCounts)] = []
        /// 1,024 registers each, everything since the table knows the variation.
        package var sketches: [(use: Use, registers: [UInt8])] = []
        package var dropped: UInt64 = 0

        /// Nothing was counted.
        package init() {}
    }

    private struct Entry {
        let hash: UInt64
        let key: Key
        var counts: UsageCounts
        /// The place of its variation's registers; negative when there was no room.
        let sketch: Int
    }

    private var entries: [Entry] = []
    /// The entry's place plus one, by hash; 0 where there is none.
    ///
    /// Never more than half full.
    private var slots = [UInt32](repeating: 0, count: 64)
    private var uses: [Use] = []
    private var placeOfUse: [Use: Int] = [:]
    /// 1,024 for each use.
    private var registers: [UInt8] = []
    private var isGrown: [Bool] = []
    private var dropped: UInt64 = 0

    /// A table that has counted nothing.
    package init() {}

    /// Counts by `change` for whom `context` describes.
    ///
    /// - Parameters:
    ///   - hash: of flag, variation and context (``UsageRecorder``).
    ///   - user: the position of the targeting key; `nil` when there is none.
    @inline(__always)
    mutating func count(
        _ flag: FlagKey,
        _ variation: String,
        _ context: borrowing EvaluationContext,
        hash: UInt64,
        user: HyperLogLog.Position?,
        _ change: (inout UsageCounts) -> Void
    ) {
        let mask = self.slots.count &- 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while true {
            let entry = Int(self.slots[slot]) &- 1
            guard entry >= 0 else { break }
            if self.entries[entry].hash == hash,
                Self.isSame(self.entries[entry].key, flag, variation, context)
            {
                change(&self.entries[entry].counts)
                return self.note(user, at: self.entries[entry].sketch)
            }
            slot = (slot &+ 1) & mask
        }
        let key = Key(
            flag: flag,
            variation: variation,
            company: context.company,
            plan: context.plan,
            role: context.role,
            region: context.region
        )
        guard let entry = self.insert(key, hash) else {
            self.dropped &+= 1
            return
        }
        change(&self.entries[entry].counts)
        self.note(user, at: self.entries[entry].sketch)
    }

    /// Takes out what was counted, and makes room when more than half of it is used.
    package mutating func drain() -> Drained {
        var drained = Drained()
        drained.dropped = self.dropped
        self.dropped = 0
        var isUsed = [Bool](repeating: false, count: self.entries.count)
        for index in self.entries.indices where !self.entries[index].counts.isEmpty {
            isUsed[index] = true
            drained.counts.append((self.entries[index].key, self.entries[index].counts))
            self.entries[index].counts = UsageCounts()
        }
        let size = HyperLogLog.registerCount
        for place in self.uses.indices where self.isGrown[place] {
            self.isGrown[place] = false
            let registers = Array(self.registers[place * size..<(place + 1) * size])
            drained.sketches.append((self.uses[place], registers))
        }
        if self.entries.count > ClientLimits.usageEntriesMax / 2
            || self.uses.count > ClientLimits.usageSketchesMax / 2
        {
            self.rebuild(isUsed)
        }
        return drained
    }

    @inline(__always)
    private static func isSame(
        _ key: Key,
        _ flag: FlagKey,
        _ variation: String,
        _ context: borrowing EvaluationContext
    ) -> Bool {
        key.flag == flag && key.variation == variation && key.company == context.company
            && key.plan == context.plan && key.role == context.role
            && key.region == context.region
    }

    @inline(__always)
    private mutating func note(_ user: HyperLogLog.Position?, at sketch: Int) {
        guard let user else { return }
        guard sketch >= 0 else {
            self.dropped &+= 1
            return
        }
        let place = sketch &* HyperLogLog.registerCount &+ user.index
        guard self.registers[place] < user.rank else { return }
        self.registers[place] = user.rank
        self.isGrown[sketch] = true
    }

    /// Another entry, or that of all who have no room by themselves; `nil` when even that has none.
    private mutating func insert(_ key: Key, _ hash: UInt64) -> Int? {
        let own = ClientLimits.usageEntriesMax - ClientLimits.usageOthersMax
        if self.entries.count < own, key.isShort { return self.append(key, hash) }
        let others = key.withoutDimensions
        // Any hash will do, as long as it is the same for the same key: these are few.
        let othersHash = HyperLogLog.hash(
            others.variation,
            seed: HyperLogLog.hash(others.flag.rawValue, seed: others.dimensionBits)
        )
        let mask = self.slots.count - 1
        var slot = Int(truncatingIfNeeded: othersHash) & mask
        while self.slots[slot] != 0 {
            let entry = Int(self.slots[slot]) - 1
            if self.entries[entry].key == others { return entry }
            slot = (slot + 1) & mask
        }
        guard self.entries.count < ClientLimits.usageEntriesMax, others.isShort else { return nil }
        return self.append(others, othersHash)
    }

    private mutating func append(_ key: Key, _ hash: UInt64) -> Int {
        let use = Use(flag: key.flag, variation: key.variation)
        self.entries.append(
            Entry(hash: hash, key: key, counts: UsageCounts(), sketch: self.place(of: use))
        )
        if self.entries.count * 2 > self.slots.count {
            self.slots = [UInt32](repeating: 0, count: self.slots.count * 2)
            for index in self.entries.indices { self.index(index) }
        } else {
            self.index(self.entries.count - 1)
        }
        return self.entries.count - 1
    }

    private mutating func index(_ entry: Int) {
        let mask = self.slots.count - 1
        var slot = Int(truncatingIfNeeded: self.entries[entry].hash) & mask
        while self.slots[slot] != 0 { slot = (slot + 1) & mask }
        self.slots[slot] = UInt32(entry + 1)
    }

    private mutating func place(of use: Use) -> Int {
        if let place = self.placeOfUse[use] { return place }
        guard self.uses.count < ClientLimits.usageSketchesMax else { return -1 }
        self.uses.append(use)
        self.placeOfUse[use] = self.uses.count - 1
        self.isGrown.append(false)
        self.registers.append(
            contentsOf: repeatElement(0, count: HyperLogLog.registerCount)
        )
        return self.uses.count - 1
    }

    /// Keeps only the entries that were used, and the registers that they need.
    private mutating func rebuild(_ isUsed: [Bool]) {
        let previous = self
        self.entries.removeAll(keepingCapacity: true)
        self.slots = [UInt32](repeating: 0, count: 64)
        (self.uses, self.placeOfUse) = ([], [:])
        (self.registers, self.isGrown) = ([], [])
        let size = HyperLogLog.registerCount
        for (index, entry) in previous.entries.enumerated() where isUsed[index] {
            let place = self.entries[self.append(entry.key, entry.hash)].sketch
            guard place >= 0, entry.sketch >= 0 else { continue }
            self.registers.replaceSubrange(
                place * size..<(place + 1) * size,
                with: previous.registers[entry.sketch * size..<(entry.sketch + 1) * size]
            )
        }
    }
}

extension UsageCounter.Key: Comparable {
    private static var bytesMax: Int { UsageLimits.valueBytesMax }

    /// Whether every text is short enough to be counted by.
    fileprivate var isShort: Bool {
        self.flag.rawValue.utf8.count <= Self.bytesMax
            && self.variation.utf8.count <= Self.bytesMax
            && self.company.utf8.count <= Self.bytesMax && self.plan.utf8.count <= Self.bytesMax
            && self.role.utf8.count <= Self.bytesMax && self.region.utf8.count <= Self.bytesMax
    }

    /// The same flag and variation for all whose dimensions are not counted by name.
    package var withoutDimensions: UsageCounter.Key {
        func others(_ text: String) -> String { text.isEmpty ? "" : UsageRow.others }
        return UsageCounter.Key(
            flag: self.flag,
            variation: self.variation,
            company: others(self.company),
            plan: others(self.plan),
            role: others(self.role),
            region: others(self.region)
        )
    }

    /// Which dimensions are known.
    fileprivate var dimensionBits: UInt64 {
        (self.company.isEmpty ? 0 : 1) | (self.plan.isEmpty ? 0 : 2)
            | (self.role.isEmpty ? 0 : 4) | (self.region.isEmpty ? 0 : 8)
    }

    /// Orders by flag, variation, then company, plan, role and region.
    package static func < (lhs: UsageCounter.Key, rhs: UsageCounter.Key) -> Bool {
        (lhs.flag.rawValue, lhs.variation, lhs.company, lhs.plan, lhs.role, lhs.region)
            < (rhs.flag.rawValue, rhs.variation, rhs.company, rhs.plan, rhs.role, rhs.region)
    }
}
