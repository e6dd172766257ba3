/// Where each term of the log begins: the term of any entry in O(log terms), without the entry.
struct TermRuns: Sendable {
    private struct Run {
        var first: LogIndex
        var term: Term
    }

    /// Ascending in index and in term.
    private var runs: [Run] = []

    /// Starts at a position whose predecessors only the disk knows, or empty.
    init(from position: LogPosition?) {
        guard let position else { return }
        precondition(position.index > .zero, "index 0 has no entry")
        self.runs = [Run(first: position.index, term: position.term)]
    }

    /// The term of an existing entry; `nil` if only the disk knows.
    func term(at index: LogIndex) -> Term? {
        guard let found = self.run(of: index) else { return nil }
        return self.runs[found].term
    }

    /// The last index at or before `index` whose term is at most `term`, one run per step.
    ///
    /// The term is `nil` where only the disk knows it.
    func lastAgreeable(index: LogIndex, term: Term) -> (index: LogIndex, term: Term?) {
        precondition(index > .zero, "index 0 has no entry")
        guard var found = self.run(of: index) else { return (index, nil) }
        if self.runs[found].term <= term { return (index, self.runs[found].term) }
        while found > 0 {
            found -= 1
            if self.runs[found].term <= term {
                return (self.runs[found + 1].first.previous, self.runs[found].term)
            }
        }
        let unknown = self.runs[0].first.previous
        return (unknown, unknown == .zero ? .zero : nil)
    }

    /// Adds the next entry.
    mutating func append(_ position: LogPosition) {
        guard let last = self.runs.last else {
            self.runs.append(Run(first: position.index, term: position.term))
            return
        }
        precondition(position.term >= last.term, "\(position) after \(last.term)")
        guard position.term > last.term else { return }
        precondition(position.index > last.first, "\(position) after \(last.first)")
        if self.runs.count >= RaftLimits.termRunsMax {
            self.runs.removeFirst(RaftLimits.termRunsMax / 2)
        }
        self.runs.append(Run(first: position.index, term: position.term))
    }

    /// Forgets the entry at `index` and all that follow.
    mutating func truncate(from index: LogIndex) {
        while let last = self.runs.last, last.first >= index { self.runs.removeLast() }
    }

    /// Takes note of the entry just before the first known one; ignores any other.
    mutating func learn(_ position: LogPosition) {
        guard position.index > .zero else { return }
        guard let first = self.runs.first else {
            self.runs = [Run(first: position.index, term: position.term)]
            return
        }
        guard position.index.next == first.first else { return }
        precondition(position.term <= first.term, "\(position) before \(first.term)")
        if position.term == first.term {
            self.runs[0].first = position.index
        } else {
            self.runs.insert(Run(first: position.index, term: position.term), at: 0)
        }
    }

    /// The run that holds `index`, by bisection.
    private func run(of index: LogIndex) -> Int? {
        guard let last = self.runs.last, let first = self.runs.first, index >= first.first else {
            return nil
        }
        // Nearly every question is about the current term.
        if index >= last.first { return self.runs.count - 1 }
        var low = 0
        var high = self.runs.count - 1
        while low + 1 < high {
            let middle = low + (high - low) / 2
            if self.runs[middle].first <= index { low = middle } else { high = middle }
        }
        precondition(self.runs[low].first <= index, "\(index) precedes its run")
        return low
    }
}
