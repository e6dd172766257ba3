import BanderaClient
import Testing

@Suite struct ConnectionPlanTests {
    static let mexico = Endpoint(host: "mx", port: 1, region: "MX", node: 1)
    static let colombia = Endpoint(host: "co", port: 1, region: "CO", node: 2)
    static let argentina = Endpoint(host: "ar", port: 1, region: "AR", node: 3)

    private var generator = SeededGenerator(seed: 7)
    private var plan = Self.makePlan(region: "CO")

    static func makePlan(
        region: String,
        endpoints: [Endpoint] = [mexico, colombia, argentina]
    ) -> ConnectionPlan {
        var timing = ClientTiming()
        timing.backoffMin = .milliseconds(100)
        timing.backoffMax = .seconds(5)
        timing.homeProbeInterval = .seconds(1)
        timing.homeStableFor = .seconds(5)
        return ConnectionPlan(
            endpoints: endpoints,
            settings: ConnectionPlan.Settings(region: region, timing: timing)
        )
    }

    private mutating func next(_ now: Int64) -> ConnectionPlan.Action {
        self.plan.next(Moment(now), using: &self.generator)
    }

    private mutating func fail(_ endpoint: Endpoint, _ now: Int64, retryAfter: Int64 = 0) {
        self.plan.failed(
            endpoint.address,
            retryAfter: retryAfter,
            now: Moment(now),
            using: &self.generator
        )
    }

    private mutating func close(_ endpoint: Endpoint, _ now: Int64) {
        self.plan.closed(endpoint.address, now: Moment(now), using: &self.generator)
    }

    private mutating func accept(_ endpoint: Endpoint, _ roundTrip: Int64, _ now: Int64) -> Bool {
        self.plan.connected(endpoint.address, roundTrip: roundTrip, now: Moment(now))
    }

    /// Connects to `endpoint`, which must be what the plan wants.
    private mutating func connect(_ endpoint: Endpoint, _ now: Int64) {
        #expect(self.next(now) == .dial(endpoint))
        #expect(self.accept(endpoint, 500, now) == true)
    }

    @Test mutating func dialsHomeFirst() {
        #expect(self.next(0) == .dial(Self.colombia))
        #expect(self.next(0) == .wait(until: nil))
    }

    @Test mutating func staysAtHomeOnceThere() {
        self.connect(Self.colombia, 0)
        #expect(self.next(0) == .wait(until: nil))
        #expect(self.plan.current == Self.colombia)
    }

    @Test mutating func prefersTheShortestRoundTripAwayFromHome() {
        self.plan.learned([
            .init(endpoint: Self.mexico, isHealthy: true, roundTripFromHome: 90_000),
            .init(endpoint: Self.argentina, isHealthy: true, roundTripFromHome: 60_000),
        ])
        #expect(self.next(0) == .dial(Self.colombia))
        self.fail(Self.colombia, 0)
        #expect(self.next(0) == .dial(Self.argentina))
    }

    @Test mutating func prefersItsOwnMeasureToThatOfTheNodes() {
        self.plan.learned([
            .init(endpoint: Self.mexico, isHealthy: true, roundTripFromHome: 60_000),
            .init(endpoint: Self.argentina, isHealthy: true, roundTripFromHome: 50_000),
        ])
        self.plan.probed(Self.mexico.address, roundTrip: 40_000, now: Moment(0))
        #expect(self.plan.preference == [Self.colombia, Self.mexico, Self.argentina])
    }

    @Test mutating func keepsTheConfiguredOrderWhenNothingIsMeasured() {
        #expect(self.plan.preference == [Self.colombia, Self.mexico, Self.argentina])
    }

    @Test mutating func putsNodesThatTheClusterMissesLastOfTheirKind() {
        self.plan.learned([
            .init(endpoint: Self.mexico, isHealthy: false, roundTripFromHome: 1)
        ])
        #expect(self.plan.preference == [Self.colombia, Self.argentina, Self.mexico])
    }

    @Test mutating func failsOverAtOnceWhenTheConnectionBreaks() {
        self.connect(Self.colombia, 0)
        self.close(Self.colombia, 10_000)
        #expect(self.next(10_000) == .dial(Self.mexico))
    }

    @Test mutating func leavesAnEndpointAloneThatFailedAndWaitsWhenAllDid() {
        for endpoint in [Self.colombia, Self.mexico, Self.argentina] {
            #expect(self.next(0) == .dial(endpoint))
            self.fail(endpoint, 0)
        }
        guard case .wait(let until?) = self.next(0) else {
            Issue.record("must wait for the first back-off to end")
            return
        }
        #expect((Moment(50)...Moment(100)).contains(until))
        guard case .dial = self.next(100) else {
            Issue.record("must dial after the back-off")
            return
        }
    }

    @Test mutating func aConnectionThatDoesNotLastKeepsItsFailures() {
        self.plan = Self.makePlan(region: "", endpoints: [Self.mexico])
        var now: Int64 = 0
        var waits: [Int64] = []
        for _ in 0..<4 {
            self.connect(Self.mexico, now)
            self.close(Self.mexico, now + 1)
            guard case .wait(let until?) = self.next(now + 1) else {
                Issue.record("must wait")
                return
            }
            waits.append(until - Moment(now + 1))
            now = until.milliseconds
        }
        #expect(waits[3] >= 400, "the fourth back-off is at least half of 800 ms: \(waits)")
        self.connect(Self.mexico, now)
        self.close(Self.mexico, now + 6_000)
        guard case .wait(let until?) = self.next(now + 6_000) else {
            Issue.record("must wait")
            return
        }
        #expect(until - Moment(now + 6_000) <= 100, "a connection that lasted clears the slate")
    }

    @Test mutating func goesHomeWhenHomeHasBeenHealthyForAWhile() {
        #expect(self.next(0) == .dial(Self.colombia))
        self.fail(Self.colombia, 0)
        self.connect(Self.mexico, 0)
        #expect(self.next(0) == .wait(until: Moment(1_000)))
        #expect(self.next(1_000) == .probe(Self.colombia))
        self.plan.probed(Self.colombia.address, roundTrip: nil, now: Moment(1_000))
        #expect(self.next(3_000) == .probe(Self.colombia))
        self.plan.probed(Self.colombia.address, roundTrip: 900, now: Moment(3_000))
        #expect(self.next(6_000) == .probe(Self.colombia))
        self.plan.probed(Self.colombia.address, roundTrip: 900, now: Moment(6_000))
        #expect(self.next(7_999) == .probe(Self.colombia))
        self.plan.probed(Self.colombia.address, roundTrip: 900, now: Moment(7_999))
        #expect(self.next(8_000) == .dial(Self.colombia))
        #expect(
            self.plan.current == Self.mexico,
            "the old connection serves until the new one does"
        )
        #expect(self.accept(Self.colombia, 900, 8_000) == true)
        #expect(self.next(8_000) == .close(Self.mexico))
        #expect(self.next(8_000) == .wait(until: nil))
    }

    @Test mutating func aHomeThatFlapsIsNotHealthy() {
        #expect(self.next(0) == .dial(Self.colombia))
        self.fail(Self.colombia, 0)
        self.connect(Self.mexico, 0)
        for now in stride(from: Int64(2_000), to: 40_000, by: 2_000) {
            #expect(self.next(now) == .probe(Self.colombia))
            let isUp = now / 2_000 % 2 == 0
            self.plan.probed(
                Self.colombia.address,
                roundTrip: isUp ? 900 : nil,
                now: Moment(now)
            )
        }
        #expect(self.plan.current == Self.mexico)
    }

    @Test mutating func staysAwayWhenTheWayHomeFails() {
        #expect(self.next(0) == .dial(Self.colombia))
        self.fail(Self.colombia, 0)
        self.connect(Self.mexico, 0)
        #expect(self.next(1_000) == .probe(Self.colombia))
        self.plan.probed(Self.colombia.address, roundTrip: 900, now: Moment(1_000))
        #expect(self.next(6_000) == .dial(Self.colombia))
        self.fail(Self.colombia, 6_000)
        #expect(self.plan.current == Self.mexico)
        #expect(self.next(6_500) == .probe(Self.colombia), "health is proven anew")
    }

    @Test mutating func spreadsOverTheWindowThatTheServerAskedFor() {
        var dialled: Set<Int64> = []
        for seed in 0..<50 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            var plan = Self.makePlan(region: "CO")
            _ = plan.next(Moment(0), using: &generator)
            _ = plan.connected(Self.colombia.address, roundTrip: nil, now: Moment(0))
            plan.goingAway(
                Self.colombia.address,
                retryAfter: 2_000,
                now: Moment(100),
                using: &generator
            )
            let action = plan.next(Moment(100), using: &generator)
            guard case .wait(let until?) = action else {
                #expect(action == .dial(Self.mexico))
                continue
            }
            #expect(until <= Moment(2_100), "seed \(seed)")
            #expect(plan.next(until, using: &generator) == .dial(Self.mexico))
            dialled.insert(until.milliseconds)
        }
        #expect(dialled.count > 40, "not one crowd")
    }

    @Test mutating func keepsTheOldConnectionUntilTheNextOneServes() {
        self.connect(Self.colombia, 0)
        self.plan.goingAway(
            Self.colombia.address,
            retryAfter: 0,
            now: Moment(100),
            using: &self.generator
        )
        #expect(self.next(100) == .dial(Self.mexico))
        #expect(self.plan.current == Self.colombia)
        #expect(self.accept(Self.mexico, 9, 120) == true)
        #expect(self.next(120) == .close(Self.colombia))
    }

    @Test mutating func doesNotReturnBeforeTheWindowIsOver() {
        self.plan = Self.makePlan(region: "", endpoints: [Self.mexico])
        self.connect(Self.mexico, 0)
        self.plan.goingAway(
            Self.mexico.address,
            retryAfter: 3_000,
            now: Moment(0),
            using: &self.generator
        )
        self.close(Self.mexico, 200)
        var now: Int64 = 200
        while case .wait(let until?) = self.next(now) { now = until.milliseconds }
        #expect((3_000...4_500).contains(now))
    }

    @Test mutating func keepsTheConfiguredAddressOfANodeThatAdvertisesAnother() {
        let configured = Endpoint(host: "localhost", port: 7001)
        self.plan = Self.makePlan(region: "MX", endpoints: [configured])
        self.connect(configured, 0)
        self.plan.identified(configured.address, node: 1, region: "MX")
        self.plan.learned([
            .init(
                endpoint: Endpoint(host: "127.0.0.1", port: 7001, region: "MX", node: 1),
                isHealthy: true
            )
        ])
        #expect(self.plan.preference.map(\.address) == ["localhost:7001"])
        #expect(self.next(60_000) == .wait(until: nil), "it is at home")
    }

    @Test mutating func aDialThatIsNotWantedAnyMoreIsRefused() {
        #expect(self.next(0) == .dial(Self.colombia))
        self.plan.stop()
        #expect(self.accept(Self.colombia, 1, 1) == false)
        #expect(self.next(1) == .wait(until: nil))
    }

    @Test mutating func stopClosesTheConnection() {
        self.connect(Self.colombia, 0)
        self.plan.stop()
        #expect(self.next(1) == .close(Self.colombia))
        #expect(self.next(1) == .wait(until: nil))
    }

    /// Whatever happens, there is at most one dial and one probe in flight, and a plan without a
    /// connection always has something to wait for.
    @Test func neverDialsTwiceAndNeverGivesUp() {
        for seed in 0..<200 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            var plan = Self.makePlan(region: "CO")
            var dialing: Endpoint?
            var probing: Endpoint?
            var now: Int64 = 0
            for _ in 0..<500 {
                now += Int64.random(in: 0...700, using: &generator)
                let moment = Moment(now)
                switch Int.random(in: 0..<6, using: &generator) {
                case 0:
                    if let endpoint = dialing {
                        dialing = nil
                        _ = plan.connected(endpoint.address, roundTrip: 5, now: moment)
                    }
                case 1:
                    if let endpoint = dialing {
                        dialing = nil
                        plan.failed(endpoint.address, now: moment, using: &generator)
                    }
                case 2:
                    if let endpoint = plan.current {
                        plan.closed(endpoint.address, now: moment, using: &generator)
                    }
                case 3:
                    if let endpoint = probing {
                        probing = nil
                        let isUp = Bool.random(using: &generator)
                        plan.probed(endpoint.address, roundTrip: isUp ? 5 : nil, now: moment)
                    }
                case 4:
                    if let endpoint = plan.current {
                        plan.goingAway(
                            endpoint.address,
                            retryAfter: 300,
                            now: moment,
                            using: &generator
                        )
                    }
                default: break
                }
                asking: while true {
                    switch plan.next(moment, using: &generator) {
                    case .dial(let endpoint):
                        #expect(dialing == nil, "seed \(seed): a second dial")
                        dialing = endpoint
                    case .probe(let endpoint):
                        #expect(probing == nil, "seed \(seed): a second probe")
                        probing = endpoint
                    case .close(let endpoint):
                        #expect(endpoint != plan.current, "seed \(seed): closes what it uses")
                    case .wait(let until):
                        let isIdle = plan.current == nil && dialing == nil
                        #expect(!isIdle || until != nil, "seed \(seed): gave up")
                        break asking
                    }
                }
            }
        }
    }
}
