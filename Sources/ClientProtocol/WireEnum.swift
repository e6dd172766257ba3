internal import Wire

/// An enum that travels as a generated one, whose value 0 is none of ours.
protocol WireEnum: CaseIterable, Equatable {
    associatedtype Raw: RawRepresentable, Equatable

    /// The C form.
    var raw: Raw { get }
}

extension WireEnum {
    /// Reads the C form: a newer peer's value is refused with its message.
    init(_ raw: Raw) throws(WireError) {
        guard let value = Self.allCases.first(where: { $0.raw == raw }) else {
            throw WireError(code: .outOfRange, message: "unknown \(Self.self) \(raw.rawValue)")
        }
        self = value
    }
}
