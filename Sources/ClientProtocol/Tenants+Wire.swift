internal import CMessages
internal import Flags
internal import Wire

extension Organization {
    /// Sets the fields of the C form.
    func fill(_ message: inout Bandera__Flags__V1__Organization, in arena: Arena) {
        message.id = arena.bytes(self.id)
        message.name = arena.bytes(self.name)
        message.branding = self.branding.build(in: arena)
        message.quotas = self.quotas.build(in: arena)
        message.revision = self.revision.rawValue
    }

    /// Reads the C form.
    init(_ message: UnsafePointer<Bandera__Flags__V1__Organization>) throws(WireError) {
        let raw = message.pointee
        self.init(
            id: try raw.id.identifier("organization"),
            name: try raw.name.text("name"),
            branding: try Branding(raw.branding),
            quotas: Quotas(raw.quotas),
            revision: Revision(raw.revision)
        )
    }
}

extension Branding {
    fileprivate func build(
        in arena: Arena
    ) -> UnsafeMutablePointer<Bandera__Flags__V1__Branding>? {
        guard self != Branding() else { return nil }
        return arena.message(bandera__flags__v1__branding__init) { message in
            message.logo = arena.bytes(self.logo)
            message.primary_color = arena.bytes(self.primaryColor)
            message.accent_color = arena.bytes(self.accentColor)
            message.locale = arena.bytes(self.locale)
            message.host = arena.bytes(self.host)
        }
    }

    fileprivate init(
        _ message: UnsafeMutablePointer<Bandera__Flags__V1__Branding>?
    ) throws(WireError) {
        guard let raw = message?.pointee else {
            self.init()
            return
        }
        self.init(
            logo: try raw.logo.text("logo"),
            primaryColor: try raw.primary_color.identifier("primary color"),
            accentColor: try raw.accent_color.identifier("accent color"),
            locale: try raw.locale.identifier("locale"),
            host: try raw.host.identifier("host")
        )
    }
}

extension Quotas {
    fileprivate func build(
        in arena: Arena
    ) -> UnsafeMutablePointer<Bandera__Flags__V1__Quotas>? {
        guard self != Quotas() else { return nil }
        return arena.message(bandera__flags__v1__quotas__init) { message in
            message.flags = self.flags
            message.companies = self.companies
            message.watches = self.watches
            message.writes_per_second = self.writesPerSecond
        }
    }

    fileprivate init(_ message: UnsafeMutablePointer<Bandera__Flags__V1__Quotas>?) {
        guard let raw = message?.pointee else {
            self.init()
            return
        }
        self.init(
            flags: raw.flags,
            companies: raw.companies,
            watches: raw.watches,
            writesPerSecond: raw.writes_per_second
        )
    }
}

extension Environment {
    /// Sets the fields of the C form.
    func fill(_ message: inout Bandera__Flags__V1__Environment, in arena: Arena) {
        message.id = self.id.build(in: arena)
        message.name = arena.bytes(self.name)
        message.revision = self.revision.rawValue
    }

    /// Reads the C form.
    init(_ message: UnsafePointer<Bandera__Flags__V1__Environment>) throws(WireError) {
        self.init(
            id: try EnvironmentID(message.pointee.id),
            name: try message.pointee.name.text("name"),
            revision: Revision(message.pointee.revision)
        )
    }
}

extension Plan {
    /// Sets the fields of the C form.
    func fill(_ message: inout Bandera__Flags__V1__Plan, in arena: Arena) {
        message.organization = arena.bytes(self.organization)
        message.id = arena.bytes(self.id)
        message.name = arena.bytes(self.name)
        message.description = arena.bytes(self.description)
        message.revision = self.revision.rawValue
    }

    /// Reads the C form.
    init(_ message: UnsafePointer<Bandera__Flags__V1__Plan>) throws(WireError) {
        let raw = message.pointee
        self.init(
            organization: try raw.organization.identifier("organization"),
            id: try raw.id.identifier("plan"),
            name: try raw.name.text("name"),
            description: try raw.description.text("description"),
            revision: Revision(raw.revision)
        )
    }
}

extension Company {
    /// Sets the fields of the C form.
    func fill(_ message: inout Bandera__Flags__V1__Company, in arena: Arena) {
        message.organization = arena.bytes(self.organization)
        message.id = arena.bytes(self.id)
        message.name = arena.bytes(self.name)
        message.plan = arena.bytes(self.plan)
        message.region = arena.bytes(self.region)
        message.n_attributes = self.attributes.count
        message.attributes = arena.fields(self.attributes)
        message.revision = self.revision.rawValue
    }

    /// Reads the C form.
    init(_ message: UnsafePointer<Bandera__Flags__V1__Company>) throws(WireError) {
        let raw = message.pointee
        self.init(
            organization: try raw.organization.identifier("organization"),
            id: try raw.id.identifier("company"),
            name: try raw.name.text("name"),
            plan: try raw.plan.identifier("plan"),
            region: try raw.region.identifier("region"),
            attributes: try readFields(
                raw.n_attributes,
                raw.attributes,
                max: ClientProtocolLimits.attributesMax,
                "attributes"
            ),
            revision: Revision(raw.revision)
        )
    }
}
