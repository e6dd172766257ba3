extension TeamMember {
    /// Requires a name of 1 through 128 of `a-z A-Z 0-9 . _ - @`, and a role that people of an
    /// organization can have.
    public func validate() throws(FlagsError) {
        try TextRules.checkTenant(self.organization, "the organization's id")
        try Self.check(name: self.name)
        guard self.role.isHuman, self.role != .superAdmin else {
            let roles = Role.allCases.filter { $0.isHuman && $0 != .superAdmin }
            throw FlagsError(
                .invalidToken,
                "a member cannot be \(self.role.rawValue), only "
                    + roles.map(\.rawValue).joined(separator: ", ")
            )
        }
    }

    static func check(name: String) throws(FlagsError) {
        try TextRules.checkName(
            name,
            "the member's name",
            .member,
            bytesMax: FlagsLimits.identifierBytesMax
        )
    }
}

extension AccessToken {
    /// Requires an id, a hash, a place that suits its role, and an expiry after its creation.
    public func validate() throws(FlagsError) {
        try TextRules.checkIdentifier(self.id, "the token's id")
        guard self.organization.isEmpty == (self.role == .superAdmin) else {
            throw FlagsError(
                .invalidToken,
                self.role == .superAdmin
                    ? "a token of a super_admin belongs to no organization"
                    : "a token of a \(self.role.rawValue) needs its organization"
            )
        }
        if !self.organization.isEmpty {
            try TextRules.checkTenant(self.organization, "the organization's id")
        }
        if !self.environment.isEmpty {
            guard !self.organization.isEmpty else {
                throw FlagsError(
                    .invalidToken,
                    "a token of a super_admin belongs to no environment"
                )
            }
            try TextRules.checkTenant(self.environment, "the environment's id")
        }
        guard self.role.isHuman || !self.environment.isEmpty else {
            throw FlagsError(
                .invalidToken,
                "a token of a \(self.role.rawValue) needs its environment"
            )
        }
        if !self.member.isEmpty { try TeamMember.check(name: self.member) }
        guard self.sha256.utf8.count == 64, self.sha256.utf8.allSatisfy(Self.isHexadecimal) else {
            throw FlagsError(
                .invalidToken,
                "a token's hash must be SHA-256 in 64 lower-case hexadecimal digits"
            )
        }
        try Flag.checkWindow(start: nil, end: self.expiresAt)
        if let expiresAt = self.expiresAt, expiresAt <= self.createdAt {
            throw FlagsError(
                .invalidToken,
                "the token's expiry \(expiresAt.rfc3339) must be after its creation "
                    + self.createdAt.rfc3339
            )
        }
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}
