extension TeamMember: Documented {
    private static let names = ["organization", "name", "role", "revision"]

    /// `organization`, `name`, `role` and `revision`.
    public var document: Value {
        .document([
            "organization": .text(self.organization),
            "name": .string(self.name),
            "role": .string(self.role.rawValue),
            "revision": .revision(self.revision),
        ])
    }

    /// Reads `document`.
    public init(document: Value) throws(FlagsError) {
        let reader = try DocumentReader(document, "a member", Self.names)
        self.init(
            organization: try reader.text("organization", default: ""),
            name: try reader.text("name"),
            role: try reader.choice("role"),
            revision: try reader.revision("revision")
        )
    }
}

extension AccessToken: Documented {
    private static let names = [
        "id", "organization", "environment", "role", "member", "sha256", "expires_at",
        "created_at", "created_by", "revoked_at", "revision",
    ]

    /// What `publicDocument` has, and `sha256`: only for records and digests, never shown.
    public var document: Value {
        .document(self.publicDocument, and: .document(["sha256": .text(self.sha256)]))
    }

    /// The document without the hash of the secret: for history, dry runs and people.
    public var publicDocument: Value {
        .document([
            "id": .string(self.id),
            "organization": .text(self.organization),
            "environment": .text(self.environment),
            "role": .string(self.role.rawValue),
            "member": .text(self.member),
            "expires_at": .moment(self.expiresAt),
            "created_at": .moment(self.createdAt),
            "created_by": .text(self.createdBy),
            "revoked_at": .moment(self.revokedAt),
            "revision": .revision(self.revision),
        ])
    }

    /// Reads `document`, or `publicDocument` into a token without a hash, which is worth nothing.
    public init(document: Value) throws(FlagsError) {
        let reader = try DocumentReader(document, "a token", Self.names)
        self.init(
            id: try reader.text("id"),
            organization: try reader.text("organization", default: ""),
            environment: try reader.text("environment", default: ""),
            role: try reader.choice("role"),
            member: try reader.text("member", default: ""),
            sha256: try reader.text("sha256", default: ""),
            expiresAt: try reader.momentIfAny("expires_at"),
            createdAt: try reader.momentIfAny("created_at") ?? Timestamp(milliseconds: 0),
            createdBy: try reader.text("created_by", default: ""),
            revokedAt: try reader.momentIfAny("revoked_at"),
            revision: try reader.revision("revision")
        )
    }
}
