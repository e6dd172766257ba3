// Only a debug build lets tests see inside a program.
#if DEBUG
import ClientProtocol
import Flags
import Testing

@testable import bandera

@Suite struct RenderingTests {
    @Test func aFlagAsATable() {
        #expect(
            FlagRendering.document(makeFlag()).rendered(.table) == """
                FIELD          VALUE
                KEY            crm_advanced_features
                NAME           CRM advanced features
                DESCRIPTION    Pipelines and "forecasts"
                STATUS         active
                ENABLED        yes
                ROLLOUT        12.5 %
                PLANS          PREMIUM, ENTERPRISE
                ROLES          ADMIN
                REGIONS        CO, MX
                START          2026-01-01T00:00:00Z
                VARIATIONS     on=true, off=false
                ON VARIATION   on
                OFF VARIATION  off
                CREATED        2026-01-01T00:00:00Z operator/ana
                UPDATED        2026-01-01T01:00:00.250Z operator/luis
                REVISION       42

                """
        )
    }

    @Test func aFlagAsJSON() {
        #expect(
            FlagRendering.document(makeFlag()).json == """
                {"key":"crm_advanced_features","name":"CRM advanced features",\
                "description":"Pipelines and \\"forecasts\\"","enabled":true,"status":"active",\
                "archived":false,"rollout_percentage":12.5,\
                "target_plans":["PREMIUM","ENTERPRISE"],"target_roles":["ADMIN"],\
                "target_companies":[],"target_regions":["CO","MX"],\
                "start_date":"2026-01-01T00:00:00Z","end_date":null,\
                "variations":[{"name":"on","value":true},{"name":"off","value":false}],\
                "on_variation":"on","off_variation":"off","salt":"crm_advanced_features",\
                "bucket_by":"targetingKey","tags":[],"owner":"","schema":null,\
                "prerequisites":[],"overrides":[],"targets":[],"rules":[],"weights":[],\
                "recorded_start":null,"recorded_end":null,"release":null,\
                "created_at":"2026-01-01T00:00:00Z",\
                "created_by":"operator/ana","updated_at":"2026-01-01T01:00:00.250Z",\
                "updated_by":"operator/luis","revision":42,"created_revision":17}
                """
        )
    }

    @Test func aListOfFlags() {
        let document = FlagRendering.document([makeFlag()], revision: Revision(50))
        #expect(
            document.rendered(.table) == """
                KEY                    STATUS  ENABLED  ROLLOUT  AUDIENCE                                              UPDATED                   REVISION
                crm_advanced_features  active  yes       12.5 %  plans PREMIUM,ENTERPRISE; roles ADMIN; regions CO,MX  2026-01-01T01:00:00.250Z        42

                """
        )
        #expect(document.json.hasPrefix(#"{"revision":50,"flags":[{"key":"crm_advanced_features""#))
    }

    @Test func historySaysOnlyWhatChanged() {
        let before = makeFlag()
        var after = before
        after.rollout = .all
        after.status = .paused
        let row = HistoryRow(
            environment: EnvironmentID(organization: "acme", environment: "production"),
            revision: Revision(43),
            time: Timestamp(milliseconds: 1_767_225_600_000),
            actor: "operator/ana",
            action: .update,
            reason: "incident 7",
            before: before,
            after: after
        )
        let document = FlagRendering.document([row], hasMore: true)
        #expect(
            document.rendered(.table) == """
                REVISION  TIME                  ACTOR         ACTION  CHANGE                                            REASON
                      43  2026-01-01T00:00:00Z  operator/ana  update  status active -> paused; rollout 12.5 % -> 100 %  incident 7
                there is more: --before 43 shows what came before, --limit more at once

                """
        )
        #expect(document.json.contains(#""action":"update","reason":"incident 7","before":{"#))
    }

    @Test("How an emergency reached the watchers is told by region, then by node")
    func deliveries() {
        func delivery(_ region: String, _ node: UInt64, _ milliseconds: UInt32) -> Alert.Delivery {
            Alert.Delivery(
                region: region,
                node: node,
                watchers: 10,
                acknowledged: 9,
                milliseconds: milliseconds
            )
        }
        let summary = DeliverySummary(
            revision: Revision(7),
            deliveries: [delivery("CO", 2, 40), delivery("MX", 1, 90), delivery("MX", 3, 20)],
            isComplete: true
        )
        let document = AlertRendering.document(
            summary,
            of: FlagKey("x"),
            in: EnvironmentID(organization: "acme", environment: "production")
        )
        let rows = document.text.split(separator: "\n").dropFirst(2).map {
            $0.split(separator: " ").joined(separator: " ")
        }
        #expect(
            rows == [
                "CO all 10 9 40 ms", "MX all 20 18 90 ms", "CO 2 10 9 40 ms", "MX 1 10 9 90 ms",
                "MX 3 10 9 20 ms",
            ]
        )
        #expect(
            document.json.contains(
                #"{"region":"MX","watchers":20,"acknowledged":18,"milliseconds":90}"#
            )
        )
    }

    @Test func theClustersStatus() {
        let node = NodeStatus(
            id: 1,
            name: "mx-1",
            region: "MX",
            zone: "a",
            role: .leader,
            term: 3,
            commit: 120,
            applied: 119,
            health: .healthy,
            clientAddress: "127.0.0.1:7001",
            peerAddress: "127.0.0.1:7101",
            lastHeardMilliseconds: 0
        )
        let status = StatusResponse(
            nodes: [node],
            leader: 1,
            cluster: "dev",
            answeredBy: 1,
            log: LogWork(appends: 4, entries: 120)
        )
        let document = ClusterRendering.document(status)
        #expect(
            document.json == """
                {"cluster":"dev","leader":1,"answered_by":1,"log_appends":4,\
                "log_entries":120,"nodes":[{"id":1,"name":"mx-1",\
                "region":"MX","zone":"a","role":"leader","term":3,"commit":120,"applied":119,\
                "health":"healthy","client_address":"127.0.0.1:7001",\
                "peer_address":"127.0.0.1:7101","last_heard_ms":0}]}
                """
        )
        #expect(
            document.rendered(.table) == """
                NODE  NAME  REGION  ZONE  ROLE    TERM  COMMIT  APPLIED  HEALTH   CLIENTS         LAST HEARD
                   1  mx-1  MX      a     leader     3     120      119  healthy  127.0.0.1:7001        0 ms

                """
        )
    }

    @Test func anEvaluationNamesWhoAnswered() {
        let response = EvaluateResponse(
            evaluation: Evaluation(value: .bool(true), variation: "on", reason: .split),
            revision: Revision(42),
            node: 2,
            region: "CO",
            routed: true
        )
        let document = EvaluationRendering.document(
            response,
            of: FlagKey("x"),
            in: EnvironmentID(organization: "acme", environment: "production")
        )
        #expect(
            document.json == """
                {"environment":"acme/production","key":"x","value":true,"variant":"on",\
                "reason":"SPLIT","error_code":null,"revision":42,"node":2,"region":"CO",\
                "routed":true}
                """
        )
        #expect(
            document.rendered(.table) == """
                FIELD      VALUE
                KEY        x
                VALUE      true
                VARIATION  on
                REASON     SPLIT
                REVISION   42
                SERVED BY  node 2, region CO, routed

                """
        )
    }

    @Test func aChangeThatWasMade() {
        let document = WriteRendering.document(
            "create",
            "flag",
            "x",
            at: Revision(9),
            in: EnvironmentID(organization: "acme", environment: "production")
        )
        #expect(document.rendered(.table) == "flag x in acme/production: create, revision 9\n")
        #expect(
            document.json == """
                {"action":"create","kind":"flag","environment":"acme/production","key":"x",\
                "revision":9}
                """
        )
    }

    @Test func companiesAndPlans() {
        let company = Company(
            organization: "acme",
            id: "globex",
            name: "Globex",
            plan: "PREMIUM",
            region: "CO"
        )
        #expect(
            TenancyRendering.document([company]).rendered(.table) == """
                ORGANIZATION  COMPANY  NAME    PLAN     REGION  ATTRIBUTES
                acme          globex   Globex  PREMIUM  CO

                """
        )
        let plan = Plan(organization: "acme", id: "FREE", name: "Free")
        #expect(
            TenancyRendering.document([plan]).json
                == #"{"plans":[{"id":"FREE","name":"Free","organization":"acme"}]}"#
        )
    }

    @Test func watchedChangesAreOneLineEach() {
        let acme = EnvironmentID(organization: "acme", environment: "production")
        let change = Change(revision: Revision(42), environment: acme, flag: makeFlag())
        let json = WatchRendering(format: .json, environment: acme)
        let start = #"{"event":"change","revision":42,"environment":"acme/production","#
        #expect(json.line(change).hasPrefix(start + #""key":"crm_advanced_features","flag":{"#))
        #expect(json.heading == nil)
        #expect(
            json.lines([], at: Revision(3)) == [
                #"{"event":"snapshot","revision":3,"environment":"acme/production","flags":[]}"#
            ]
        )
        let table = WatchRendering(format: .table, environment: acme)
        let columns = table.line(change).split(separator: " ").prefix(6)
        #expect(
            columns == ["42", "change", "crm_advanced_features", "active", "yes", "12.5"]
        )
    }
}
#endif
