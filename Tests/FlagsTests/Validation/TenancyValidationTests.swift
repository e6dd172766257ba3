import Flags
import Testing

@Suite struct TenancyValidationTests {
    @Test func completeTenancyIsAccepted() {
        #expect(throws: Never.self) {
            try Samples.organization.validate()
            try Samples.company.validate()
            try Samples.segmentDefinition.validate()
            try Samples.plan.validate()
            try Organization(id: "a", name: "").validate()
        }
    }

    @Test func brandingThatNoPageCouldUseIsRefused() {
        let cases: [(String, (inout Branding) -> Void)] = [
            (
                "the logo \"http://a.example/l.png\" is not an address such as "
                    + "https://example.com/logo.svg", { $0.logo = "http://a.example/l.png" }
            ),
            (
                "the logo \"https://\" is not an address such as https://example.com/logo.svg",
                { $0.logo = "https://" }
            ),
            (
                "the logo \"https://a.example/<b>\" is not an address such as "
                    + "https://example.com/logo.svg", { $0.logo = "https://a.example/<b>" }
            ),
            (
                "the logo \"https://a@b.example/\" is not an address such as "
                    + "https://example.com/logo.svg", { $0.logo = "https://a@b.example/" }
            ),
            (
                "the logo \"https://a.example:99999/\" is not an address such as "
                    + "https://example.com/logo.svg", { $0.logo = "https://a.example:99999/" }
            ),
            (
                "the primary colour \"red\" is not a colour such as #1a2b3c",
                { $0.primaryColor = "red" }
            ),
            (
                "the accent colour \"#12345\" is not a colour such as #1a2b3c",
                { $0.accentColor = "#12345" }
            ),
            (
                "the accent colour \"#12345g\" is not a colour such as #1a2b3c",
                { $0.accentColor = "#12345g" }
            ),
            (
                "the locale \"es_MX\" is not a language tag such as es-MX", { $0.locale = "es_MX" }
            ),
            ("the locale \"e\" is not a language tag such as es-MX", { $0.locale = "e" }),
            ("the locale \"es-\" is not a language tag such as es-MX", { $0.locale = "es-" }),
            (
                "the host \"a_b.example\" is not a name such as flags.example.com",
                { $0.host = "a_b.example" }
            ),
            (
                "the host \"-a.example\" is not a name such as flags.example.com",
                { $0.host = "-a.example" }
            ),
            (
                "the host \"a..example\" is not a name such as flags.example.com",
                { $0.host = "a..example" }
            ),
        ]
        for (message, change) in cases {
            var organization = Samples.organization
            change(&organization.branding)
            Refused.expect(.invalidText, message) { () throws(FlagsError) in
                try organization.validate()
            }
        }
        for logo in ["https://a.example", "https://a.example:8443/x?y=%20#z"] {
            var organization = Samples.organization
            organization.branding.logo = logo
            #expect(throws: Never.self) { try organization.validate() }
        }
    }

    @Test func attributesOfACompanyAreBoundedAndInOrder() {
        let cases: [(FlagsError.Code, String, [Value.Field])] = [
            (
                .invalidValue,
                "the company's attributes has a number that is not finite, or an object whose "
                    + "names are repeated or not in order",
                [.init(name: "b", value: .null), .init(name: "a", value: .null)]
            ),
            (
                .limitExceeded, "65 attributes of a company, more than 64",
                (10..<75).map { .init(name: "a\($0)", value: .null) }
            ),
            (
                .limitExceeded, "the company's attributes has 20009 bytes, more than 16384",
                [.init(name: "a", value: .string(String(repeating: "x", count: 20_000)))]
            ),
            (
                .invalidName, "an attribute of the company has no name",
                [.init(name: "", value: .null)]
            ),
        ]
        for (code, message, attributes) in cases {
            var company = Samples.company
            company.attributes = attributes
            Refused.expect(code, message) { () throws(FlagsError) in try company.validate() }
        }
    }

    @Test func membersHaveRolesOfPeople() {
        for role in Role.allCases {
            let member = TeamMember(organization: "acme", name: "ana@acme.example", role: role)
            switch role {
            case .superAdmin, .serverSDK, .clientSDK:
                Refused.expect(
                    .invalidToken,
                    "a member cannot be \(role.rawValue), only organization_admin, "
                        + "release_manager, developer, viewer"
                ) { () throws(FlagsError) in try member.validate() }
            default:
                #expect(throws: Never.self) { try member.validate() }
            }
        }
        Refused.expect(
            .invalidName,
            "the member's name \"a b\" may only have a-z A-Z 0-9 . _ - @"
        ) { () throws(FlagsError) in
            try TeamMember(organization: "acme", name: "a b", role: .viewer).validate()
        }
    }

    @Test func tokensThatCouldNotHoldAreRefused() {
        #expect(throws: Never.self) { try Samples.token.validate() }
        let cases: [(String, (inout AccessToken) -> Void)] = [
            ("a token of a server_sdk needs its organization", { $0.organization = "" }),
            (
                "a token of a super_admin belongs to no organization",
                { $0.role = .superAdmin }
            ),
            (
                "a token of a super_admin belongs to no environment",
                {
                    $0.role = .superAdmin
                    $0.organization = ""
                }
            ),
            ("a token of a server_sdk needs its environment", { $0.environment = "" }),
            (
                "a token of a client_sdk needs its environment",
                {
                    $0.role = .clientSDK
                    $0.environment = ""
                }
            ),
            (
                "a token's hash must be SHA-256 in 64 lower-case hexadecimal digits",
                { $0.sha256 = "" }
            ),
            (
                "a token's hash must be SHA-256 in 64 lower-case hexadecimal digits",
                { $0.sha256 = String(repeating: "0A", count: 32) }
            ),
            (
                "the token's expiry 2026-02-02T02:40:00Z must be after its creation "
                    + "2026-02-02T02:40:00Z", { $0.expiresAt = $0.createdAt }
            ),
        ]
        for (message, change) in cases {
            var token = Samples.token
            change(&token)
            Refused.expect(.invalidToken, message) { () throws(FlagsError) in
                try token.validate()
            }
        }
        var admin = Samples.token
        admin.role = .superAdmin
        admin.organization = ""
        admin.environment = ""
        #expect(throws: Never.self) { try admin.validate() }
        admin.expiresAt = Timestamp(milliseconds: .max)
        Refused.expect(.invalidWindow, "the end is outside the years 0000 to 9999") {
            () throws(FlagsError) in try admin.validate()
        }
    }

    @Test func plansThatCannotBeCarriedOutAreRefused() {
        let cases: [(FlagsError.Code, String, [ReleaseStep])] = [
            (.invalidPlan, "a release plan needs at least one step", []),
            (
                .limitExceeded, "101 steps, more than 100",
                Array(repeating: ReleaseStep(), count: 101)
            ),
            (
                .invalidPlan, "step 2: the hold of -1 ms is not from 0 to 366d",
                [ReleaseStep(), ReleaseStep(holdMilliseconds: -1)]
            ),
            (
                .limitExceeded, "step 1: 21 approvals, more than 20",
                [ReleaseStep(approvals: 21)]
            ),
            (
                .invalidText, "step 1: an empty text among the plans",
                [ReleaseStep(audience: Audience(plans: [""]))]
            ),
            (
                .invalidText, "step 1: an empty text among the regions",
                [ReleaseStep(regions: [""])]
            ),
        ]
        for (code, message, steps) in cases {
            Refused.expect(code, message) { () throws(FlagsError) in
                try ReleasePlan(steps: steps).validate()
            }
        }
    }

    @Test func aPlanThatMayBeAMistakeIsAcceptedWithAWarning() {
        let plan = ReleasePlan(steps: [
            ReleaseStep(rollout: Fixture.percent(50)), ReleaseStep(rollout: Fixture.percent(10)),
            ReleaseStep(),
        ])
        #expect(throws: Never.self) { try plan.validate() }
        #expect(
            plan.warnings == [
                "step 2 takes the flag away again from some: 10 % after 50 %",
                "step 3 does nothing and waits for nothing",
            ]
        )
    }
}
