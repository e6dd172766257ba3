import Linearizability
import Testing

@Suite("The checker")
struct CheckTests {
    typealias Registers = Register<Int, Int>

    /// One step of a history: a call or an end of the operation that a letter names.
    enum Step {
        case call(Character, Registers.Action, key: Int = 0)
        case ends(Character, Registers.Output?)
        case fails(Character)
    }

    private func verdict(_ steps: [Step], budget: Int = 100_000) -> Verdict {
        var history = History(Registers())
        var names: [Character: Int] = [:]
        for step in steps {
            switch step {
            case .call(let name, let action, let key):
                names[name] = history.call(Registers.Input(key, action))
            case .ends(let name, let output): history.returned(names[name] ?? -1, output)
            case .fails(let name): history.failed(names[name] ?? -1)
            }
        }
        return history.check(budget: budget).verdict
    }

    @Test("Nothing is linearizable")
    func empty() { #expect(self.verdict([], budget: 0) == .linearizable) }

    @Test("A read that began after a write ended must see it")
    func staleRead() {
        let write: [Step] = [.call("w", .write(1)), .ends("w", .done), .call("r", .read)]
        #expect(self.verdict(write + [.ends("r", .value(1))]) == .linearizable)
        #expect(self.verdict(write + [.ends("r", .value(nil))]) == .notLinearizable)
    }

    @Test("A read beside a write may see it or not, but two reads may not go back")
    func concurrentRead() {
        let open: [Step] = [.call("w", .write(1)), .call("r", .read)]
        for value in [nil, 1] {
            let end: [Step] = [.ends("r", .value(value)), .ends("w", .done)]
            #expect(self.verdict(open + end) == .linearizable)
        }
        let again: [Step] = [.ends("r", .value(1)), .call("s", .read), .ends("s", .value(nil))]
        #expect(self.verdict(open + again + [.ends("w", .done)]) == .notLinearizable)
        #expect(self.verdict(open + again) == .notLinearizable)
    }

    @Test("item 48: a write of unknown outcome may happen late, once, or never")
    func unknownWrite() {
        let lost: [Step] = [
            .call("l", .write(1)), .call("w", .write(2)), .ends("w", .done),
            .call("r", .read), .ends("r", .value(2)),
        ]
        let late: [Step] = [.call("s", .read), .ends("s", .value(1))]
        let back: [Step] = [.call("t", .read), .ends("t", .value(2))]
        #expect(self.verdict(lost) == .linearizable)
        #expect(self.verdict(lost + late) == .linearizable)
        #expect(self.verdict(lost + late + back) == .notLinearizable)
    }

    @Test("A write of unknown outcome cannot have happened before its call")
    func unknownWriteIsNotSeenBefore() {
        let steps: [Step] = [.call("r", .read), .ends("r", .value(1)), .call("w", .write(1))]
        #expect(self.verdict(steps) == .notLinearizable)
    }

    @Test("Equal writes of unknown outcome count one by one")
    func twins() {
        var steps: [Step] = [.call("a", .write(1)), .call("b", .write(1))]
        for (position, value) in [1, 2, 1, 2].enumerated() {
            let names: [Character] = ["c", "d", "e", "f", "g", "h", "i", "j"]
            if value == 2 {
                steps += [
                    .call(names[position], .write(2)), .ends(names[position], .done),
                ]
            }
            let read = names[position + 4]
            steps += [.call(read, .read), .ends(read, .value(value))]
        }
        #expect(self.verdict(steps) == .linearizable)
        #expect(
            self.verdict(steps + [.call("x", .read), .ends("x", .value(1))]) == .notLinearizable
        )
    }

    @Test("item 48: a failed write never happened, and to see it is an error")
    func failedWrite() {
        let steps: [Step] = [.call("w", .write(1)), .fails("w"), .call("r", .read)]
        #expect(self.verdict(steps + [.ends("r", .value(nil))]) == .linearizable)
        #expect(self.verdict(steps + [.ends("r", .value(1))]) == .notLinearizable)
    }

    @Test("Compare and set tells what it saw")
    func compareAndSet() {
        let write: [Step] = [.call("w", .write(1)), .ends("w", .done)]
        let swap: [Step] = write + [.call("c", .compareAndSet(1, 2))]
        #expect(self.verdict(swap + [.ends("c", .done)]) == .linearizable)
        #expect(self.verdict(swap + [.ends("c", .mismatch)]) == .notLinearizable)
        let wrong: [Step] = write + [.call("c", .compareAndSet(3, 2))]
        #expect(self.verdict(wrong + [.ends("c", .mismatch)]) == .linearizable)
        #expect(self.verdict(wrong + [.ends("c", .done)]) == .notLinearizable)
    }

    @Test("Objects are independent, and one that fails decides")
    func keys() {
        let good: [Step] = [
            .call("a", .write(1), key: 1), .ends("a", .done),
            .call("b", .read, key: 2), .ends("b", .value(nil)),
        ]
        #expect(self.verdict(good) == .linearizable)
        let bad: [Step] = [.call("c", .read, key: 1), .ends("c", .value(nil))]
        #expect(self.verdict(good + bad) == .notLinearizable)
    }

    @Test("The answer to an acknowledged operation can be unknown")
    func unknownAnswer() {
        let steps: [Step] = [
            .call("w", .write(1)), .ends("w", .done), .call("c", .compareAndSet(1, 2)),
            .ends("c", nil), .call("r", .read),
        ]
        #expect(self.verdict(steps + [.ends("r", .value(2))]) == .linearizable)
        #expect(self.verdict(steps + [.ends("r", .value(1))]) == .notLinearizable)
    }

    @Test("An answer of the wrong kind is never right")
    func wrongKind() {
        #expect(self.verdict([.call("r", .read), .ends("r", .done)]) == .notLinearizable)
        #expect(
            self.verdict([.call("w", .write(1)), .ends("w", .value(1))]) == .notLinearizable
        )
    }

    @Test("When the budget ends the verdict is unknown, unless another object decides")
    func budget() {
        let steps: [Step] = [.call("w", .write(1)), .ends("w", .done)]
        #expect(self.verdict(steps, budget: 0) == .unknown)
        #expect(self.verdict(steps, budget: 1) == .linearizable)
        // Ten operations at once with one answer too many: the other object is at fault.
        let names: [Character] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]
        let hard = names.enumerated().map { Step.call($1, .compareAndSet($0, $0 + 1)) }
        let ends = names.map { Step.ends($0, .done) }
        let bad: [Step] = [.call("r", .read, key: 1), .ends("r", .value(1))]
        #expect(self.verdict(hard + ends, budget: 5) == .unknown)
        #expect(self.verdict(bad + hard + ends, budget: 5) == .notLinearizable)
    }

    @Test("The operation that cannot be ordered is named")
    func stuck() {
        var history = History(Counter<Int>())
        for sum in [1, 2, 3, 5] {
            let call = history.call(Counter<Int>.Input(7, .add(1)))
            history.returned(call, sum)
        }
        let judgement = history.check()
        #expect(judgement.verdict == .notLinearizable)
        #expect(judgement.stuck?.operation == 3)
        #expect(judgement.stuck?.ordered == 3)
        #expect(judgement.stuck?.of == 4)
    }

    @Test("Times of their own: what touches overlaps")
    func ownTimes() {
        typealias Call = Operation<Registers.Input, Registers.Output>
        let write = Registers.Input(0, .write(1))
        let read = Registers.Input(0, .read)
        for (called, verdict) in [(UInt64(5), Verdict.linearizable), (6, .notLinearizable)] {
            let history = History(
                Registers(),
                [
                    Call(input: write, called: 1, outcome: .returned(.done, at: 5)),
                    Call(input: read, called: called, outcome: .returned(.value(nil), at: 9)),
                ]
            )
            #expect(history.check().verdict == verdict)
        }
    }
}
