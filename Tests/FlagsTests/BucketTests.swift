import Flags
import FoundationEssentials
import Testing

@Suite struct BucketTests {
    @Test func everyGoldenVectorFallsInItsBucket() {
        for golden in GoldenBucket.all {
            let bucket = Bucket(salt: golden.salt, unit: golden.unit).rawValue
            #expect(bucket == golden.bucket, "\(golden.salt).\(golden.unit.prefix(40))")
        }
    }

    @Test func aCompiledFlagBucketsAsTheGoldenVectorsSay() {
        for golden in GoldenBucket.all {
            for (thousandths, isIn) in [(golden.bucket, false), (golden.bucket + 1, true)] {
                let evaluation = Fixture.evaluate(EvaluationContext(targetingKey: golden.unit)) {
                    $0.salt = golden.salt
                    $0.rollout = RolloutPercentage(thousandths: thousandths) ?? .none
                }
                #expect(evaluation.value == .bool(isIn))
            }
        }
    }

    @Test func aHashFedInPiecesEqualsTheHashOfTheWhole() {
        let text = "the quick brown fox jumps"
        for first in 0...text.utf8.count {
            for second in first...text.utf8.count {
                var hash = Murmur3(seed: 9)
                hash.update(String(text.prefix(first)))
                hash.update(String(text.prefix(second).dropFirst(first)))
                for byte in text.utf8.dropFirst(second) { hash.update(byte) }
                #expect(hash.finalized() == Murmur3.hash(text, seed: 9))
            }
        }
    }

    @Test(.enabled(if: Suites.folder != nil, "set BANDERA_SUITES or provide ../shared/suites"))
    func everyCaseOfThePublishedSuiteHashesAsPublished() throws {
        let folder = try #require(Suites.folder)
        let file = folder + "/murmur3/murmur3-custom-uuids.csv"
        let contents = try #require(FileManager.default.contents(atPath: file))
        var cases = 0
        for line in String(decoding: contents, as: UTF8.self).split(separator: "\n") {
            let columns = line.split(separator: ",")
            let seed = try #require(UInt32(columns[0]))
            let hash = try #require(UInt32(columns[2]))
            #expect(Murmur3.hash(String(columns[1]), seed: seed) == hash)
            cases += 1
        }
        #expect(cases == 500)
    }

    @Test func raisingARolloutNeverMovesAUserOut() {
        let seed: UInt64 = 20_260_131
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let context = EvaluationContext(targetingKey: "user-\(generator.next())")
            var wasIn = false
            for percent: UInt32 in stride(from: 0, through: 100, by: 5) {
                let evaluation = Fixture.evaluate(context) {
                    $0.rollout = Fixture.percent(percent)
                }
                let isIn = evaluation.value == .bool(true)
                #expect(
                    isIn || !wasIn,
                    "\(context.targetingKey) left at \(percent) %, seed \(seed)"
                )
                wasIn = isIn
            }
            #expect(wasIn)
        }
    }

    @Test func aRolloutGetsAboutItsShareOfUsers() {
        let users = 20_000
        let inside = (0..<users).count { user in
            let context = EvaluationContext(targetingKey: "user-\(user)")
            let evaluation = Fixture.evaluate(context) { $0.rollout = Fixture.percent(10) }
            return evaluation.value == .bool(true)
        }
        #expect((1_800...2_200).contains(inside))
    }
}

/// Where the data files of other projects are.
enum Suites {
    /// `BANDERA_SUITES`, else `../shared/suites` beside the repository; `nil` where neither exists.
    static let folder: String? = {
        let named = ProcessInfo.processInfo.environment["BANDERA_SUITES"]
        let repository = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let beside = repository.deletingLastPathComponent().path + "/shared/suites"
        let candidate = named ?? beside
        return FileManager.default.fileExists(atPath: candidate) ? candidate : nil
    }()
}
