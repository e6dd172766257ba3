internal import ClientProtocol
internal import Flags
internal import Replica
internal import Wire

/// A subscriber that checks the promises of a watch: ordered, none twice, none missing.
struct SimulatedWatcher {
    let number: Int
    var node: Int?
    var slot: WatcherSlot?
    /// Everything up to here was delivered.
    var revision: Revision?
    var credit = 8
    private(set) var violations: [String] = []
    /// The flags as the events say they are.
    private(set) var flags: [FlagKey: Flag] = [:]
    private var partial: [FlagKey: Flag] = [:]

    init(number: Int) { self.number = number }

    /// - Parameter known: the revisions of all changes so far, ascending.
    mutating func received(_ event: WatchEvent, known: [Revision]) {
        switch event {
        case .snapshot(let part):
            if part.isFirst { self.partial = [:] }
            for flag in part.flags { self.partial[flag.key] = flag }
            guard part.isLast else { return }
            if let revision = self.revision, part.revision < revision {
                self.violations.append("the snapshot \(part.revision) goes back from \(revision)")
            }
            self.flags = self.partial
            self.revision = part.revision
        case .changes(let changes):
            self.received(changes, known: known)
        case .bookmark(let revision):
            let missed = known.first { $0 > (self.revision ?? .zero) && $0 <= revision }
            if let missed { self.violations.append("the bookmark \(revision) skips \(missed)") }
            self.revision = max(self.revision ?? .zero, revision)
        case .resync:
            break
        }
    }

    private mutating func received(_ changes: WatchEvent.Changes, known: [Revision]) {
        guard let before = self.revision else {
            self.violations.append("changes came before a snapshot")
            return
        }
        var last = before
        for change in changes.changes {
            if change.revision <= last {
                self.violations.append("\(change.revision) came after \(last)")
            }
            last = change.revision
            self.flags[change.flag.key] = change.flag
        }
        if !changes.coalesced {
            let expected = known.filter { $0 > before && $0 <= changes.revision }
            if expected != changes.changes.map(\.revision) {
                self.violations.append(
                    "after \(before) came \(changes.changes.map(\.revision)), not \(expected)"
                )
            }
        }
        self.revision = changes.revision
    }
}

/// Hands a hub's events to the simulated watchers of one node.
struct SimulatedSink: WatchSink {
    /// Watcher numbers by slot.
    let numbers: [Int: Int]
    var credit: [Int: Int]
    var delivered: [(watcher: Int, event: WatchEvent)] = []

    func prepare(_ event: WatchEvent) -> [UInt8] { event.encode() }

    mutating func deliver(_ frame: [UInt8], to slot: WatcherSlot) -> Bool {
        guard let number = self.numbers[slot.rawValue], self.credit[number, default: 0] > 0 else {
            return false
        }
        self.credit[number, default: 0] -= 1
        guard let event = try? WatchEvent.decode(frame) else {
            preconditionFailure("a watch event cannot be read back")
        }
        self.delivered.append((number, event))
        return true
    }
}
