/// Counters that are added to and read; every one begins at 0.
///
/// An answer can name the sum after an addition, which makes a check much sharper.
package struct Counter<Key: Hashable & Sendable>: SequentialModel {
    package enum Action: Hashable, Sendable {
        case read
        case add(Int)
    }

    package struct Input: Hashable, Sendable {
        package let key: Key
        package let action: Action

        package init(_ key: Key, _ action: Action) {
            self.key = key
            self.action = action
        }
    }

    package init() {}

    package var initial: Int { 0 }

    package func key(of input: Input) -> Key { input.key }

    /// The output is the count that was read, or that there was after the addition.
    package func step(_ state: Int, _ input: Input, _ output: Int?) -> Int? {
        let next: Int
        switch input.action {
        case .read: next = state
        case .add(let amount): next = state + amount
        }
        return output == nil || output == next ? next : nil
    }

    package func isObservation(_ input: Input, _ output: Int?) -> Bool { input.action == .read }
}
