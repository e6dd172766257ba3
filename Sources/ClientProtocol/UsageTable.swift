internal import Flags

/// What a table of usage says: each name and each cell once, the counts in groups.
///
/// The rows are those of one message; the order in which they were added is kept.
struct UsageTable {
    /// What the rows of a group have in common.
    struct Head: Equatable {
        /// Numbers of names.
        var organization: UInt32 = 0
        var environment: UInt32 = 0
        var flag: UInt32
        var variation: UInt32
        /// When the period began; in a report always 0.
        var start: Int64 = 0
    }

    /// Rows that follow each other.
    struct Group {
        let head: Head
        /// Heads of rows and counts, as `flags.proto` says.
        var rows: [UInt64] = []
    }

    /// The numbers that say by what is counted: only the first is used where one is enough.
    typealias Cell = SIMD4<UInt32>

    /// From number 1; 0 is the empty text.
    private(set) var names: [String] = []
    private(set) var cells: [Cell] = []
    private(set) var groups: [Group] = []
    private var nameNumbers: [String: UInt32] = [:]
    private var cellNumbers: [Cell: Int] = [:]
    /// Of the last row of the last group.
    private var lastCell = -1

    /// The number of a name, which is added when it is new.
    mutating func number(of name: String) -> UInt32 {
        if name.isEmpty { return 0 }
        if let number = self.nameNumbers[name] { return number }
        self.names.append(name)
        let number = UInt32(self.names.count)
        self.nameNumbers[name] = number
        return number
    }

    /// Adds a row: to the last group when that has the same head.
    mutating func add(_ head: Head, _ cell: Cell, _ counts: UsageCounts) {
        if self.groups.last?.head != head {
            self.groups.append(Group(head: head))
            self.lastCell = -1
        }
        let number = self.number(of: cell)
        let step = number - self.lastCell - 1
        self.lastCell = number
        let zigzag = UInt64(bitPattern: Int64(step << 1 ^ step >> (Int.bitWidth - 1)))
        let mask = counts.mask
        let isMasked = mask != UsageCounts.onlyEvaluations
        let last = self.groups.count - 1
        self.groups[last].rows.append(zigzag << 1 | (isMasked ? 1 : 0))
        if isMasked { self.groups[last].rows.append(UInt64(mask)) }
        for index in 0..<UsageCounts.count where mask & 1 << index != 0 {
            self.groups[last].rows.append(counts[index])
        }
    }

    private mutating func number(of cell: Cell) -> Int {
        if let number = self.cellNumbers[cell] { return number }
        let number = self.cells.count
        self.cells.append(cell)
        self.cellNumbers[cell] = number
        return number
    }
}

/// The counts by number, in the order of a mask's bits.
extension UsageCounts {
    /// How many there are.
    static let count = 9
    /// The mask of what happens most: nothing but evaluations.
    static let onlyEvaluations: UInt32 = 1

    /// A bit for each count that is not 0.
    var mask: UInt32 {
        var mask: UInt32 = 0
        for index in 0..<Self.count where self[index] != 0 { mask |= 1 << index }
        return mask
    }

    /// One of the counts.
    subscript(index: Int) -> UInt64 {
        get {
            switch index {
            case 0: self.evaluations
            case 1: self.views
            case 2: self.clicks
            case 3: self.errors
            case 4: self.conversions
            case 5: self.latencies
            case 6: self.latencyMicroseconds
            case 7: self.feedbacks
            case 8: self.feedbackThousandths
            default: preconditionFailure("there is no count \(index)")
            }
        }
        set {
            switch index {
            case 0: self.evaluations = newValue
            case 1: self.views = newValue
            case 2: self.clicks = newValue
            case 3: self.errors = newValue
            case 4: self.conversions = newValue
            case 5: self.latencies = newValue
            case 6: self.latencyMicroseconds = newValue
            case 7: self.feedbacks = newValue
            case 8: self.feedbackThousandths = newValue
            default: preconditionFailure("there is no count \(index)")
            }
        }
    }
}
