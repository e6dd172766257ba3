internal import Flags
internal import HashTreeCollections

extension FlagStore {
    mutating func put(_ member: TeamMember, _ stamp: CommandStamp) throws(Refusal) -> [Effect] {
        try Refusal.checking { () throws(FlagsError) in try member.validate() }
        let organization = member.organization
        guard let count = self.tenants[organization]?.members.count else {
            throw .noOrganization(organization)
        }
        let before = self.tenants[organization]?.members[member.name]
        try Self.checkBase(stamp, "member \(member.name)", changedAt: before?.revision)
        var after = member
        after.revision = before?.revision ?? .zero
        guard after != before else { return [] }
        guard before != nil || count < FlagsLimits.membersPerOrganizationMax else {
            throw .tooMany("members of \(organization)", FlagsLimits.membersPerOrganizationMax)
        }
        after.revision = stamp.revision
        self.tenants[organization]?.members[member.name] = after
        let row = self.history(
            .member,
            member.name,
            of: organization,
            from: before,
            to: after,
            stamp
        )
        return [.member(after), row]
    }

    /// Revokes the member's tokens, so that none comes back with another member of that name.
    ///
    /// One row of history stands for all of it.
    mutating func removeMember(
        _ name: String,
        of organization: String,
        _ stamp: CommandStamp
    ) throws(Refusal) -> [Effect] {
        guard let before = self.tenants[organization]?.members[name] else {
            throw .missing("member \(name)", in: organization)
        }
        try Self.checkBase(stamp, "member \(name)", changedAt: before.revision)
        self.tenants[organization]?.members[name] = nil
        let row = self.history(
            .member,
            name,
            of: organization,
            from: before,
            to: nil,
            stamp
        )
        return [.memberRemoved(organization, name)]
            + self.revokeTokens(of: name, in: organization, stamp) + [row]
    }
}
