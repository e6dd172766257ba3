internal import CMessages
internal import Flags
internal import Wire

extension Role: WireEnum {
    /// The C form.
    var raw: Bandera__Flags__V1__Role {
        switch self {
        case .superAdmin: BANDERA__FLAGS__V1__ROLE__ROLE_SUPER_ADMIN
        case .organizationAdmin: BANDERA__FLAGS__V1__ROLE__ROLE_ORGANIZATION_ADMIN
        case .releaseManager: BANDERA__FLAGS__V1__ROLE__ROLE_RELEASE_MANAGER
        case .developer: BANDERA__FLAGS__V1__ROLE__ROLE_DEVELOPER
        case .viewer: BANDERA__FLAGS__V1__ROLE__ROLE_VIEWER
        case .serverSDK: BANDERA__FLAGS__V1__ROLE__ROLE_SERVER_SDK
        case .clientSDK: BANDERA__FLAGS__V1__ROLE__ROLE_CLIENT_SDK
        }
    }
}

extension Authority {
    /// Makes the C form.
    func build(in arena: Arena) -> UnsafeMutablePointer<Bandera__Flags__V1__Authority> {
        arena.message(bandera__flags__v1__authority__init) { message in
            message.role = self.role.raw
            message.organization = arena.bytes(self.organization)
            message.environment = arena.bytes(self.environment)
        }
    }

    /// Reads the C form.
    init(_ message: UnsafePointer<Bandera__Flags__V1__Authority>) throws(WireError) {
        let raw = message.pointee
        self.init(
            role: try Role(raw.role),
            organization: try raw.organization.identifier("organization"),
            environment: try raw.environment.identifier("environment")
        )
    }
}

extension TeamMember {
    /// Sets the fields of the C form.
    func fill(_ message: inout Bandera__Flags__V1__TeamMember, in arena: Arena) {
        message.organization = arena.bytes(self.organization)
        message.name = arena.bytes(self.name)
        message.role = self.role.raw
        message.revision = self.revision.rawValue
    }

    /// Reads the C form.
    init(_ message: UnsafePointer<Bandera__Flags__V1__TeamMember>) throws(WireError) {
        let raw = message.pointee
        self.init(
            organization: try raw.organization.identifier("organization"),
            name: try raw.name.identifier("member"),
            role: try Role(raw.role),
            revision: Revision(raw.revision)
        )
    }
}

extension AccessToken {
    /// Sets the fields of the C form.
    func fill(_ message: inout Bandera__Flags__V1__AccessToken, in arena: Arena) {
        message.id = arena.bytes(self.id)
        message.organization = arena.bytes(self.organization)
        message.environment = arena.bytes(self.environment)
        message.role = self.role.raw
        message.member = arena.bytes(self.member)
        message.sha256 = arena.bytes(self.sha256)
        if let expiresAt = self.expiresAt {
            message.expires_case = BANDERA__FLAGS__V1__ACCESS_TOKEN__EXPIRES_EXPIRES_AT_MS
            message.expires_at_ms = expiresAt.milliseconds
        }
        message.created_at_ms = self.createdAt.milliseconds
        message.created_by = arena.bytes(self.createdBy)
        if let revokedAt = self.revokedAt {
            message.revoked_case = BANDERA__FLAGS__V1__ACCESS_TOKEN__REVOKED_REVOKED_AT_MS
            message.revoked_at_ms = revokedAt.milliseconds
        }
        message.revision = self.revision.rawValue
    }

    /// Reads the C form.
    init(_ message: UnsafePointer<Bandera__Flags__V1__AccessToken>) throws(WireError) {
        let raw = message.pointee
        let expires = raw.expires_case == BANDERA__FLAGS__V1__ACCESS_TOKEN__EXPIRES_EXPIRES_AT_MS
        let isRevoked = raw.revoked_case == BANDERA__FLAGS__V1__ACCESS_TOKEN__REVOKED_REVOKED_AT_MS
        self.init(
            id: try raw.id.identifier("token"),
            organization: try raw.organization.identifier("organization"),
            environment: try raw.environment.identifier("environment"),
            role: try Role(raw.role),
            member: try raw.member.identifier("member"),
            sha256: try raw.sha256.identifier("hash"),
            expiresAt: expires ? Timestamp(milliseconds: raw.expires_at_ms) : nil,
            createdAt: Timestamp(milliseconds: raw.created_at_ms),
            createdBy: try raw.created_by.identifier("created by"),
            revokedAt: isRevoked ? Timestamp(milliseconds: raw.revoked_at_ms) : nil,
            revision: Revision(raw.revision)
        )
    }
}
