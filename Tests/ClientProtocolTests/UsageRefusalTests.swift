import ClientProtocol
import Flags
import Testing
import Wire
import WireTestKit

@Suite struct UsageRefusalTests {
    /// A table written by hand, in a batch.
    private func batch(_ content: (inout ProtobufBytes) -> Void) -> WireError.Code? {
        let table = ProtobufBytes.message(content)
        let batch = ProtobufBytes.message { $0.bytes(2, table) }
        return refusal(WriteRequest.self, ProtobufBytes.message { $0.bytes(29, batch) })
    }

    /// A table of one name, `a`, one cell and one group with these rows.
    private func rows(
        _ numbers: [UInt64],
        cell: UInt64 = 0,
        flag: UInt64 = 1
    ) -> WireError.Code? {
        self.batch { table in
            table.bytes(1, [0x61])
            table.bytes(2, self.packed([cell]))
            table.bytes(
                3,
                ProtobufBytes.message {
                    $0.number(3, flag)
                    $0.bytes(6, self.packed(numbers))
                }
            )
        }
    }

    private func packed(_ numbers: [UInt64]) -> [UInt8] {
        ProtobufBytes.message { for number in numbers { $0.varint(number) } }
    }

    @Test func rowsAreTakenApart() {
        #expect(self.rows([]) == nil)
        #expect(self.rows([0, 5]) == nil)
        #expect(self.rows([1, 0]) == nil)
        #expect(self.rows([1, 1, .max]) == nil)
        // The same cell again is one step back: zigzag 1.
        #expect(self.rows([0, 5, 2, 6]) == nil)
    }

    @Test func rowsThatAreCutOffAreRefused() {
        #expect(self.rows([0]) == .malformed)
        #expect(self.rows([1]) == .malformed)
        #expect(self.rows([1, 3, 7]) == .malformed)
        #expect(self.rows([0, 5, 2]) == .malformed)
    }

    @Test func cellsAndNamesThatAreNotThereAreRefused() {
        #expect(self.rows([0, 5, 0, 6]) == .outOfRange)
        #expect(self.rows([2, 5]) == .outOfRange)
        for head: UInt64 in [.max - 1, .max, 1 << 62, 1 << 63] {
            #expect(self.rows([head, 1, 5]) == .outOfRange, "\(head)")
        }
        #expect(self.rows([0, 5], cell: 1 << 3) == nil)
        #expect(self.rows([0, 5], cell: 2 << 3) == .outOfRange)
        #expect(self.rows([0, 5], cell: UInt64(UInt32.max)) == .outOfRange)
        #expect(self.rows([0, 5], flag: 2) == .outOfRange)
    }

    @Test func dimensionsAndCountsThatAreNotKnownAreRefused() {
        #expect(self.rows([0, 5], cell: 4) == nil)
        for dimension: UInt64 in [5, 6, 7] {
            #expect(self.rows([0, 5], cell: dimension) == .outOfRange, "\(dimension)")
        }
        #expect(self.rows([1, 1 << 8, 5]) == nil)
        #expect(self.rows([1, 1 << 9, 5]) == .outOfRange)
        #expect(self.rows([1, 1 << 63, 5]) == .outOfRange)
    }

    @Test func fewBytesDoNotBecomeTooManyRows() {
        let max = ClientProtocolLimits.usageRowsMax
        let first: [UInt64] = [0, 1]
        let again: [UInt64] = [2, 1]
        #expect(self.rows(first + (1..<max).flatMap { _ in again }) == nil)
        #expect(self.rows(first + (0..<max).flatMap { _ in again }) == .tooLarge)
        let groups = self.batch { table in
            table.bytes(2, [0])
            for _ in 0...max { table.bytes(3, []) }
        }
        #expect(groups == .tooLarge)
    }

    @Test func registersThatASketchHasNotAreRefused() {
        func sketch(_ registers: [UInt64]) -> WireError.Code? {
            self.batch { table in
                table.bytes(4, ProtobufBytes.message { $0.bytes(5, self.packed(registers)) })
            }
        }
        #expect(sketch([]) == nil)
        #expect(sketch([1, 55, 0 << 6 | 1]) == nil)
        #expect(sketch([1023 << 6 | 1]) == nil)
        #expect(sketch([1024 << 6 | 1]) == .outOfRange)
        #expect(sketch([1023 << 6 | 1, 1]) == .outOfRange)
        #expect(sketch([0]) == .outOfRange)
        #expect(sketch([56]) == .outOfRange)
        #expect(sketch([UInt64(UInt32.max)]) == .outOfRange)
        #expect(sketch(Array(repeating: 1, count: 1025)) == .outOfRange)
    }

    @Test func aReportWithHalfACellHasNotThatCell() {
        let group = ProtobufBytes.message { $0.bytes(6, self.packed([0, 5])) }
        for (numbers, code) in [(4, nil), (3, WireError.Code.outOfRange), (7, nil)] {
            let table = ProtobufBytes.message {
                $0.bytes(2, [UInt8](repeating: 0, count: numbers))
                $0.bytes(3, group)
            }
            let report = ProtobufBytes.message {
                $0.bytes(1, [])
                $0.bytes(3, table)
            }
            #expect(refusal(UsageReport.self, report) == code, "\(numbers)")
        }
    }

    @Test func resolutionsThatAreNotKnownAreRefused() {
        for (resolution, code) in [
            (UInt64(3), nil), (0, WireError.Code.outOfRange), (4, .outOfRange),
        ] {
            let query = ProtobufBytes.message {
                $0.bytes(1, [])
                $0.number(5, resolution)
            }
            #expect(refusal(UsageQuery.self, query) == code, "\(resolution)")
        }
    }
}
