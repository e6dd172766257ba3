import ClientProtocol
import Flags
import Testing
import Wire
import WireTestKit

@Suite struct ReleaseRoundTripTests {
    @Test func segmentsSurviveAbuse() throws {
        let seed = Chance.printedSeed()
        var chance = Chance(seed: seed)
        let request = SegmentsRequest(
            environment: chance.environment(),
            atLeast: Revision(9),
            after: chance.string()
        )
        try expectSurvives(request, seed: seed)
        for _ in 0..<10 {
            let response = SegmentsResponse(
                revision: chance.revision(),
                segments: [chance.segment(), chance.segment()],
                hasMore: true
            )
            try expectSurvives(response, seed: seed, rounds: 100)
        }
    }

    @Test func releasesSurviveAbuse() throws {
        let seed = Chance.printedSeed()
        var chance = Chance(seed: seed)
        let request = ReleasesRequest(
            environment: chance.environment(),
            flag: chance.string(),
            includeFinished: true,
            atLeast: chance.revision(),
            after: chance.revision()
        )
        try expectSurvives(request, seed: seed)
        for _ in 0..<10 {
            let response = ReleasesResponse(
                revision: chance.revision(),
                releases: [chance.release(), chance.release()],
                hasMore: true
            )
            try expectSurvives(response, seed: seed, rounds: 100)
        }
    }

    @Test func alertsSurviveAbuse() throws {
        let seed = Chance.printedSeed()
        var chance = Chance(seed: seed)
        let request = AlertsRequest(
            organization: chance.string(),
            environment: chance.string(),
            includeAcknowledged: true,
            atLeast: chance.revision(),
            after: chance.revision()
        )
        try expectSurvives(request, seed: seed)
        for _ in 0..<10 {
            let response = AlertsResponse(
                revision: chance.revision(),
                alerts: [chance.alert(), chance.alert()],
                hasMore: true
            )
            try expectSurvives(response, seed: seed, rounds: 100)
        }
    }

    @Test func auditsSurviveAbuse() throws {
        let seed = Chance.printedSeed()
        var chance = Chance(seed: seed)
        let request = AuditRequest(
            organization: chance.string(),
            environment: chance.string(),
            kind: chance.string(),
            subject: chance.string(),
            after: chance.next(),
            limit: chance.number(),
            atLeast: chance.revision()
        )
        try expectSurvives(request, seed: seed)
        let rows = (0..<2).map { _ in
            AuditRow(
                id: chance.next(),
                revision: chance.revision(),
                organization: chance.string(),
                environment: chance.string(),
                kind: chance.string(),
                subject: chance.string(),
                time: chance.time(),
                actor: chance.string(),
                action: chance.string(),
                reason: chance.string(),
                before: chance.string(),
                after: chance.string(),
                previousHash: chance.string(),
                hash: chance.string()
            )
        }
        let response = AuditResponse(revision: chance.revision(), rows: rows, hasMore: true)
        try expectSurvives(response, seed: seed)
    }

    @Test func checksOfAChainSurviveAbuse() throws {
        let seed = Chance.printedSeed()
        var chance = Chance(seed: seed)
        let request = VerifyHistoryRequest(
            organization: chance.string(),
            atLeast: chance.revision(),
            through: chance.revision()
        )
        try expectSurvives(request, seed: seed)
        let response = VerifyHistoryResponse(
            revision: chance.revision(),
            rows: chance.next(),
            firstBad: chance.next(),
            head: chance.string(),
            node: chance.next()
        )
        try expectSurvives(response, seed: seed)
    }
}
