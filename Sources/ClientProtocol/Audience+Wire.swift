internal import CMessages
internal import Flags
internal import Wire

typealias RawVariation = Bandera__Flags__V1__Variation

extension Audience {
    /// Makes the C form; `nil` when everybody is admitted.
    func build(in arena: Arena) -> UnsafeMutablePointer<Bandera__Flags__V1__Audience>? {
        guard self != Audience() else { return nil }
        return arena.message(bandera__flags__v1__audience__init) { self.fill(&$0, in: arena) }
    }

    /// Sets the fields of the C form.
    func fill(_ message: inout Bandera__Flags__V1__Audience, in arena: Arena) {
        message.n_plans = self.plans.count
        message.plans = arena.strings(self.plans)
        message.n_roles = self.roles.count
        message.roles = arena.strings(self.roles)
        message.n_companies = self.companies.count
        message.companies = arena.strings(self.companies)
        message.n_regions = self.regions.count
        message.regions = arena.strings(self.regions)
    }

    /// Reads the C form; absent means that everybody is admitted.
    init(
        _ message: UnsafeMutablePointer<Bandera__Flags__V1__Audience>?
    ) throws(WireError) {
        guard let raw = message?.pointee else {
            self.init()
            return
        }
        let max = ClientProtocolLimits.audienceMax
        self.init(
            plans: try readIdentifiers(raw.n_plans, raw.plans, max: max, "plans"),
            roles: try readIdentifiers(raw.n_roles, raw.roles, max: max, "roles"),
            companies: try readIdentifiers(raw.n_companies, raw.companies, max: max, "companies"),
            regions: try readIdentifiers(raw.n_regions, raw.regions, max: max, "regions")
        )
    }
}

extension Arena {
    /// Builds a flag's variations.
    func variations(
        _ variations: [Variation]
    ) -> UnsafeMutablePointer<UnsafeMutablePointer<RawVariation>?>? {
        self.messages(variations, bandera__flags__v1__variation__init) { variation, message in
            message.name = self.bytes(variation.name)
            message.value = variation.value.build(in: self)
        }
    }
}

/// Reads a flag's variations.
func readVariations(
    _ count: Int,
    _ array: UnsafeMutablePointer<UnsafeMutablePointer<RawVariation>?>?
) throws(WireError) -> [Variation] {
    try readMessages(count, array, max: ClientProtocolLimits.variationsMax, "variations") {
        (variation) throws(WireError) -> Variation in
        Variation(
            name: try variation.pointee.name.identifier("variation"),
            value: try Value(variation.pointee.value)
        )
    }
}
