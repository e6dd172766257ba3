import ClientProtocol
import Flags
import Testing
import Wire
import WireTestKit

/// What the version before the release domain sent, and what is in its logs, still reads.
@Suite struct FormerVersionTests {
    private let environment = EnvironmentID(organization: "o", environment: "e")

    @Test func aFlagHasNoTargeting() throws {
        let response = try GetFlagResponse.decode(
            bytes(
                "0a780a016b12016e1a016420012805300138a08d06420c0a01701201721a0163220167480150025a"
                    + "1f0a0161121a2a180a0208010a0210010a0919000000000000f03f0a032201735a100a016212"
                    + "0b32090a070a0166120210006201616a01627201737a01758001038a0101789001049a010179"
                    + "a00105a801061007"
            )
        )
        #expect(response.flag.key == FlagKey("k"))
        #expect(response.flag.createdRevision == Revision(6))
        #expect(response.flag.labels == FlagLabels())
        #expect(response.flag.targeting == Targeting())
        #expect(response.flag.recordedStart == nil && response.flag.recordedEnd == nil)
        #expect(response.flag.release == nil)
    }

    @Test func aWriteIsBasedOnNothing() throws {
        let archive = try WriteRequest.decode(bytes("08011002520b0a060a016f12016512016b"))
        let expected = WriteRequest(
            session: Revision(1),
            sequence: 2,
            command: .archiveFlag(self.environment, FlagKey("k"))
        )
        #expect(archive == expected)
        #expect(archive.basedOn == nil && archive.reason.isEmpty && !archive.isDryRun)
        let answer = try WriteResponse.decode(bytes("08ac02"))
        #expect(answer == WriteResponse(revision: Revision(300)))
    }

    @Test func aPatchChangesNoTargeting() throws {
        let request = try WriteRequest.decode(
            bytes(
                "080110024a220a060a016f12016512016b1a150a00180020032800320052005a0208006200"
                    + "7a0172"
            )
        )
        var patch = FlagPatch()
        patch.name = ""
        patch.enabled = false
        patch.status = .paused
        patch.rollout = RolloutPercentage.none
        patch.plans = []
        patch.start = FlagPatch.Bound.none
        patch.end = .at(Timestamp(milliseconds: 0))
        patch.variations = []
        patch.reason = "r"
        #expect(request.command == .updateFlag(self.environment, FlagKey("k"), patch))
    }

    @Test func tenantsHaveNothingNew() throws {
        let organization = try WriteRequest.decode(bytes("0801100222060a016f12016e"))
        #expect(organization.command == .putOrganization(Organization(id: "o", name: "n")))
        let plan = try WriteRequest.decode(bytes("0801100232090a016f1201701a016e"))
        #expect(plan.command == .putPlan(Plan(organization: "o", id: "p", name: "n")))
        let company = try WriteRequest.decode(
            bytes("080110023a0f0a016f1201631a016e2201702a0172")
        )
        #expect(
            company.command
                == .putCompany(
                    Company(organization: "o", id: "c", name: "n", plan: "p", region: "r")
                )
        )
    }

    @Test func aChangeIsOfAFlagAndNotUrgent() throws {
        let event = try WatchEvent.decode(
            bytes(
                "124708051243080512060a016f1201651a370a016b12016e1a016420012805300138a08d06480150"
                    + "026201616a01627201737a01758001038a0101789001049a010179a00105a80106"
            )
        )
        guard case .changes(let changes) = event, let change = changes.changes.first else {
            Issue.record("\(event)")
            return
        }
        #expect(change.flag?.key == FlagKey("k"))
        #expect(!change.isUrgent)
    }

    @Test func snapshotsWatchesAndEvaluationsAskForNothingNew() throws {
        let snapshot = try WatchEvent.decode(bytes("0a06080318012001"))
        #expect(snapshot == .snapshot(.init(revision: Revision(3), flags: [])))
        let watch = try WatchRequest.decode(bytes("0a060a016f12016510031801"))
        #expect(watch.context == nil)
        let get = try GetFlagRequest.decode(bytes("0a060a016f12016512016b1801"))
        #expect(get.asOf == .zero)
        let request = try EvaluateRequest.decode(
            bytes(
                "0a060a016f12016512016b1a1f0a01741201631a01702201722a0167320e0a01611209190000000000"
                    + "00f0bf22024d582809"
            )
        )
        #expect(!request.wantsExplanation && request.asOf == .zero && request.time == nil)
        let response = try EvaluateResponse.decode(
            bytes("0a0a0a02100112026f6e18041009180222024d582801")
        )
        #expect(response.explanation == nil)
    }
}
