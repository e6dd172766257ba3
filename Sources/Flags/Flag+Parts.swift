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
        var low = 0
        var high = self.attributes.count
        while low < high {
            let middle = (low + high) / 2
            let candidate = self.attributes[middle].name
            if candidate == name { return self.attributes[middle].value }
            if candidate < name { low = middle + 1 } else { high = middle }
        }
        return nil
    }
}

extension Evaluation {
    /// An evaluation that gave no value.
    public init(error: EvaluationErrorCode) {
        self.init(value: nil, variation: nil, reason: .error, errorCode: error)
    }
}
