/// An array in pieces: a copy costs nothing, and the first change after it copies one piece and a
/// reference for each other one.
struct ChunkedArray<Element: Sendable>: Sendable {
    private static var chunkCount: Int { 32 }

    private var chunks: [[Element]] = []
    private(set) var count = 0

    subscript(index: Int) -> Element {
        get { self.chunks[index / Self.chunkCount][index % Self.chunkCount] }
        set { self.chunks[index / Self.chunkCount][index % Self.chunkCount] = newValue }
    }

    mutating func append(_ element: Element) {
        if self.count.isMultiple(of: Self.chunkCount) {
            var chunk: [Element] = []
            chunk.reserveCapacity(Self.chunkCount)
            self.chunks.append(chunk)
        }
        self.chunks[self.count / Self.chunkCount].append(element)
        self.count += 1
    }
}
