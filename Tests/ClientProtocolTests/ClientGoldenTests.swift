import ClientProtocol
import Flags
import Testing
import Wire

/// These bytes are the protocol and the log: clients of other versions send them, disks hold them.
@Suite struct ClientGoldenTests {
    private let environment = EnvironmentID(organization: "o", environment: "e")

    private let flag = Flag(
        key: FlagKey("k"),
        name: "n",
        description: "d",
        enabled: true,
        status: .rolledBack,
        isArchived: true,
        rollout: .all,
        audience: Audience(plans: ["p"], roles: ["r"], companies: ["c"], regions: ["g"]),
        start: Timestamp(milliseconds: 1),
        end: Timestamp(milliseconds: 2),
        variations: [
            Variation(name: "a", value: .array([.null, .bool(true), .number(1), .string("s")])),
            Variation(name: "b", value: .object([Value.Field(name: "f", value: .bool(false))])),
        ],
        onVariation: "a",
        offVariation: "b",
        salt: "s",
        bucketBy: "u",
        createdAt: Timestamp(milliseconds: 3),
        createdBy: "x",
        updatedAt: Timestamp(milliseconds: 4),
        updatedBy: "y",
        revision: Revision(5),
        createdRevision: Revision(6)
    )

    @Test func theBytesOfCommandsAreFixed() {
        #expect(hex(.openSession) == "080110021a00")
        #expect(
            hex(.putOrganization(Organization(id: "o", name: "n")))
                == "0801100222060a016f12016e"
        )
        #expect(
            hex(.putEnvironment(Environment(id: self.environment, name: "n")))
                == "080110022a0b0a060a016f12016512016e"
        )
        #expect(
            hex(.putPlan(Plan(organization: "o", id: "p", name: "n")))
                == "0801100232090a016f1201701a016e"
        )
        let company = Company(organization: "o", id: "c", name: "n", plan: "p", region: "r")
        #expect(hex(.putCompany(company)) == "080110023a0f0a016f1201631a016e2201702a0172")
        let definition = FlagDefinition(
            key: FlagKey("k"),
            enabled: true,
            status: .active,
            rollout: .all,
            start: Timestamp(milliseconds: 0),
            salt: "s"
        )
        #expect(
            hex(.createFlag(self.environment, definition))
                == "08011002421a0a060a016f12016512100a016b2001280230a08d0640006a0173"
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
        #expect(
            hex(.updateFlag(self.environment, FlagKey("k"), patch))
                == "080110024a220a060a016f12016512016b1a150a00180020032800320052005a02080062007a0172"
        )
        #expect(
            hex(.archiveFlag(self.environment, FlagKey("k")))
                == "08011002520b0a060a016f12016512016b"
        )
        #expect(hex(WriteResponse(revision: Revision(300))) == "08ac02")
    }

    @Test func theBytesOfAFlagAreFixed() {
        #expect(
            hex(GetFlagResponse(flag: self.flag, revision: Revision(7)))
                == "0a780a016b12016e1a016420012805300138a08d06420c0a01701201721a0163220167480150025a"
                + "1f0a0161121a2a180a0208010a0210010a0919000000000000f03f0a032201735a100a0162120b32"
                + "090a070a0166120210006201616a01627201737a01758001038a0101789001049a010179a00105a8"
                + "01061007"
        )
    }

    @Test func theBytesOfReadsAreFixed() {
        let key = FlagKey("k")
        let get = GetFlagRequest(environment: self.environment, key: key, atLeast: Revision(1))
        #expect(hex(get) == "0a060a016f12016512016b1801")
        let list = ListFlagsRequest(environment: self.environment, includeArchived: true)
        #expect(hex(list) == "0a060a016f1201651001")
        #expect(hex(ListFlagsResponse(revision: Revision(2), flags: [])) == "0802")
        let history = HistoryRequest(environment: self.environment, key: key, limit: 3)
        #expect(hex(history) == "0a060a016f12016512016b1803")
    }

    @Test func theBytesOfPagesAreFixed() {
        let revision = Revision(2)
        let place = self.environment
        let (after, key) = (Revision(4), FlagKey("k"))
        let requests = [
            hex(ListFlagsRequest(environment: place, after: "k")),
            hex(SegmentsRequest(environment: place, after: "k")),
            hex(ReleasesRequest(environment: place, after: after)),
            hex(AlertsRequest(environment: "e", after: after)),
            hex(HistoryRequest(environment: place, key: key, before: after)),
        ]
        #expect(
            requests == [
                "0a060a016f1201652a016b", "0a060a016f1201651a016b", "0a060a016f1201652804",
                "20042a0165", "0a060a016f12016512016b3004",
            ]
        )
        let responses = [
            hex(ListFlagsResponse(revision: revision, flags: [], hasMore: true)),
            hex(SegmentsResponse(revision: revision, segments: [], hasMore: true)),
            hex(ReleasesResponse(revision: revision, releases: [], hasMore: true)),
            hex(AlertsResponse(revision: revision, alerts: [], hasMore: true)),
            hex(HistoryResponse(rows: [], revision: revision, hasMore: true)),
        ]
        #expect(responses == ["08021801", "08021801", "08021801", "08021801", "10021801"])
    }

    @Test func theBytesOfAdministrationAreFixed() {
        let member = ClusterMember(
            id: 4,
            name: "n",
            region: "r",
            zone: "z",
            peerAddress: "p",
            clientAddress: "c",
            priority: 5
        )
        #expect(
            hex(AdministerRequest(.add(member)))
                == "0a1308041201" + "6e1a01722201" + "7a2a0170320163" + "3805"
        )
        #expect(hex(AdministerRequest(.promote(2))) == "12020802")
        #expect(hex(AdministerRequest(.remove(3))) == "1a020803")
        #expect(hex(AdministerRequest(.replace(1, with: 4))) == "220408011004")
        #expect(hex(AdministerRequest(.transfer(to: nil))) == "2a00")
        let done = AdministerResponse(revision: Revision(7), leader: 2)
        #expect(hex(done) == "08071002")
        #expect(hex(StateHashRequest.hold) == "0801")
        #expect(hex(StateHashRequest.digest(at: Revision(9))) == "1009")
        let hash = StateHashResponse(revision: Revision(9), hash: 1, node: 2)
        #expect(hex(hash) == "0809110100000000000000" + "1802")
    }

    @Test func theBytesOfEvaluationsAreFixed() {
        let request = EvaluateRequest(
            environment: self.environment,
            key: FlagKey("k"),
            context: EvaluationContext(
                targetingKey: "t",
                company: "c",
                plan: "p",
                role: "r",
                region: "g",
                attributes: [Value.Field(name: "a", value: .number(-1))]
            ),
            region: "MX",
            atLeast: Revision(9)
        )
        #expect(
            hex(request)
                == "0a060a016f12016512016b1a1f0a01741201631a01702201722a0167320e0a016112091900000000"
                + "0000f0bf22024d582809"
        )
        let response = EvaluateResponse(
            evaluation: Evaluation(value: .bool(true), variation: "on", reason: .split),
            revision: Revision(9),
            node: 2,
            region: "MX",
            routed: true
        )
        #expect(hex(response) == "0a0a0a02100112026f6e18041009180222024d582801")
    }

    @Test func theBytesOfWatchEventsAreFixed() {
        let request = WatchRequest(environment: self.environment, from: Revision(3), hasBasis: true)
        #expect(hex(request) == "0a060a016f12016510031801")
        #expect(hex(WatchAcknowledgement(revision: Revision(3))) == "0803")
        #expect(hex(WatchEvent.bookmark(revision: Revision(3))) == "1a020803")
        #expect(hex(WatchEvent.resync(reason: "slow")) == "22060a04736c6f77")
        #expect(
            hex(WatchEvent.snapshot(.init(revision: Revision(3), flags: [])))
                == "0a06080318012001"
        )
        var flag = self.flag
        flag.variations = []
        flag.audience = Audience()
        let change = Change(revision: Revision(5), environment: self.environment, flag: flag)
        let changes = WatchEvent.changes(.init(revision: Revision(5), changes: [change]))
        #expect(
            hex(changes)
                == "124708051243080512060a016f1201651a370a016b12016e1a016420012805300138a08d06480150"
                + "026201616a01627201737a01758001038a0101789001049a010179a00105a80106"
        )
    }

    @Test func theBytesOfTheTopologyAreFixed() {
        let node = TopologyNode(
            id: 1,
            name: "n",
            region: "MX",
            zone: "z",
            health: .healthy,
            clientAddress: "h:1"
        )
        let roundTrip = RoundTrip(from: 1, to: 2, microseconds: 300)
        let response = TopologyResponse(nodes: [node], roundTrips: [roundTrip], answeredBy: 1)
        #expect(
            hex(response)
                == "0a13080112016e1a024d5822017a28013203683a3112070801100218ac021801"
        )
    }
}
