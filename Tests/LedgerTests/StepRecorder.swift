import Ledger
import Synchronization

/// Notes every step on the disk, and refuses one of them.
final class StepRecorder: Sendable {
    private struct State {
        var steps: [DiskStep] = []
        var refuseAt: Int?
        var code: LedgerError.Code
    }
    private let state: Mutex<State>

    init(refuseAt: Int? = nil, code: LedgerError.Code = .failed) {
        self.state = Mutex(State(refuseAt: refuseAt, code: code))
    }

    var steps: [DiskStep] { self.state.withLock { $0.steps } }

    /// The steps, with only the last part of each path.
    var names: [String] {
        func last(_ path: String) -> String {
            let name = path.split(separator: "/").last ?? ""
            // Without the label.
            guard let dash = name.firstIndex(of: "-"), name.hasPrefix("ledger.i") else {
                return String(name)
            }
            let suffix = name.hasSuffix(".pieces") ? ".pieces" : ""
            return name[..<dash] + suffix
        }
        return self.steps.map { step in
            switch step {
            case .write(let path): "write \(last(path))"
            case .truncate(let path): "truncate \(last(path))"
            case .sync(let path): "sync \(last(path))"
            case .rename(let path, let name): "rename \(last(path)) \(last(name))"
            case .remove(let path): "remove \(last(path))"
            case .syncFolder: "sync folder"
            }
        }
    }

    /// From the step that is refused on, nothing is done any more: the process is as good as dead.
    func before(_ step: DiskStep) throws(LedgerError) {
        let code: LedgerError.Code? = self.state.withLock { state in
            if let at = state.refuseAt, state.steps.count >= at { return state.code }
            state.steps.append(step)
            return nil
        }
        if let code { throw LedgerError(code, "refused for the test") }
    }

    func allow() { self.state.withLock { $0.refuseAt = nil } }
}
