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
    _ field: String
) throws(WireError) -> [String]? {
    guard let list = message?.pointee else { return nil }
    return try readStrings(
        list.n_items,
        list.items,
        max: ClientProtocolLimits.audienceMax,
        field
    )
}
