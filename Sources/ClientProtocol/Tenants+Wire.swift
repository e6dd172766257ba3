internal import CMessages
internal import Flags
internal import Wire

extension Organization {
    /// Sets the fields of the C form.
    func fill(_ message: inout Bandera__Flags__V1__Organization, in arena: Arena) {
        message.id = arena.bytes(self.id)
        message.name = arena.bytes(self.name)
    }

    /// Reads the C form.
    init(_ message: UnsafePointer<Bandera__Flags__V1__Organization>) throws(WireError) {
        self.init(
            id: try message.pointee.id.identifier("organization"),
            name: try message.pointee.name.text("name")
        )
    }
}

extension Environment {
    /// Sets the fields of the C form.
    func fill(_ message: inout Bandera__Flags__V1__Environment, in arena: Arena) {
        message.id = self.id.build(in: arena)
        message.name = arena.bytes(self.name)
    }

    /// Reads the C form.
    init(_ message: UnsafePointer<Bandera__Flags__V1__Environment>) throws(WireError) {
        self.init(
            id: try EnvironmentID(message.pointee.id),
            name: try message.pointee.name.text("name")
        )
    }
}

extension Plan {
    /// Sets the fields of the C form.
    func fill(_ message: inout Bandera__Flags__V1__Plan, in arena: Arena) {
        message.organization = arena.bytes(self.organization)
        message.id = arena.bytes(self.id)
        message.name = arena.bytes(self.name)
    }

    /// Reads the C form.
    init(_ message: UnsafePointer<Bandera__Flags__V1__Plan>) throws(WireError) {
        self.init(
            organization: try message.pointee.organization.identifier("organization"),
            id: try message.pointee.id.identifier("plan"),
            name: try message.pointee.name.text("name")
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
    }

    /// Reads the C form.
    init(_ message: UnsafePointer<Bandera__Flags__V1__Company>) throws(WireError) {
        let raw = message.pointee
        self.init(
            organization: try raw.organization.identifier("organization"),
            id: try raw.id.identifier("company"),
            name: try raw.name.text("name"),
            plan: try raw.plan.identifier("plan"),
            region: try raw.region.identifier("region")
        )
    }
}
