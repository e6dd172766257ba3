import BanderaClient
import Flags
import Testing

@Suite struct FlagEventBufferTests {
    private func event(_ revision: UInt64) -> FlagEvent { .replaced(Revision(revision)) }

    @Test func deliversInOrder() {
        var buffer = FlagEventBuffer(capacity: 4)
        buffer.append(self.event(1))
        buffer.append(self.event(2))
        #expect(buffer.popFirst() == self.event(1))
        buffer.append(self.event(3))
        #expect(buffer.popFirst() == self.event(2))
        #expect(buffer.popFirst() == self.event(3))
        #expect(buffer.popFirst() == nil)
    }

    @Test func dropsTheOldestAndSaysHowMany() {
        var buffer = FlagEventBuffer(capacity: 3)
        for revision in 1...10 as ClosedRange<UInt64> { buffer.append(self.event(revision)) }
        #expect(buffer.popFirst() == .dropped(7))
        #expect(buffer.popFirst() == self.event(8))
        #expect(buffer.popFirst() == self.event(9))
        #expect(buffer.popFirst() == self.event(10))
        #expect(buffer.popFirst() == nil)
    }

    @Test func losesNothingUnseenWhateverTheRhythm() {
        for seed in 0..<100 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            var buffer = FlagEventBuffer(capacity: 8)
            var sent: UInt64 = 0
            var accounted: UInt64 = 0
            for _ in 0..<500 {
                if Bool.random(using: &generator) {
                    sent += 1
                    buffer.append(self.event(sent))
                } else if let event = buffer.popFirst() {
                    if case .dropped(let count) = event {
                        accounted += UInt64(count)
                    } else {
                        accounted += 1
                        #expect(event == self.event(accounted), "seed \(seed)")
                    }
                }
            }
        }
    }
}
