internal import Wire

/// A call that can be found by its stream.
protocol StreamHolder: AnyObject {
    var stream: StreamID { get }
}

/// The open calls of one connection, in the order of their streams.
///
/// Streams only grow, so a new call goes to the end of a sorted array: a connection with one watch
/// pays for one pointer rather than for a dictionary.
struct CallTable<Call: StreamHolder> {
    private(set) var calls: [Call] = []

    var isEmpty: Bool { self.calls.isEmpty }

    mutating func append(_ call: Call) {
        if let last = self.calls.last {
            precondition(last.stream < call.stream, "streams of a connection must grow")
        }
        self.calls.append(call)
    }

    func find(_ stream: StreamID) -> Call? {
        let index = self.index(of: stream)
        guard index < self.calls.count, self.calls[index].stream == stream else { return nil }
        return self.calls[index]
    }

    mutating func remove(_ stream: StreamID) {
        let index = self.index(of: stream)
        guard index < self.calls.count, self.calls[index].stream == stream else { return }
        self.calls.remove(at: index)
    }

    mutating func removeAll() -> [Call] {
        let all = self.calls
        self.calls = []
        return all
    }

    /// The first place whose stream is not less than `stream`.
    private func index(of stream: StreamID) -> Int {
        var low = 0
        var high = self.calls.count
        while low < high {
            let middle = (low + high) / 2
            if self.calls[middle].stream < stream { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
