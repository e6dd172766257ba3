internal import CMessages
internal import Flags
internal import Wire

typealias RawUsageTable = Bandera__Flags__V1__UsageTable
typealias RawUsageGroup = Bandera__Flags__V1__UsageGroup
typealias RawUsageSketch = Bandera__Flags__V1__UsageSketch

extension UsageTable {
    /// Makes the C form; of each cell only the first `cellWidth` numbers are said.
    mutating func build(
        cellWidth: Int,
        sketches: [UsageSketch],
        ofOneEnvironment: Bool,
        in arena: Arena
    ) -> UnsafeMutablePointer<RawUsageTable> {
        var heads: [Head] = []
        for sketch in sketches {
            heads.append(self.head(of: sketch, ofOneEnvironment: ofOneEnvironment))
        }
        return arena.message(bandera__flags__v1__usage_table__init) { message in
            message.n_names = self.names.count
            message.names = arena.strings(self.names)
            let numbers = self.cells.flatMap { cell in (0..<cellWidth).map { cell[$0] } }
            message.n_cells = numbers.count
            message.cells = arena.numbers(numbers)
            var start: Int64 = 0
            message.n_groups = self.groups.count
            message.groups = arena.messages(
                self.groups,
                bandera__flags__v1__usage_group__init
            ) { group, message in
                message.organization = group.head.organization
                message.environment = group.head.environment
                message.flag = group.head.flag
                message.variation = group.head.variation
                message.start_after_ms = group.head.start &- start
                start = group.head.start
                message.n_rows = group.rows.count
                message.rows = arena.numbers(group.rows)
            }
            message.n_sketches = sketches.count
            message.sketches = arena.messages(
                Array(zip(heads, sketches)),
                bandera__flags__v1__usage_sketch__init
            ) { sketch, message in
                message.organization = sketch.0.organization
                message.environment = sketch.0.environment
                message.flag = sketch.0.flag
                message.variation = sketch.0.variation
                let gaps = sketch.1.registerGaps
                message.n_registers = gaps.count
                message.registers = arena.numbers(gaps)
            }
        }
    }

    private mutating func head(of sketch: UsageSketch, ofOneEnvironment: Bool) -> Head {
        var head = Head(
            flag: self.number(of: sketch.flag.rawValue),
            variation: self.number(of: sketch.variation)
        )
        if !ofOneEnvironment {
            head.organization = self.number(of: sketch.environment.organization)
            head.environment = self.number(of: sketch.environment.environment)
        }
        return head
    }
}

extension UsageSketch {
    /// Each register as it travels: how many are left out before it, and its rank.
    fileprivate var registerGaps: [UInt32] {
        var next: UInt32 = 0
        return self.registers.map { register in
            let index = UInt32(register >> 6)
            precondition(index >= next, "the registers of \(self.flag) are not sorted")
            defer { next = index + 1 }
            return (index - next) << 6 | UInt32(register & 63)
        }
    }
}
