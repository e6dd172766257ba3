internal import CMessages
internal import Flags
internal import Wire

extension FlagLabels {
    /// Makes the C form; `nil` when nothing is said.
    func build(in arena: Arena) -> UnsafeMutablePointer<Bandera__Flags__V1__FlagLabels>? {
        guard self != FlagLabels() else { return nil }
        return arena.message(bandera__flags__v1__flag_labels__init) { message in
            message.n_tags = self.tags.count
            message.tags = arena.strings(self.tags)
            message.owner = arena.bytes(self.owner)
            message.schema = self.schema.buildUnlessNull(in: arena)
        }
    }

    /// Reads the C form; absent means that nothing is said.
    init(_ message: UnsafeMutablePointer<Bandera__Flags__V1__FlagLabels>?) throws(WireError) {
        guard let raw = message?.pointee else {
            self.init()
            return
        }
        self.init(
            tags: try readIdentifiers(
                raw.n_tags,
                raw.tags,
                max: ClientProtocolLimits.tagsMax,
                "tags"
            ),
            owner: try raw.owner.identifier("owner"),
            schema: try Value(optional: raw.schema)
        )
    }
}

extension Targeting {
    /// Makes the C form; `nil` when there is none.
    func build(in arena: Arena) -> UnsafeMutablePointer<Bandera__Flags__V1__Targeting>? {
        guard !self.isEmpty else { return nil }
        return arena.message(bandera__flags__v1__targeting__init) { message in
            message.n_prerequisites = self.prerequisites.count
            message.prerequisites = arena.prerequisites(self.prerequisites)
            message.n_overrides = self.overrides.count
            message.overrides = arena.messages(
                self.overrides,
                bandera__flags__v1__override__init
            ) { $0.fill(&$1, in: arena) }
            message.n_targets = self.targets.count
            message.targets = arena.targets(self.targets)
            message.n_rules = self.rules.count
            message.rules = arena.rules(self.rules)
            message.n_weights = self.weights.count
            message.weights = arena.weights(self.weights)
        }
    }

    /// Reads the C form; absent means none.
    init(_ message: UnsafeMutablePointer<Bandera__Flags__V1__Targeting>?) throws(WireError) {
        guard let raw = message?.pointee else {
            self.init()
            return
        }
        self.init(
            prerequisites: try readPrerequisites(raw.n_prerequisites, raw.prerequisites),
            overrides: try readMessages(
                raw.n_overrides,
                raw.overrides,
                max: ClientProtocolLimits.overridesMax,
                "overrides"
            ) { (message) throws(WireError) -> Override in try Override(message) },
            targets: try readTargets(raw.n_targets, raw.targets),
            rules: try readRules(raw.n_rules, raw.rules),
            weights: try readWeights(raw.n_weights, raw.weights)
        )
    }
}

extension Override {
    /// Sets the fields of the C form.
    func fill(_ message: inout Bandera__Flags__V1__Override, in arena: Arena) {
        message.level = self.level.raw
        message.subject = arena.bytes(self.subject)
        message.variation = arena.bytes(self.variation)
        message.is_locked = self.isLocked ? 1 : 0
    }

    /// Reads the C form.
    init(_ message: UnsafePointer<Bandera__Flags__V1__Override>) throws(WireError) {
        let raw = message.pointee
        self.init(
            level: try OverrideLevel(raw.level),
            subject: try raw.subject.identifier("subject"),
            variation: try raw.variation.identifier("variation"),
            isLocked: raw.is_locked != 0
        )
    }
}

extension OverrideLevel: WireEnum {
    /// The C form.
    var raw: Bandera__Flags__V1__OverrideLevel {
        switch self {
        case .platform: BANDERA__FLAGS__V1__OVERRIDE_LEVEL__OVERRIDE_LEVEL_PLATFORM
        case .organization: BANDERA__FLAGS__V1__OVERRIDE_LEVEL__OVERRIDE_LEVEL_ORGANIZATION
        case .plan: BANDERA__FLAGS__V1__OVERRIDE_LEVEL__OVERRIDE_LEVEL_PLAN
        case .company: BANDERA__FLAGS__V1__OVERRIDE_LEVEL__OVERRIDE_LEVEL_COMPANY
        case .user: BANDERA__FLAGS__V1__OVERRIDE_LEVEL__OVERRIDE_LEVEL_USER
        }
    }
}

extension Arena {
    /// Builds prerequisites.
    func prerequisites(
        _ prerequisites: [Prerequisite]
    ) -> UnsafeMutablePointer<UnsafeMutablePointer<Bandera__Flags__V1__Prerequisite>?>? {
        self.messages(prerequisites, bandera__flags__v1__prerequisite__init) {
            $1.flag = self.bytes($0.flag.rawValue)
            $1.n_variations = $0.variations.count
            $1.variations = self.strings($0.variations)
        }
    }

    /// Builds targets.
    func targets(
        _ targets: [Target]
    ) -> UnsafeMutablePointer<UnsafeMutablePointer<Bandera__Flags__V1__Target>?>? {
        self.messages(targets, bandera__flags__v1__target__init) {
            $1.variation = self.bytes($0.variation)
            $1.attribute = self.bytes($0.attribute)
            $1.n_values = $0.values.count
            $1.values = self.strings($0.values)
        }
    }

    /// Builds weights.
    func weights(
        _ weights: [WeightedVariation]
    ) -> UnsafeMutablePointer<UnsafeMutablePointer<Bandera__Flags__V1__WeightedVariation>?>? {
        self.messages(weights, bandera__flags__v1__weighted_variation__init) {
            $1.variation = self.bytes($0.variation)
            $1.weight = $0.weight
        }
    }
}

/// Reads prerequisites.
func readPrerequisites(
    _ count: Int,
    _ array: UnsafeMutablePointer<UnsafeMutablePointer<Bandera__Flags__V1__Prerequisite>?>?
) throws(WireError) -> [Prerequisite] {
    let max = ClientProtocolLimits.prerequisitesMax
    return try readMessages(count, array, max: max, "prerequisites") {
        (message) throws(WireError) -> Prerequisite in
        let raw = message.pointee
        return Prerequisite(
            flag: FlagKey(try raw.flag.identifier("flag")),
            variations: try readIdentifiers(
                raw.n_variations,
                raw.variations,
                max: ClientProtocolLimits.variationsMax,
                "variations"
            )
        )
    }
}

/// Reads targets.
func readTargets(
    _ count: Int,
    _ array: UnsafeMutablePointer<UnsafeMutablePointer<Bandera__Flags__V1__Target>?>?
) throws(WireError) -> [Target] {
    try readMessages(count, array, max: ClientProtocolLimits.targetsMax, "targets") {
        (message) throws(WireError) -> Target in
        let raw = message.pointee
        return Target(
            variation: try raw.variation.identifier("variation"),
            attribute: try raw.attribute.identifier("attribute"),
            values: try readIdentifiers(
                raw.n_values,
                raw.values,
                max: ClientProtocolLimits.targetValuesMax,
                "values"
            )
        )
    }
}

/// Reads weights.
func readWeights(
    _ count: Int,
    _ array: UnsafeMutablePointer<UnsafeMutablePointer<Bandera__Flags__V1__WeightedVariation>?>?
) throws(WireError) -> [WeightedVariation] {
    try readMessages(count, array, max: ClientProtocolLimits.variationsMax, "weights") {
        (message) throws(WireError) -> WeightedVariation in
        WeightedVariation(
            variation: try message.pointee.variation.identifier("variation"),
            weight: message.pointee.weight
        )
    }
}
