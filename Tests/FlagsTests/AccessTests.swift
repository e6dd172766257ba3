import Flags
import Testing

@Suite struct AccessTests {
    /// Which roles may do what, written out: a change of the table is a change of this.
    private static let table: [(AccessAction, String)] = [
        // super_admin, organization_admin, release_manager, developer, viewer, server, client
        (.introduceOneself, "1111111"),
        (.openSession, "1111000"),
        (.watchValues, "1111111"),
        (.watchRules, "1111110"),
        (.evaluate, "1111111"),
        (.reportUsage, "1000011"),
        (.readFlags, "1111110"),
        (.readHistory, "1111100"),
        (.readReleases, "1111100"),
        (.readUsage, "1111100"),
        (.readTenancy, "1111100"),
        (.readAccess, "1100000"),
        (.readCluster, "1111100"),
        (.prepare, "1111000"),
        (.release, "1110000"),
        (.overrideBelow, "1110000"),
        (.overrideOrganization, "1100000"),
        (.overridePlatform, "1000000"),
        (.manageTenancy, "1100000"),
        (.manageAccess, "1100000"),
        (.managePlatform, "1000000"),
        (.manageCluster, "1000000"),
    ]

    @Test func everyRoleMayDoWhatTheTableSaysAndNothingElse() {
        #expect(Self.table.map(\.0) == AccessAction.allCases)
        for (action, row) in Self.table {
            let allowed = Role.allCases.map { role in
                Authority(role: role, organization: "acme", environment: "production")
                    .permits(action, organization: "acme", environment: "production") ? "1" : "0"
            }
            #expect(allowed.joined() == row, "\(action)")
        }
    }

    @Test func anAuthorityReachesNoFurtherThanItsOrganizationAndEnvironment() {
        let everywhere: [AccessAction] = [.introduceOneself, .openSession]
        for role in Role.allCases {
            for action in AccessAction.allCases where !everywhere.contains(action) {
                let ofOrganization = Authority(role: role, organization: "acme")
                let ofEnvironment = Authority(
                    role: role,
                    organization: "acme",
                    environment: "production"
                )
                let isAllowed = ofOrganization.permits(
                    action,
                    organization: "acme",
                    environment: "staging"
                )
                #expect(ofOrganization.permits(action, organization: "acme") == isAllowed)
                for authority in [ofOrganization, ofEnvironment] {
                    #expect(!authority.permits(action), "\(role) \(action)")
                    #expect(!authority.permits(action, organization: "acme2"))
                    #expect(
                        !authority.permits(
                            action,
                            organization: "other",
                            environment: "production"
                        )
                    )
                }
                #expect(!ofEnvironment.permits(action, organization: "acme"))
                #expect(
                    !ofEnvironment.permits(action, organization: "acme", environment: "staging")
                )
            }
        }
    }

    @Test func thePlatformMayDoEverythingEverywhere() {
        for action in AccessAction.allCases {
            #expect(Authority.platform.permits(action))
            #expect(Authority.platform.permits(action, in: Fixture.environment))
        }
    }

    @Test func aRefusalNamesOnlyWhatTheCallerKnows() {
        let viewer = Authority(role: .viewer, organization: "acme", environment: "production")
        #expect(
            viewer.refusal(of: .release)
                == "the role viewer in acme/production may not change what users get here"
        )
    }

    @Test func nobodyGrantsMoreThanTheyHave() {
        for role in Role.allCases {
            let authority = Authority(role: role, organization: "acme")
            for other in Role.allCases {
                let isGranted = authority.permits(granting: other, organization: "acme")
                let isAdmin = role == .superAdmin || role == .organizationAdmin
                #expect(isGranted == (isAdmin && other != .superAdmin), "\(role) \(other)")
                #expect(!authority.permits(granting: other, organization: "other"))
            }
        }
        for other in Role.allCases {
            #expect(Authority.platform.permits(granting: other, organization: "acme"))
        }
    }

    @Test func aTokenIsCappedByItsMembersRoleNow() {
        #expect(Role.organizationAdmin.capped(by: .viewer) == .viewer)
        #expect(Role.viewer.capped(by: .organizationAdmin) == .viewer)
        #expect(Role.releaseManager.capped(by: .releaseManager) == .releaseManager)
        #expect(Role.serverSDK.capped(by: .developer) == .serverSDK)
    }

    @Test func aPatchTakesWhatItsFieldsAndTheFlagsStatusTake() {
        var description = FlagPatch()
        description.name = "n"
        description.description = "d"
        description.tags = ["t"]
        description.owner = "o"
        description.schema = .null
        description.reason = "r"
        for status in FlagStatus.allCases {
            #expect(description.accessAction(on: status) == .prepare)
        }
        let edits: [(inout FlagPatch) -> Void] = [
            { $0.enabled = true }, { $0.rollout = .all }, { $0.plans = [] }, { $0.roles = [] },
            { $0.companies = [] }, { $0.regions = [] }, { $0.start = FlagPatch.Bound.none },
            { $0.end = FlagPatch.Bound.none }, { $0.variations = [] }, { $0.onVariation = "" },
            { $0.offVariation = "" }, { $0.prerequisites = [] }, { $0.targets = [] },
            { $0.rules = [] }, { $0.weights = [] }, { $0.status = .draft },
        ]
        for (index, edit) in edits.enumerated() {
            var patch = description
            edit(&patch)
            for status in FlagStatus.allCases {
                #expect(
                    patch.accessAction(on: status) == (status == .draft ? .prepare : .release),
                    "edit \(index)"
                )
            }
        }
        description.status = .active
        #expect(description.accessAction(on: .draft) == .release)
    }

    @Test func overridesAndLocksTakeTheirLevel() {
        let cases: [(OverrideLevel, Bool, AccessAction)] = [
            (.platform, false, .overridePlatform), (.platform, true, .overridePlatform),
            (.organization, false, .overrideOrganization),
            (.plan, false, .overrideBelow), (.plan, true, .overrideOrganization),
            (.company, false, .overrideBelow), (.user, true, .overrideOrganization),
        ]
        for (level, isLocked, action) in cases {
            let override = Override(level: level, variation: "on", isLocked: isLocked)
            #expect(override.accessAction == action)
        }
        var before = FlagDefinition(key: FlagKey("a"))
        before.targeting.overrides = [Override(level: .platform, variation: "off", isLocked: true)]
        var after = before
        #expect(after.accessActions(replacing: before) == [.prepare])
        after.targeting.overrides = []
        #expect(after.accessActions(replacing: before) == [.prepare, .overridePlatform])
        #expect(before.accessActions() == [.prepare, .overridePlatform])
        after.status = .active
        #expect(after.accessActions() == [.release])
    }

    @Test func quotasAndNewOrganizationsAreThePlatformsBusiness() {
        let old = Organization(id: "acme", name: "Acme")
        var new = old
        new.name = "ACME"
        #expect(new.accessAction(replacing: old) == .manageTenancy)
        new.quotas.flags = 5
        #expect(new.accessAction(replacing: old) == .managePlatform)
        #expect(old.accessAction(replacing: nil) == .managePlatform)
    }

    @Test func everyCommandSaysWhoseObjectItTouches() {
        let place = Fixture.environment
        let key = FlagKey("a")
        let override = Override(level: .user, subject: "u", variation: "on")
        let token = AccessToken(id: "t", organization: "acme", role: .viewer, sha256: "")
        let placed: [(Command, AccessAction)] = [
            (.createFlag(place, FlagDefinition(key: key)), .prepare),
            (.updateFlag(place, key, FlagPatch()), .prepare),
            (.archiveFlag(place, key), .prepare),
            (.restoreFlag(place, key, FlagDefinition(key: key), from: .zero), .release),
            (.setOverride(place, key, override), .overrideBelow),
            (.removeOverride(place, key, .platform, subject: ""), .overridePlatform),
            (.putSegment(place, SegmentDefinition(key: "s")), .prepare),
            (.removeSegment(place, key: "s"), .prepare),
            (.emergencyRollback(place, key), .release),
            (.startRelease(place, key, ReleasePlan(steps: [])), .release),
            (.controlRelease(place, key, .approve, step: 0), .release),
            (
                .recordSchedule(place, key, .start, date: Fixture.now),
                .manageCluster
            ),
            (.advanceRelease(place, key, release: .zero, step: 0), .manageCluster),
        ]
        for (command, action) in placed {
            #expect(command.place == place && command.leastAction == action)
            #expect(command.organization == "acme" && command.environment == "production")
        }
        let ofOrganization: [(Command, AccessAction)] = [
            (.putOrganization(Organization(id: "acme", name: "")), .manageTenancy),
            (.putEnvironment(Environment(id: place, name: "")), .manageTenancy),
            (.putPlan(Plan(organization: "acme", id: "p", name: "")), .manageTenancy),
            (
                .putCompany(
                    Company(organization: "acme", id: "c", name: "", plan: "", region: "")
                ),
                .manageTenancy
            ),
            (
                .putMember(TeamMember(organization: "acme", name: "a", role: .viewer)),
                .manageAccess
            ),
            (.removePlan("acme", "p"), .manageTenancy),
            (.removeCompany("acme", "c"), .manageTenancy),
            (.removeMember("acme", "a"), .manageAccess),
            (.createToken(token), .manageAccess),
            (.revokeToken("acme", "t"), .manageAccess),
            (.acknowledgeAlert("acme", .zero), .release),
        ]
        for (command, action) in ofOrganization {
            #expect(command.place == nil && command.leastAction == action)
            #expect(command.organization == "acme" && command.environment == "")
        }
        let ofPlatform: [(Command, AccessAction)] = [
            (.openSession, .openSession), (.recordUsage(UsageBatch(node: 1)), .manageCluster),
            (.revokeToken("", "t"), .managePlatform),
        ]
        for (command, action) in ofPlatform {
            #expect(command.organization == "" && command.leastAction == action)
        }
        var admin = token
        admin.role = .superAdmin
        #expect(admin.accessAction == .managePlatform)
    }
}
