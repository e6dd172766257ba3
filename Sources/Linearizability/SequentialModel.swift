/// What an object does when its operations come one after the other.
///
/// A history of concurrent operations is linearizable if they can be put in an order that this
/// allows and that keeps apart what did not overlap (Herlihy and Wing, 1990).
package protocol SequentialModel: Sendable {
    /// Names an object that is independent of all others.
    associatedtype Key: Hashable & Sendable
    associatedtype State: Hashable & Sendable
    associatedtype Input: Hashable & Sendable
    associatedtype Output: Sendable

    /// The state of every object before the first operation.
    var initial: State { get }

    /// The one object that an operation is about.
    ///
    /// Linearizability is local: a history is linearizable if it is so for each object.
    func key(of input: Input) -> Key

    /// The state after an operation; `nil` if it cannot give that answer in that state.
    ///
    /// Without an output the answer is not known: everything is allowed that the operation may do.
    func step(_ state: State, _ input: Input, _ output: Output?) -> State?

    /// Whether the operation, if it gave that answer, changes no state at all.
    ///
    /// It may be false where it could be true, which only costs time, never the other way round.
    func isObservation(_ input: Input, _ output: Output?) -> Bool
}

extension SequentialModel {
    package func isObservation(_ input: Input, _ output: Output?) -> Bool { false }
}
