import Testing

@testable import Flags

@Suite struct NameTableTests {
    @Test("Whatever is set and removed, it holds what a dictionary holds")
    func dictionary() {
        let seed = PropertyCases.seed("names")
        var random = SeededGenerator(seed: seed)
        var table = NameTable<Int>(capacity: 3)
        var model: [String: Int] = [:]
        for step in 0..<20_000 {
            // Few enough names to meet again, and more of them for a while, so that the table grows.
            let name = "flag-\(Int.random(in: 0..<(step < 10_000 ? 40 : 700), using: &random))"
            let value: Int? = Int.random(in: 0..<3, using: &random) == 0 ? nil : step
            table[name] = value
            model[name] = value
            #expect(table.count == model.count, "seed \(seed), step \(step)")
        }
        for number in 0..<700 {
            let name = "flag-\(number)"
            #expect(table[name] == model[name], "seed \(seed), \(name)")
        }
        #expect(table.elements.sorted() == model.values.sorted(), "seed \(seed)")
    }

    @Test("Names of the same hash are told apart, also when one of them goes")
    func collisions() throws {
        // The two last blocks undo each other's difference only for some pairs: search for one.
        var seen: [UInt32: String] = [:]
        var pair: (String, String)?
        for number in 0..<400_000 where pair == nil {
            let name = "n\(number)"
            let hash = Murmur3.hash(name)
            pair = seen.updateValue(name, forKey: hash).map { ($0, name) }
        }
        let (first, second) = try #require(pair)
        var table = NameTable<Int>()
        table[first] = 1
        table[second] = 2
        #expect(table[first] == 1)
        #expect(table[second] == 2)
        table[first] = nil
        #expect(table[first] == nil)
        #expect(table[second] == 2)
    }

    @Test("The bytes count: names that only look alike are two")
    func bytes() {
        var table = NameTable<Int>()
        table["caf\u{E9}"] = 1
        table["cafe\u{301}"] = 2
        #expect(table.count == 2)
        #expect(table["caf\u{E9}"] == 1)
        #expect(table[""] == nil)
    }
}
