/// One open call, as both sides keep it: 16 bytes.
struct StreamEntry: Equatable, Sendable {
    let id: StreamID
    /// How many DATA frames this side may still send.
    var sendCredit: UInt32
    /// How many DATA frames the other side may still send.
    var receiveCredit: UInt32
    /// This side will send no more DATA.
    var isLocalClosed: Bool
    /// The other side will send no more DATA.
    var isRemoteClosed: Bool

    /// Adds what the other side granted; what exceeds the limit is lost.
    mutating func addSendCredit(_ count: UInt32) {
        self.sendCredit = min(self.sendCredit.saturatingAdd(count), WireLimits.creditMax)
    }

    /// Adds what this side grants, and returns how much fits the limit.
    mutating func addReceiveCredit(_ count: UInt32) -> UInt32 {
        let granted = min(count, WireLimits.creditMax - self.receiveCredit)
        self.receiveCredit += granted
        return granted
    }
}

/// The open calls of a connection, in order of their ids, in one array.
///
/// Ids only grow, so a new call is appended and a search halves. An idle connection with one watch
/// costs one small allocation, which is why this is no dictionary.
struct StreamTable: Equatable, Sendable {
    private var entries: [StreamEntry] = []
    /// The highest id that was ever opened.
    private(set) var last = StreamID.connection

    var count: Int { self.entries.count }

    /// In ascending order.
    var ids: [StreamID] { self.entries.map(\.id) }

    /// Opens a call; its id MUST be higher than any before.
    mutating func append(_ entry: StreamEntry) {
        precondition(entry.id > self.last, "\(entry.id) is not after \(self.last)")
        self.last = entry.id
        self.entries.append(entry)
    }

    /// Notes an id as used without opening it.
    mutating func skip(_ id: StreamID) {
        precondition(id > self.last, "\(id) is not after \(self.last)")
        self.last = id
    }

    /// The call, when it is open.
    subscript(id: StreamID) -> StreamEntry? {
        guard let index = self.index(of: id) else { return nil }
        return self.entries[index]
    }

    /// Changes an open call in place; `nil` when it is not open.
    mutating func update<Result>(
        _ id: StreamID,
        _ change: (inout StreamEntry) -> Result
    ) -> Result? {
        guard let index = self.index(of: id) else { return nil }
        return change(&self.entries[index])
    }

    /// Closes a call; returns whether it was open.
    @discardableResult
    mutating func remove(_ id: StreamID) -> Bool {
        guard let index = self.index(of: id) else { return false }
        self.entries.remove(at: index)
        return true
    }

    /// Closes all calls after `id` and returns them, in ascending order.
    mutating func removeAll(after id: StreamID) -> [StreamID] {
        let removed = self.ids.filter { $0 > id }
        self.entries.removeLast(removed.count)
        return removed
    }

    private func index(of id: StreamID) -> Int? {
        var low = 0
        var high = self.entries.count
        while low < high {
            let middle = (low + high) / 2
            if self.entries[middle].id < id {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low < self.entries.count && self.entries[low].id == id ? low : nil
    }
}

extension UInt32 {
    fileprivate func saturatingAdd(_ other: UInt32) -> UInt32 {
        let (sum, overflow) = self.addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
