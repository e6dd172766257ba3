/// Texts under keys, which are got, put and appended to; every one is empty at first.
package struct KeyValue: SequentialModel {
    package enum Action: Hashable, Sendable {
        case get
        case put(String)
        case append(String)
    }

    package struct Input: Hashable, Sendable {
        package let key: String
        package let action: Action

        package init(_ key: String, _ action: Action) {
            self.key = key
            self.action = action
        }
    }

    package init() {}

    package var initial: String { "" }

    package func key(of input: Input) -> String { input.key }

    /// The output is what was got; a put and an append answer nothing.
    package func step(_ state: String, _ input: Input, _ output: String?) -> String? {
        switch input.action {
        case .get: output == nil || output == state ? state : nil
        case .put(let text): text
        case .append(let text): state + text
        }
    }

    package func isObservation(_ input: Input, _ output: String?) -> Bool { input.action == .get }
}
