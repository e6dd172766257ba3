/// Registers that are read, written, and compared and set; every one is empty at first.
package struct Register<Key: Hashable & Sendable, Value: Hashable & Sendable>: SequentialModel {
    package enum Action: Hashable, Sendable {
        case read
        case write(Value?)
        case compareAndSet(Value?, Value?)
    }

    package struct Input: Hashable, Sendable {
        package let key: Key
        package let action: Action

        package init(_ key: Key, _ action: Action) {
            self.key = key
            self.action = action
        }
    }

    package enum Output: Hashable, Sendable {
        case value(Value?)
        /// The write or the exchange was made.
        case done
        /// The register held something else than was compared with.
        case mismatch
    }

    package init() {}

    package var initial: Value? { nil }

    package func key(of input: Input) -> Key { input.key }

    package func step(_ state: Value?, _ input: Input, _ output: Output?) -> Value?? {
        switch (input.action, output) {
        case (.read, .value(let value)): return value == state ? .some(state) : .none
        case (.read, .none): return .some(state)
        case (.write(let value), .done), (.write(let value), .none): return .some(value)
        case (.compareAndSet(let old, let new), .done): return old == state ? .some(new) : .none
        case (.compareAndSet(let old, _), .mismatch): return old == state ? .none : .some(state)
        case (.compareAndSet(let old, let new), .none): return .some(old == state ? new : state)
        default: return .none
        }
    }

    package func isObservation(_ input: Input, _ output: Output?) -> Bool {
        switch (input.action, output) {
        case (.read, _), (.compareAndSet, .mismatch): true
        default: false
        }
    }
}
