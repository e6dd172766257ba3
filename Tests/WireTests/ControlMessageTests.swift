import Testing
import Wire
import WireTestKit

@Suite struct ControlMessageTests {
    @Test func settingsSurviveAbuse() throws {
        let seed = Chance.printedSeed()
        var chance = Chance(seed: seed)
        for _ in 0..<20 {
            var settings = Settings(
                limits: .peer,
                keepaliveMilliseconds: chance.number(),
                cluster: chance.string(),
                nodeID: UInt64(chance.number()),
                region: chance.string(),
                sessionToken: chance.bytes(0...40)
            )
            settings.protocolMinor = chance.number()
            try expectSurvives(settings, seed: seed)
        }
    }

    @Test func requestsSurviveAbuse() throws {
        let seed = Chance.printedSeed()
        var chance = Chance(seed: seed)
        for _ in 0..<20 {
            let request = Request(
                method: chance.string(1...20),
                timeoutMilliseconds: chance.number(),
                metadata: (0..<Int.random(in: 0...4, using: &chance)).map { _ in
                    MetadataField(key: chance.string(), value: chance.string())
                },
                credit: chance.number(),
                body: chance.bytes(0...100)
            )
            try expectSurvives(request, seed: seed)
        }
    }

    @Test func endsSurviveAbuse() throws {
        let seed = Chance.printedSeed()
        var chance = Chance(seed: seed)
        for code in StatusCode.allCases {
            let detail = ErrorDetail(
                reason: chance.string(),
                retryAfterMilliseconds: chance.number(),
                leaderID: UInt64(chance.number()),
                leaderAddress: chance.string(),
                metadata: [MetadataField(key: chance.string(), value: chance.string())]
            )
            let status = Status(
                code: code,
                message: chance.string(),
                detail: Bool.random(using: &chance) ? detail : nil
            )
            try expectSurvives(End(status: status, body: chance.bytes(0...100)), seed: seed)
        }
    }

    @Test func goawaysCreditsAndCancelsSurviveAbuse() throws {
        let seed = Chance.printedSeed()
        var chance = Chance(seed: seed)
        for code in StatusCode.allCases where code != .ok {
            let goaway = Goaway(
                lastStream: StreamID(chance.number()),
                code: code,
                message: chance.string(),
                retryAfterMilliseconds: chance.number()
            )
            try expectSurvives(goaway, seed: seed)
            try expectSurvives(Credit(messages: chance.number()), seed: seed)
            try expectSurvives(Cancel(code: code), seed: seed)
        }
    }

    /// These bytes are the protocol: nodes of other versions send them.
    @Test func theBytesOfControlMessagesAreFixed() {
        var settings = Settings(
            limits: WireLimits(frameBytesMax: 1000, streamsMax: 10, initialCredit: 3),
            keepaliveMilliseconds: 500,
            cluster: "c",
            nodeID: 2,
            region: "MX",
            sessionToken: [9]
        )
        settings.protocolMinor = 1
        #expect(
            settings.encode() == [
                0x08, 1, 0x10, 1, 0x18, 0xE8, 7, 0x20, 10, 0x28, 0xF4, 3, 0x32, 1, 0x63, 0x38, 2,
                0x42, 2, 0x4D, 0x58, 0x4A, 1, 9, 0x50, 3,
            ]
        )
        let request = Request(
            method: "m",
            timeoutMilliseconds: 1,
            metadata: [MetadataField(key: "k", value: "v")],
            credit: 2,
            body: [7]
        )
        #expect(
            request.encode() == [
                0x0A, 1, 0x6D, 0x10, 1, 0x1A, 6, 0x0A, 1, 0x6B, 0x12, 1, 0x76, 0x20, 2, 0x2A, 1, 7,
            ]
        )
        let detail = ErrorDetail(reason: "R", retryAfterMilliseconds: 1, leaderID: 2)
        let end = End(status: Status(code: .unavailable, message: "m", detail: detail), body: [7])
        #expect(
            end.encode() == [
                0x08, 14, 0x12, 1, 0x6D, 0x1A, 7, 0x0A, 1, 0x52, 0x10, 1, 0x18, 2, 0x22, 1, 7,
            ]
        )
        let goaway = Goaway(
            lastStream: StreamID(3),
            code: .unavailable,
            message: "m",
            retryAfterMilliseconds: 4
        )
        #expect(goaway.encode() == [0x08, 3, 0x10, 14, 0x1A, 1, 0x6D, 0x20, 4])
        #expect(Credit(messages: 300).encode() == [0x08, 0xAC, 2])
        #expect(Cancel().encode().isEmpty)
        #expect(Cancel(code: .deadlineExceeded).encode() == [0x08, 4])
    }

    @Test func aStringThatIsNotUTF8IsRefused() {
        let invalid: [[UInt8]] = [
            [0xFF], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
            [0x61, 0x80],
        ]
        for text in invalid {
            let request = ProtobufBytes.message { $0.bytes(1, text) }
            #expect(refusal(Request.self, request) == .notUTF8, "\(text)")
            let goaway = ProtobufBytes.message { $0.bytes(3, text) }
            #expect(refusal(Goaway.self, goaway) == .notUTF8, "\(text)")
        }
    }

    @Test func aLengthThatLiesIsRefused() {
        for claim in [4, 100, 1 << 20, 1 << 31, 1 << 40, Int.max] {
            let request = ProtobufBytes.message { $0.bytes(5, claiming: claim, [1, 2, 3]) }
            #expect(refusal(Request.self, request) == .malformed, "\(claim)")
        }
    }

    @Test func aRequestWithoutAMethodOrWithALongOneIsRefused() {
        #expect(refusal(Request.self, []) == .missing)
        let long = String(repeating: "m", count: WireLimits.methodBytesMax + 1)
        #expect(refusal(Request.self, Request(method: long).encode()) == .tooLarge)
    }

    @Test func tooMuchMetadataIsRefused() {
        let field = MetadataField(key: "k", value: "v")
        let request = Request(
            method: "m",
            metadata: Array(repeating: field, count: WireLimits.metadataFieldsMax + 1)
        )
        #expect(refusal(Request.self, request.encode()) == .tooLarge)
    }

    @Test func anUnknownStatusIsRefused() {
        let status = ProtobufBytes.message { $0.number(1, 17) }
        #expect(refusal(End.self, status) == .outOfRange)
        #expect(refusal(Cancel.self, status) == .outOfRange)
    }

    @Test func absentLimitsInSettingsMeanTheDefaults() throws {
        let settings = try Settings.decode([UInt8]())
        #expect(settings.frameBytesMax == UInt32(WireLimits.client.frameBytesMax))
        #expect(settings.streamsMax == UInt32(WireLimits.client.streamsMax))
        #expect(settings.initialCredit == WireLimits.client.initialCredit)
    }

    @Test func theLargestFrameOfAPeerIsKeptBetweenFloorAndCeiling() throws {
        var settings = Settings(limits: .client, cluster: "")
        let ceiling = UInt32(WireLimits.frameBytesCeiling)
        let floor = UInt32(WireLimits.frameBytesFloor)
        for (announced, taken) in [
            (UInt32.max, ceiling), (ceiling + 1, ceiling), (ceiling, ceiling), (floor, floor),
        ] {
            settings.frameBytesMax = announced
            #expect(try Settings.decode(settings.encode()).frameBytesMax == taken)
        }
        for announced in [1, floor - 1] {
            settings.frameBytesMax = announced
            #expect(refusal(Settings.self, settings.encode()) == .outOfRange, "\(announced)")
        }
    }

    @Test func theSizeOfAnEndIsNotUnderestimated() {
        let field = MetadataField(key: "key", value: "value")
        let detail = ErrorDetail(
            reason: "R",
            retryAfterMilliseconds: .max,
            leaderID: .max,
            leaderAddress: "host:1",
            metadata: Array(repeating: field, count: WireLimits.metadataFieldsMax)
        )
        for count in [0, 1, 127, 128, 1 << 14, 1 << 21] {
            let body = [UInt8](repeating: 1, count: count)
            for detail in [nil, detail] {
                let status = Status(code: .unavailable, message: "message", detail: detail)
                let end = End(status: status, body: body)
                #expect(end.encode().count <= end.packedBytesMax, "\(count)")
            }
        }
    }

    @Test func anotherVersionOrClusterIsIncompatible() throws {
        let mine = Settings(limits: .client, cluster: "a")
        try mine.checkCompatible(with: Settings(limits: .client, cluster: ""))
        var newer = Settings(limits: .client, cluster: "a")
        newer.protocolMinor += 1
        try mine.checkCompatible(with: newer)
        newer.protocolMajor += 1
        #expect(throws: WireError(code: .incompatible, message: "")) {
            try mine.checkCompatible(with: newer)
        }
        #expect(throws: WireError(code: .incompatible, message: "")) {
            try mine.checkCompatible(with: Settings(limits: .client, cluster: "b"))
        }
    }
}
