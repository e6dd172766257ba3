// Only a debug build lets tests see inside a program.
#if DEBUG
import ArgumentParser
import Flags
import TLS
import Testing

@testable import bandera

@Suite struct FlagFieldTests {
    private func refusal(_ arguments: String...) -> String {
        do {
            let command = try Bandera.parseAsRoot(arguments)
            if let create = command as? FlagCreateCommand { _ = try create.definition() }
            if let update = command as? FlagUpdateCommand { _ = try update.patch() }
            return "accepted"
        } catch let failure as CommandFailure {
            #expect(failure.status == .usage)
            return failure.what
        } catch {
            return "\(error)"
        }
    }

    @Test func createsTheExampleFlag() throws {
        let command = try parse(
            "flag",
            "create",
            "crm_advanced_features",
            "--enabled",
            "--status",
            "active",
            "--rollout",
            "10%",
            "--target-plans",
            "PREMIUM, ENTERPRISE",
            "--target-roles",
            "ADMIN",
            "--target-roles",
            "OWNER",
            "--target-regions",
            "CO,MX,AR",
            "--start",
            "2026-01-01T00:00:00Z",
            as: FlagCreateCommand.self
        )
        let definition = try command.definition()
        #expect(definition.rollout.thousandths == 10_000)
        #expect(definition.audience.plans == ["PREMIUM", "ENTERPRISE"])
        #expect(definition.audience.roles == ["ADMIN", "OWNER"])
        #expect(definition.audience.regions == ["CO", "MX", "AR"])
        #expect(definition.start == Timestamp(milliseconds: 1_767_225_600_000))
        #expect(definition.enabled && definition.status == .active)
        #expect(definition.variations.map(\.name) == ["on", "off"])
    }

    @Test func readsVariationsAsJSON() throws {
        let command = try parse(
            "flag",
            "create",
            "theme",
            "--variation",
            ##"blue={"hex":"#00f","rgb":[0,0,255]}"##,
            "--variation",
            ##"red={"hex":"#f00"}"##,
            "--off-variation",
            "blue",
            as: FlagCreateCommand.self
        )
        let definition = try command.definition()
        #expect(definition.onVariation == "blue" && definition.offVariation == "blue")
        #expect(
            definition.variations[0].value
                == .object([
                    .init(name: "hex", value: .string("#00f")),
                    .init(name: "rgb", value: .array([.number(0), .number(0), .number(255)])),
                ])
        )
    }

    @Test(arguments: ["101", "-1", "1e2", "ten", "10.1234", "", "100.001"])
    func refusesPercentagesOutsideZeroToHundred(_ text: String) {
        #expect(throws: CommandFailure.self) { try FlagFields.rollout(text) }
    }

    @Test func refusesAnEndThatIsNotAfterTheStart() {
        let text = self.refusal(
            "flag",
            "update",
            "x",
            "--start",
            "2026-02-01T00:00:00Z",
            "--end",
            "2026-02-01T00:00:00Z"
        )
        #expect(
            text == "the end 2026-02-01T00:00:00Z is not after the start 2026-02-01T00:00:00Z"
        )
    }

    @Test func refusesUnknownWords() {
        #expect(
            self.refusal("flag", "update", "x", "--status", "on")
                == "'on' is not a status: expected draft, active, paused, completed, rolled_back"
        )
        #expect(self.refusal("flag", "update", "x", "--end", "tomorrow").contains("tomorrow"))
        #expect(
            self.refusal("flag", "create", "x", "--variation", "blue=#00f").contains("name=JSON")
        )
        #expect(
            self.refusal("flag", "create", "x", "--variation", "a=1", "--variation", "a=2")
                == "'a' is given twice with --variation"
        )
        #expect(
            self.refusal("flag", "create", "x", "--variation", "a=1", "--on-variation", "b")
                == "--on-variation names 'b', which is not one of the variations a"
        )
        #expect(self.refusal("flag", "create", "no spaces").contains("no spaces"))
        #expect(self.refusal("flag", "create", "x", "--status", "paused").contains("begins as"))
    }

    @Test func anUpdateLeavesTheRestAsItIs() throws {
        let command = try parse(
            "flag",
            "update",
            "x",
            "--target-plans",
            "",
            "--end",
            "none",
            "--reason",
            "over",
            as: FlagUpdateCommand.self
        )
        var expected = FlagPatch()
        expected.plans = []
        expected.end = FlagPatch.Bound.none
        #expect(try command.patch() == expected)
        #expect(command.change.why.reason == "over")
    }

    @Test func anUpdateOfNothingIsRefused() {
        #expect(self.refusal("flag", "update", "x") == Texts.nothingToUpdate)
        #expect(self.refusal("flag", "update", "x", "--reason", "r") == Texts.nothingToUpdate)
    }

    @Test func theEvaluationContextTakesAttributes() throws {
        let command = try parse(
            "evaluate",
            "x",
            "--user",
            "ana",
            "--plan",
            "PREMIUM",
            "--user-region",
            "CO",
            "--attribute",
            "zone=7",
            "--attribute",
            #"city="Lima""#,
            "--served-by",
            "MX",
            as: EvaluateCommand.self
        )
        let context = try command.who.context()
        #expect(context.targetingKey == "ana" && context.region == "CO")
        #expect(context.attributes.map(\.name) == ["city", "zone"])
        #expect(command.servedBy == "MX")
    }

    @Test func certificateNamesAreChecked() throws {
        let node = try parse(
            "certificates",
            "issue",
            "node",
            "3",
            "--directory",
            "d",
            as: CertificatesIssueCommand.self
        )
        #expect(try node.identityName() == .node(3))
        let zero = try parse(
            "certificates",
            "issue",
            "node",
            "0",
            "--directory",
            "d",
            as: CertificatesIssueCommand.self
        )
        #expect(throws: CommandFailure.self) { try zero.identityName() }
        let sdk = try parse(
            "certificates",
            "issue",
            "sdk",
            "acme/production",
            "--directory",
            "d",
            as: CertificatesIssueCommand.self
        )
        #expect(
            try sdk.identityName() == .sdk(organization: "acme", environment: "production")
        )
    }
}
#endif
