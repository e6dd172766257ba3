import Linearizability
import Testing

/// Histories that were made by an atomic object, and the same with one answer changed, judged also
/// by trying every order.
@Suite("Random histories")
struct RandomHistoryTests {
    typealias Registers = Register<Int, Int>

    @Test("What an atomic register did is linearizable, whatever overlapped", arguments: 1...3)
    func atomic(run: Int) {
        for seed in UInt64(run) * 1_000..<UInt64(run) * 1_000 + 200 {
            var maker = HistoryMaker(seed: seed)
            let history = maker.make(operations: 200, clients: 8)
            #expect(history.check().verdict == .linearizable, "seed \(seed)")
        }
    }

    @Test("The verdict is that of trying every order", arguments: 1...3)
    func everyOrder(run: Int) {
        var refuted = 0
        for seed in UInt64(run) * 10_000..<UInt64(run) * 10_000 + 400 {
            var maker = HistoryMaker(seed: seed)
            let history = maker.spoil(maker.make(operations: 7, clients: 3))
            let expected = isLinearizableByBruteForce(history)
            let verdict = history.check().verdict
            #expect(verdict == (expected ? .linearizable : .notLinearizable), "seed \(seed)")
            refuted += expected ? 0 : 1
        }
        #expect(refuted > 20 && refuted < 380, "\(refuted) of 400 refuted")
    }

    @Test("A long history with many unknown outcomes is judged without a search that explodes")
    func long() {
        var maker = HistoryMaker(seed: 77)
        let history = maker.make(operations: 20_000, clients: 5)
        let judgement = history.check()
        #expect(judgement.verdict == .linearizable)
        #expect(judgement.steps < 2_000_000, "\(judgement.steps) steps")
    }

    /// Wing and Gong without any shortcut.
    private func isLinearizableByBruteForce(_ history: History<Registers>) -> Bool {
        func search(_ left: [Int], _ state: Int?) -> Bool {
            var deadline = UInt64.max
            var isDone = true
            for position in left {
                if case .returned(_, let at) = history.operations[position].outcome {
                    deadline = min(deadline, at)
                    isDone = false
                }
            }
            if isDone { return true }
            for position in left where history.operations[position].called <= deadline {
                let operation = history.operations[position]
                let output: Registers.Output?
                switch operation.outcome {
                case .failed: continue
                case .unknown: output = nil
                case .returned(let answer, _): output = answer
                }
                guard let next = history.model.step(state, operation.input, output) else {
                    continue
                }
                if search(left.filter { $0 != position }, next) { return true }
            }
            return false
        }
        return search(Array(history.operations.indices), nil)
    }
}

/// Plays clients against an atomic register.
private struct HistoryMaker {
    private var state: UInt64

    init(seed: UInt64) { self.state = seed }

    private mutating func draw(_ bound: UInt64) -> UInt64 {
        self.state = self.state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (self.state >> 33) % bound
    }

    private mutating func action() -> Register<Int, Int>.Action {
        switch self.draw(3) {
        case 0: .read
        case 1: .write(Int(self.draw(4)))
        default: .compareAndSet(Int(self.draw(4)), Int(self.draw(4)))
        }
    }

    /// Each client calls, is answered at a later moment, or never hears again.
    mutating func make(operations: Int, clients: Int) -> History<Register<Int, Int>> {
        let model = Register<Int, Int>()
        var history = History(model)
        var value: Int?
        var open: [(call: Int, output: Register<Int, Int>.Output?)] = []
        while history.operations.count < operations || !open.isEmpty {
            if history.operations.count < operations, open.count < clients, self.draw(2) == 0 {
                let input = Register<Int, Int>.Input(0, self.action())
                open.append((history.call(input), nil))
                continue
            }
            guard !open.isEmpty else { continue }
            let place = Int(self.draw(UInt64(open.count)))
            let (call, output) = open[place]
            guard output == nil else {
                history.returned(call, output)
                open.remove(at: place)
                continue
            }
            switch (history.operations[call].input.action, self.draw(50)) {
            case (_, 0): open.remove(at: place)
            case (.read, _): open[place].output = .value(value)
            case (.write(let next), let luck):
                value = next
                open[place].output = .done
                if luck == 1 { open.remove(at: place) }
            case (.compareAndSet(let old, let next), let luck):
                open[place].output = old == value ? .done : .mismatch
                value = old == value ? next : value
                if luck == 1 { open.remove(at: place) }
            }
        }
        return history
    }

    /// Changes what one read answered.
    mutating func spoil(
        _ history: History<Register<Int, Int>>
    ) -> History<Register<Int, Int>> {
        var operations = history.operations
        let start = Int(self.draw(UInt64(operations.count)))
        for offset in operations.indices {
            let place = (start + offset) % operations.count
            guard case .returned(.value, let at) = operations[place].outcome else { continue }
            operations[place].outcome = .returned(.value(Int(self.draw(4))), at: at)
            break
        }
        return History(history.model, operations)
    }
}
