extension Flag {
    /// What `bucketBy` is unless said otherwise.
    public static let targetingKeyName = "targetingKey"

    /// The variation named `name`; `nil` when there is none.
    public func variation(named name: String) -> Variation? {
        for index in self.variations.indices where self.variations[index].name == name {
            return self.variations[index]
        }
        return nil
    }
}

extension Audience {
    /// Whether no list narrows it.
    public var isEverybody: Bool {
        self.plans.isEmpty && self.roles.isEmpty && self.companies.isEmpty && self.regions.isEmpty
    }
}

extension EvaluationContext {
    /// The attribute named `name`; `nil` when there is none.
    public func attribute(_ name: String) -> Value? {
        self.attributes.value(named: name)
    }
}

extension Evaluation {
    /// An evaluation that gave no value.
    public init(error: EvaluationErrorCode) {
        self.init(value: nil, variation: nil, reason: .error, errorCode: error)
    }
}
