import ClientProtocol
import Flags
import Testing
import Wire
import WireTestKit

@Suite struct ClientRefusalTests {
    /// An evaluation whose context has one attribute, `a`, with a value written by hand.
    private func evaluate(attribute value: [UInt8]) -> [UInt8] {
        let field = ProtobufBytes.message { field in
            field.bytes(1, [0x61])
            field.bytes(2, value)
        }
        return self.evaluate(attributes: [field])
    }

    private func evaluate(attributes: [[UInt8]]) -> [UInt8] {
        let context = ProtobufBytes.message { context in
            for attribute in attributes {
                context.bytes(6, attribute)
            }
        }
        return ProtobufBytes.message { request in
            request.bytes(1, [])
            request.bytes(3, context)
        }
    }

    private func refused(_ bytes: [UInt8]) -> WireError.Code? {
        refusal(EvaluateRequest.self, bytes)
    }

    /// `levels` arrays, each the only element of the one around it.
    private func nested(_ levels: Int) -> [UInt8] {
        var value = ProtobufBytes.message { $0.number(2, 1) }
        for _ in 0..<levels {
            let array = ProtobufBytes.message { $0.bytes(1, value) }
            value = ProtobufBytes.message { $0.bytes(5, array) }
        }
        return value
    }

    @Test func valuesMayNestToTheLimitAndNotDeeper() {
        let limit = FlagsLimits.valueDepthMax
        #expect(self.refused(self.evaluate(attribute: self.nested(limit))) == nil)
        #expect(self.refused(self.evaluate(attribute: self.nested(limit + 1))) == .tooDeep)
        #expect(self.refused(self.evaluate(attribute: self.nested(60))) == .tooDeep)
    }

    @Test func aHostileNestingIsAbandonedBeforeTheStackEnds() {
        for levels in [500, 5000] {
            let code = self.refused(self.evaluate(attribute: self.nested(levels)))
            #expect(code == .tooDeep, "\(levels)")
        }
    }

    @Test func numbersThatAreNotFiniteAreRefused() {
        for number in [Double.nan, .infinity, -.infinity, .signalingNaN] {
            var value: [UInt8] = [3 << 3 | 1]
            for shift in stride(from: UInt64(0), to: 64, by: 8) {
                value.append(UInt8(truncatingIfNeeded: number.bitPattern >> shift))
            }
            #expect(self.refused(self.evaluate(attribute: value)) == .outOfRange, "\(number)")
        }
    }

    @Test func valuesOfNoKindAreRefused() {
        #expect(self.refused(self.evaluate(attribute: [])) == .missing)
        let unknown = ProtobufBytes.message { $0.number(77, 1) }
        #expect(self.refused(self.evaluate(attribute: unknown)) == .missing)
    }

    @Test func aNameMayOccurOnceOnly() {
        let field = ProtobufBytes.message { field in
            field.bytes(1, [0x61])
            field.bytes(2, ProtobufBytes.message { $0.number(2, 1) })
        }
        #expect(self.refused(self.evaluate(attributes: [field])) == nil)
        #expect(self.refused(self.evaluate(attributes: [field, field])) == .outOfRange)
    }

    @Test func fieldsAreSortedOnArrival() throws {
        let fields = ["b", "c", "a"].map { name in
            ProtobufBytes.message { field in
                field.bytes(1, Array(name.utf8))
                field.bytes(2, ProtobufBytes.message { $0.number(2, 1) })
            }
        }
        let request = try EvaluateRequest.decode(self.evaluate(attributes: fields))
        #expect(request.context.attributes.map(\.name) == ["a", "b", "c"])
    }

    @Test func tooManyElementsAreRefused() {
        let element = ProtobufBytes.message {
            $0.bytes(1, ProtobufBytes.message { $0.number(2, 1) })
        }
        let array = (0...ClientProtocolLimits.valueElementsMax).flatMap { _ in element }
        let value = ProtobufBytes.message { $0.bytes(5, array) }
        #expect(self.refused(self.evaluate(attribute: value)) == .tooLarge)
        let names = (0...ClientProtocolLimits.attributesMax).map { number in
            ProtobufBytes.message { field in
                field.bytes(1, Array(String(number).utf8))
                field.bytes(2, ProtobufBytes.message { $0.number(2, 1) })
            }
        }
        #expect(self.refused(self.evaluate(attributes: names)) == .tooLarge)
    }

    @Test func textThatIsNotUTF8OrTooLongIsRefused() {
        let notUTF8 = ProtobufBytes.message { request in
            request.bytes(1, [])
            request.bytes(2, [0xC3, 0x28])
        }
        #expect(self.refused(notUTF8) == .notUTF8)
        let long = ProtobufBytes.message { request in
            request.bytes(1, [])
            let count = ClientProtocolLimits.identifierBytesMax + 1
            request.bytes(2, [UInt8](repeating: 0x61, count: count))
        }
        #expect(self.refused(long) == .tooLarge)
    }
}

@Suite struct WriteRefusalTests {
    /// A CreateFlag whose definition is written by hand.
    private func create(_ definition: (inout ProtobufBytes) -> Void) -> WireError.Code? {
        let create = ProtobufBytes.message { create in
            create.bytes(1, [])
            create.bytes(2, ProtobufBytes.message(definition))
        }
        return refusal(WriteRequest.self, ProtobufBytes.message { $0.bytes(8, create) })
    }

    @Test func percentagesBeyondAHundredAreRefused() {
        #expect(
            self.create {
                $0.number(5, 1)
                $0.number(6, 100_000)
            } == nil
        )
        #expect(
            self.create {
                $0.number(5, 1)
                $0.number(6, 100_001)
            } == .outOfRange
        )
        #expect(
            self.create {
                $0.number(5, 1)
                $0.number(6, .max)
            } == .outOfRange
        )
    }

    @Test func unknownStatusesAreRefused() {
        for status: UInt64 in [0, 6, 1 << 31, .max] {
            #expect(self.create { $0.number(5, status) } == .outOfRange, "\(status)")
        }
    }

    @Test func aWriteWithoutAKnownCommandIsRefused() {
        #expect(refusal(WriteRequest.self, []) == .missing)
        let unknown = ProtobufBytes.message { $0.bytes(99, []) }
        #expect(refusal(WriteRequest.self, unknown) == .missing)
        for field: UInt64 in [5, 8, 9, 10] {
            let incomplete = ProtobufBytes.message { $0.bytes(field, []) }
            #expect(refusal(WriteRequest.self, incomplete) == .missing, "\(field)")
        }
    }

    @Test func anUnknownHistoryActionIsRefused() {
        let row = ProtobufBytes.message { row in
            row.bytes(1, [])
            row.number(5, 28)
            row.bytes(8, ProtobufBytes.message { $0.number(5, 1) })
        }
        let bytes = ProtobufBytes.message { $0.bytes(1, row) }
        #expect(refusal(HistoryResponse.self, bytes) == .outOfRange)
    }
}

@Suite struct WatchRefusalTests {
    private func changes(_ revisions: [UInt64], last: UInt64) -> WireError.Code? {
        let changes = ProtobufBytes.message { changes in
            changes.number(1, last)
            for revision in revisions {
                changes.bytes(
                    2,
                    ProtobufBytes.message { change in
                        change.number(1, revision)
                        change.bytes(2, [])
                        change.bytes(3, ProtobufBytes.message { $0.number(5, 1) })
                    }
                )
            }
        }
        return refusal(WatchEvent.self, ProtobufBytes.message { $0.bytes(2, changes) })
    }

    @Test func changesOutOfOrderAreRefused() {
        #expect(self.changes([4, 9], last: 9) == nil)
        #expect(self.changes([9, 4], last: 9) == .outOfRange)
        #expect(self.changes([4, 4], last: 4) == .outOfRange)
        #expect(self.changes([4, 9], last: 10) == .outOfRange)
        #expect(self.changes([], last: 10) == .outOfRange)
        #expect(self.changes([0], last: 0) == .outOfRange)
    }

    @Test func anEventOfNoKnownKindIsRefused() {
        #expect(refusal(WatchEvent.self, []) == .missing)
        #expect(refusal(WatchEvent.self, ProtobufBytes.message { $0.bytes(9, []) }) == .missing)
    }
}
