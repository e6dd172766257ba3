/// Elements in order, in pieces: a copy costs nothing, and adding or removing one costs about the
/// square root of their number.
struct SortedChunks<Element: Comparable & Sendable>: Sendable {
    /// A piece that grows beyond it is divided in two.
    private static var chunkMax: Int { 128 }

    /// None is empty; each is sorted, and all of it is before the next one.
    private var chunks: [[Element]] = []

    init() {}

    /// The smallest element.
    var first: Element? { self.chunks.first?.first }

    var count: Int { self.chunks.reduce(0) { $0 + $1.count } }

    /// Adds an element that is not there yet.
    mutating func insert(_ element: Element) {
        guard !self.chunks.isEmpty else {
            self.chunks.append([element])
            return
        }
        let chunk = self.chunk(of: element)
        let index = Self.position(of: element, in: self.chunks[chunk])
        self.chunks[chunk].insert(element, at: index)
        let count = self.chunks[chunk].count
        guard count > Self.chunkMax else { return }
        let half = Array(self.chunks[chunk][(count / 2)...])
        self.chunks[chunk].removeLast(half.count)
        self.chunks.insert(half, at: chunk + 1)
    }

    /// Removes an element; does nothing when it is not there.
    mutating func remove(_ element: Element) {
        guard !self.chunks.isEmpty else { return }
        let chunk = self.chunk(of: element)
        let index = Self.position(of: element, in: self.chunks[chunk])
        guard index < self.chunks[chunk].count, self.chunks[chunk][index] == element else { return }
        self.chunks[chunk].remove(at: index)
        if self.chunks[chunk].isEmpty { self.chunks.remove(at: chunk) }
    }

    /// The elements up to the first for which `isWanted` is false, and at most so many.
    func prefix(_ countMax: Int, while isWanted: (Element) -> Bool) -> [Element] {
        var prefix: [Element] = []
        for chunk in self.chunks {
            for element in chunk {
                guard prefix.count < countMax, isWanted(element) else { return prefix }
                prefix.append(element)
            }
        }
        return prefix
    }

    /// The last piece that begins with `element` or before it, or the first.
    private func chunk(of element: Element) -> Int {
        var (low, high) = (0, self.chunks.count)
        while low < high {
            let middle = (low + high) / 2
            if self.chunks[middle][0] <= element { low = middle + 1 } else { high = middle }
        }
        return max(0, low - 1)
    }

    /// Where the element is, or belongs.
    private static func position(of element: Element, in chunk: [Element]) -> Int {
        var (low, high) = (0, chunk.count)
        while low < high {
            let middle = (low + high) / 2
            if chunk[middle] < element { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
