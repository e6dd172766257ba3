/// A JSON-like value: what a variation holds and what a context attribute is.
public enum Value: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([Value])
    /// Sorted by name, names unique: equal objects are equal values on every node.
    case object([Field])

    /// One member of an object.
    public struct Field: Hashable, Sendable {
        /// Unique within its object.
        public let name: String
        /// What the name stands for.
        public let value: Value

        /// Creates a member.
        public init(name: String, value: Value) {
            self.name = name
            self.value = value
        }
    }
}
