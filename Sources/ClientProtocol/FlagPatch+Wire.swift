internal import CMessages
internal import Flags
internal import Wire

typealias RawPatch = Bandera__V1__FlagPatch

extension FlagPatch {
    /// Makes the C form.
    func build(in arena: Arena) -> UnsafeMutablePointer<RawPatch> {
        arena.message(bandera__v1__flag_patch__init) { message in
            self.fillScalars(&message, in: arena)
            message.plans = arena.list(self.plans)
            message.roles = arena.list(self.roles)
            message.companies = arena.list(self.companies)
            message.regions = arena.list(self.regions)
            message.start = self.start?.build(in: arena)
            message.end = self.end?.build(in: arena)
            if let variations = self.variations {
                message.variations = arena.message(bandera__v1__variation_list__init) {
                    $0.n_items = variations.count
                    $0.items = arena.variations(variations)
                }
            }
            message.reason = arena.bytes(self.reason)
            message.tags = arena.list(self.tags)
            if let owner = self.owner {
                message.set_owner_case = BANDERA__V1__FLAG_PATCH__SET_OWNER_OWNER
                message.owner = arena.bytes(owner)
            }
            message.schema = self.schema?.build(in: arena)
            self.fillTargeting(&message, in: arena)
        }
    }

    private func fillScalars(_ message: inout RawPatch, in arena: Arena) {
        if let name = self.name {
            message.set_name_case = BANDERA__V1__FLAG_PATCH__SET_NAME_NAME
            message.name = arena.bytes(name)
        }
        if let description = self.description {
            message.set_description_case = BANDERA__V1__FLAG_PATCH__SET_DESCRIPTION_DESCRIPTION
            message.description = arena.bytes(description)
        }
        if let enabled = self.enabled {
            message.set_enabled_case = BANDERA__V1__FLAG_PATCH__SET_ENABLED_ENABLED
            message.enabled = enabled ? 1 : 0
        }
        if let status = self.status {
            message.set_status_case = BANDERA__V1__FLAG_PATCH__SET_STATUS_STATUS
            message.status = status.raw
        }
        if let rollout = self.rollout {
            message.set_rollout_case = BANDERA__V1__FLAG_PATCH__SET_ROLLOUT_ROLLOUT
            message.rollout = rollout.thousandths
        }
        if let variation = self.onVariation {
            message.set_on_variation_case = BANDERA__V1__FLAG_PATCH__SET_ON_VARIATION_ON_VARIATION
            message.on_variation = arena.bytes(variation)
        }
        if let variation = self.offVariation {
            message.set_off_variation_case =
                BANDERA__V1__FLAG_PATCH__SET_OFF_VARIATION_OFF_VARIATION
            message.off_variation = arena.bytes(variation)
        }
    }

    private func fillTargeting(_ message: inout RawPatch, in arena: Arena) {
        if let prerequisites = self.prerequisites {
            message.prerequisites = arena.message(bandera__v1__prerequisite_list__init) {
                $0.n_items = prerequisites.count
                $0.items = arena.prerequisites(prerequisites)
            }
        }
        if let targets = self.targets {
            message.targets = arena.message(bandera__v1__target_list__init) {
                $0.n_items = targets.count
                $0.items = arena.targets(targets)
            }
        }
        if let rules = self.rules {
            message.rules = arena.message(bandera__v1__rule_list__init) {
                $0.n_items = rules.count
                $0.items = arena.rules(rules)
            }
        }
        if let weights = self.weights {
            message.weights = arena.message(bandera__v1__weight_list__init) {
                $0.n_items = weights.count
                $0.items = arena.weights(weights)
            }
        }
    }

    /// Reads and checks the C form.
    init(_ message: UnsafePointer<RawPatch>) throws(WireError) {
        let raw = message.pointee
        self.init()
        if raw.set_name_case == BANDERA__V1__FLAG_PATCH__SET_NAME_NAME {
            self.name = try raw.name.text("name")
        }
        if raw.set_description_case == BANDERA__V1__FLAG_PATCH__SET_DESCRIPTION_DESCRIPTION {
            self.description = try raw.description.text("description")
        }
        if raw.set_enabled_case == BANDERA__V1__FLAG_PATCH__SET_ENABLED_ENABLED {
            self.enabled = raw.enabled != 0
        }
        if raw.set_status_case == BANDERA__V1__FLAG_PATCH__SET_STATUS_STATUS {
            self.status = try FlagStatus(raw.status)
        }
        if raw.set_rollout_case == BANDERA__V1__FLAG_PATCH__SET_ROLLOUT_ROLLOUT {
            self.rollout = try RolloutPercentage(received: raw.rollout)
        }
        self.plans = try readList(raw.plans, "plans")
        self.roles = try readList(raw.roles, "roles")
        self.companies = try readList(raw.companies, "companies")
        self.regions = try readList(raw.regions, "regions")
        self.start = raw.start.map { Bound($0.pointee) }
        self.end = raw.end.map { Bound($0.pointee) }
        if let variations = raw.variations?.pointee {
            self.variations = try readVariations(variations.n_items, variations.items)
        }
        if raw.set_on_variation_case == BANDERA__V1__FLAG_PATCH__SET_ON_VARIATION_ON_VARIATION {
            self.onVariation = try raw.on_variation.identifier("on variation")
        }
        if raw.set_off_variation_case == BANDERA__V1__FLAG_PATCH__SET_OFF_VARIATION_OFF_VARIATION {
            self.offVariation = try raw.off_variation.identifier("off variation")
        }
        self.reason = try raw.reason.text("reason")
        self.tags = try readList(raw.tags, "tags", max: ClientProtocolLimits.tagsMax)
        if raw.set_owner_case == BANDERA__V1__FLAG_PATCH__SET_OWNER_OWNER {
            self.owner = try raw.owner.identifier("owner")
        }
        if raw.schema != nil {
            self.schema = try Value(raw.schema)
        }
        try self.readTargeting(raw)
    }

    private mutating func readTargeting(_ raw: RawPatch) throws(WireError) {
        if let prerequisites = raw.prerequisites?.pointee {
            self.prerequisites = try readPrerequisites(
                prerequisites.n_items,
                prerequisites.items
            )
        }
        if let targets = raw.targets?.pointee {
            self.targets = try readTargets(targets.n_items, targets.items)
        }
        if let rules = raw.rules?.pointee {
            self.rules = try readRules(rules.n_items, rules.items)
        }
        if let weights = raw.weights?.pointee {
            self.weights = try readWeights(weights.n_items, weights.items)
        }
    }
}

extension FlagPatch.Bound {
    fileprivate func build(in arena: Arena) -> UnsafeMutablePointer<Bandera__V1__Bound> {
        arena.message(bandera__v1__bound__init) { message in
            guard case .at(let time) = self else { return }
            message.at_case = BANDERA__V1__BOUND__AT_AT_MS
            message.at_ms = time.milliseconds
        }
    }

    fileprivate init(_ message: Bandera__V1__Bound) {
        self =
            message.at_case == BANDERA__V1__BOUND__AT_AT_MS
            ? .at(Timestamp(milliseconds: message.at_ms)) : .none
    }
}

extension Arena {
    fileprivate func list(
        _ strings: [String]?
    ) -> UnsafeMutablePointer<Bandera__V1__StringList>? {
        strings.map { strings in
            self.message(bandera__v1__string_list__init) {
                $0.n_items = strings.count
                $0.items = self.strings(strings)
            }
        }
    }
}

private func readList(
    _ message: UnsafeMutablePointer<Bandera__V1__StringList>?,
    _ field: String,
    max: Int = ClientProtocolLimits.audienceMax
) throws(WireError) -> [String]? {
    guard let list = message?.pointee else { return nil }
    return try readIdentifiers(list.n_items, list.items, max: max, field)
}
