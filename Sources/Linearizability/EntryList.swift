/// The calls and returns of one object's operations in real-time order, as a linked list.
///
/// An operation is lifted out when it is taken and put back, in the reverse order, when the search
/// goes back: both in constant time.
struct EntryList {
    /// An operation of unknown outcome.
    struct Indefinite {
        /// The position in the history.
        let operation: Int
        /// The first entry after its call.
        let entry: Int
        /// The last one before it that asked the same.
        let twin: Int?
    }

    private struct Entry {
        let number: Int
        let isReturn: Bool
        /// The entry of the call's return, or of the return's call.
        var partner: Int
        var previous: Int
        var next: Int
    }

    /// Entry 0 is the head; the last entry's `next` is 0.
    private var entries: [Entry]
    /// The positions in the history of the operations that have a return, by their calls.
    let definite: [Int]
    /// Those without, by their calls.
    let indefinite: [Indefinite]
    /// How many operations with a return are in the list.
    private(set) var remaining: Int

    init<Model: SequentialModel>(_ history: History<Model>, _ members: [Int]) {
        var events: [(time: UInt64, order: Int, operation: Int)] = []
        var unknown: [(time: UInt64, operation: Int)] = []
        for position in members {
            let operation = history.operations[position]
            switch operation.outcome {
            case .failed: break
            case .unknown:
                // Nobody saw what it observed, and it changed nothing.
                guard !history.model.isObservation(operation.input, nil) else { break }
                unknown.append((operation.called, position))
            case .returned(_, let at):
                // Calls come before returns of the same time: they count as overlapping.
                events.append((operation.called, 0, position))
                events.append((at, 1, position))
            }
        }
        events.sort { ($0.time, $0.order, $0.operation) < ($1.time, $1.order, $1.operation) }
        unknown.sort { ($0.time, $0.operation) < ($1.time, $1.operation) }

        var entries = [Entry(number: -1, isReturn: false, partner: 0, previous: 0, next: 0)]
        var definite: [Int] = []
        var calls: [Int: Int] = [:]
        for event in events {
            let place = entries.count
            if event.order == 0 {
                calls[event.operation] = place
                entries.append(Self.entry(definite.count, at: place, isReturn: false, partner: 0))
                definite.append(event.operation)
            } else if let call = calls[event.operation] {
                let number = entries[call].number
                entries.append(Self.entry(number, at: place, isReturn: true, partner: call))
                entries[call].partner = place
            }
        }
        entries[0].next = entries.count > 1 ? 1 : 0
        entries[0].previous = entries.count - 1
        entries[entries.count - 1].next = 0

        var last: [Model.Input: Int] = [:]
        var indefinite: [Indefinite] = []
        var after = 0
        for call in unknown {
            while after < events.count, events[after].time < call.time { after += 1 }
            let input = history.operations[call.operation].input
            indefinite.append(
                Indefinite(operation: call.operation, entry: after + 1, twin: last[input])
            )
            last[input] = indefinite.count - 1
        }
        self.entries = entries
        self.definite = definite
        self.indefinite = indefinite
        self.remaining = definite.count
    }

    private static func entry(_ number: Int, at place: Int, isReturn: Bool, partner: Int) -> Entry {
        Entry(
            number: number,
            isReturn: isReturn,
            partner: partner,
            previous: place - 1,
            next: place + 1
        )
    }

    var isEmpty: Bool { self.remaining == 0 }

    /// The first entry, a call unless the list is empty.
    var first: Int { self.entries[0].next }

    func next(_ entry: Int) -> Int { self.entries[entry].next }

    func isReturn(_ entry: Int) -> Bool { self.entries[entry].isReturn }

    /// The number of the entry's operation in `definite`.
    func number(of entry: Int) -> Int { self.entries[entry].number }

    /// Takes a call and its return out of the list.
    mutating func lift(_ call: Int) {
        self.unlink(call)
        self.unlink(self.entries[call].partner)
        self.remaining -= 1
    }

    /// Puts back what was lifted last.
    mutating func restore(_ call: Int) {
        self.relink(self.entries[call].partner)
        self.relink(call)
        self.remaining += 1
    }

    private mutating func unlink(_ entry: Int) {
        let unlinked = self.entries[entry]
        self.entries[unlinked.previous].next = unlinked.next
        self.entries[unlinked.next].previous = unlinked.previous
    }

    private mutating func relink(_ entry: Int) {
        let linked = self.entries[entry]
        self.entries[linked.previous].next = entry
        self.entries[linked.next].previous = entry
    }
}
