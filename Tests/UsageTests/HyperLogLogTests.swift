import Flags
import Testing
import Usage

@Suite struct HyperLogLogTests {
    /// XXH64 of "a" is D24EC4F1A98C6E5B: its first ten bits are 1101001001, then 0011….
    @Test func theFirstTenBitsChooseTheRegisterAndTheZerosAfterThemTheRank() {
        let position = HyperLogLog.Position(hash: HyperLogLog.hash("a"))
        #expect(position.index == 0b11_0100_1001)
        #expect(position.rank == 3)
        #expect(HyperLogLog.Position(hash: 0).rank == 55)
        #expect(HyperLogLog.Position(hash: .max).rank == 1)
        #expect(HyperLogLog.Position(hash: .max).sparse == 1_023 << 6 | 1)
    }

    /// The standard error of 1,024 registers is 3.25 %; over 60 independent sets of users the root
    /// of the mean square must come to about that, whatever their number, and none be far off.
    @Test(arguments: [10, 100, 1_000, 3_000, 5_000, 20_000, 100_000])
    func theErrorIsThatOfTheTheory(count: Int) {
        let sets = count > 5_000 ? 12 : 60
        var sum = 0.0
        var worst = 0.0
        for set in 0..<sets {
            var sketch = HyperLogLog()
            for user in 0..<count { sketch.insert("\(set)/\(user)") }
            let error = Double(sketch.estimate) / Double(count) - 1
            sum += error * error
            worst = max(worst, error.magnitude)
        }
        let deviation = (sum / Double(sets)).squareRoot()
        #expect(deviation < 0.042, "\(count) users: \(deviation)")
        #expect(worst < 0.13, "\(count) users: \(worst)")
    }

    @Test func aFewUsersAreCountedExactly() {
        var sketch = HyperLogLog()
        #expect(sketch.estimate == 0)
        for user in 1...5 {
            sketch.insert("user-\(user)")
            sketch.insert("user-\(user)")
            #expect(sketch.estimate == UInt64(user))
        }
    }

    @Test func aUnionDoesNotDependOnOrderOrRepetition() {
        var (left, right, both) = (HyperLogLog(), HyperLogLog(), HyperLogLog())
        for user in Fixture.users(3_000) { left.insert(user) }
        for user in Fixture.users(3_000, from: 2_000) { right.insert(user) }
        for user in Fixture.users(5_000) { both.insert(user) }
        var union = right
        union.merge(sparse: left.sparse)
        union.merge(left)
        union.merge(right)
        #expect(union == both)
        var copy = HyperLogLog()
        copy.merge(sparse: both.sparse)
        #expect(copy == both)
        #expect(HyperLogLog(registers: both.registers) == both)
    }

    @Test func registersThatNobodyCouldHaveSentDoNoHarm() {
        #expect(HyperLogLog(registers: [1, 2, 3]) == nil)
        #expect(HyperLogLog(registers: [UInt8](repeating: 56, count: 1_024)) == nil)
        var sketch = HyperLogLog()
        sketch.merge(sparse: [0, 63, 1_023 << 6 | 60])
        #expect(sketch.isEmpty)
        let full = HyperLogLog(registers: [UInt8](repeating: 55, count: 1_024))
        #expect(full?.estimate == .max)
        let zeros = HyperLogLog(registers: [UInt8](repeating: 0, count: 1_024))
        #expect(zeros?.estimate == 0)
    }
}
