import Raft
import RaftStorage
import Simulation

let folder = "data"
let owner = LogIdentity(cluster: "acme", node: NodeID(1))

/// Small segments, so that a few batches cross several of them.
let smallLimits = RaftStorageLimits(
    segmentBytes: 4_096,
    entryBytesMax: 64 << 10,
    batchBytesMax: 256 << 10,
    readBytes: 512
)

typealias SimulatedLog = LogStorage<SimulatedFileSystem>

func openLog(
    _ files: SimulatedFileSystem,
    identity: LogIdentity = owner,
    limits: RaftStorageLimits = smallLimits
) throws(StorageError) -> SimulatedLog {
    try LogStorage.open(directory: folder, identity: identity, files: files, limits: limits)
}

/// An entry whose payload is a function of its position, so that a wrong one is noticed.
func entry(_ index: UInt64, term: UInt64 = 1, bytes: Int = 100) -> Entry {
    let payload = (0..<bytes).map { UInt8(truncatingIfNeeded: UInt64($0) &* 31 &+ index &+ term) }
    return Entry(term: Term(term), index: LogIndex(index), kind: .command, payload: payload)
}

func entries(_ range: ClosedRange<UInt64>, term: UInt64 = 1, bytes: Int = 100) -> [Entry] {
    range.map { entry($0, term: term, bytes: bytes) }
}

func hardState(_ term: UInt64, vote: UInt64? = nil, commit: UInt64 = 0) -> HardState {
    HardState(term: Term(term), vote: vote.map { NodeID($0) }, commit: LogIndex(commit))
}

/// The encoded membership of tests, different at every index.
func membership(_ index: UInt64) -> [UInt8] {
    (0..<20).map { UInt8(truncatingIfNeeded: index &* 7 &+ $0) }
}

extension LogStorage {
    /// Compacts with a membership that is a function of the base, so that a wrong one is noticed.
    func compact(through index: LogIndex) throws {
        guard index >= self.first else { return }
        let term =
            index == self.last.index
            ? self.last.term : try self.read(from: index, through: index, bytesMax: 0)[0].term
        try self.compact(
            to: LogPosition(term: term, index: index),
            membership: membership(index.rawValue)
        )
    }

    /// Every entry that the log holds, read from disk.
    func everything() throws -> [Entry] {
        guard self.first <= self.last.index else { return [] }
        var found: [Entry] = []
        var next = self.first
        while next <= self.last.index {
            found += try self.read(from: next, through: self.last.index, bytesMax: 2_000)
            next = self.first.advanced(by: found.count)
        }
        return found
    }
}

/// The first segment of the log in `folder`.
let firstSegment = folder + "/0000000000000001.log"

/// A seeded source of choices (SplitMix64).
struct Choices: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { self.state = seed }

    mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = self.state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

/// What a log must hold: the model that storage is compared with.
struct LogModel: Equatable {
    struct KnownMembership: Equatable {
        var index: LogIndex
        var payload: [UInt8]
    }

    var hardState = HardState()
    var base = LogPosition.zero
    var entries: [Entry] = []
    var memberships: [KnownMembership] = []

    var last: LogPosition {
        self.entries.last.map { LogPosition(term: $0.term, index: $0.index) } ?? self.base
    }

    mutating func append(hardState: HardState?, entries: [Entry]) {
        if let hardState { self.hardState = hardState }
        guard let first = entries.first else { return }
        self.entries.removeAll { $0.index >= first.index }
        self.entries += entries
        self.memberships.removeAll { $0.index >= first.index }
        self.memberships += entries.filter { $0.kind == .configuration }
            .map { KnownMembership(index: $0.index, payload: $0.payload) }
    }

    /// Moves the base, as far as it is a later one.
    mutating func rebase(_ base: LogPosition) {
        guard base.index > self.base.index else { return }
        let isHeld =
            base == self.last
            || self.entries.contains { $0.index == base.index && $0.term == base.term }
        self.base = base
        self.entries.removeAll { !isHeld || $0.index <= base.index }
        self.memberships.removeAll { !isHeld || $0.index <= base.index }
        let there = KnownMembership(index: base.index, payload: membership(base.index.rawValue))
        self.memberships.insert(there, at: 0)
    }
}

/// What a log holds, as a model; everything about it that can be asked is asked.
func model<Files: FileSystem>(of log: LogStorage<Files>) throws -> LogModel {
    let found = LogModel(
        hardState: log.hardState,
        base: log.base,
        entries: try log.everything(),
        memberships: log.memberships.map {
            LogModel.KnownMembership(index: $0.index, payload: $0.payload)
        }
    )
    guard found.last == log.last, log.first == log.base.index.next,
        found.entries.first.map({ $0.index == log.first }) ?? true
    else { throw StorageError(code: .corrupt, message: "the log contradicts itself") }
    return found
}

/// A configuration entry whose payload is a function of its position.
func configuration(_ index: UInt64, term: UInt64 = 1) -> Entry {
    Entry(
        term: Term(term),
        index: LogIndex(index),
        kind: .configuration,
        payload: membership(index * 100 + term)
    )
}

func position(_ term: UInt64, _ index: UInt64) -> LogPosition {
    LogPosition(term: Term(term), index: LogIndex(index))
}

/// One call, which a crash or a fault may interrupt, and what it does to the model.
enum LogStep {
    case append(HardState?, [Entry])
    case prepare
    case compact(LogPosition)
    case install(LogPosition)

    var isRebase: Bool {
        switch self {
        case .compact, .install: true
        case .append, .prepare: false
        }
    }

    func run(on log: SimulatedLog) throws(StorageError) {
        switch self {
        case .append(let state, let some): try log.append(hardState: state, entries: some)
        case .prepare: try log.prepareNextSegment()
        case .compact(let base):
            try log.compact(to: base, membership: membership(base.index.rawValue))
        case .install(let base):
            try log.install(base: base, membership: membership(base.index.rawValue))
        }
    }

    func run(on model: inout LogModel) {
        switch self {
        case .append(let state, let some): model.append(hardState: state, entries: some)
        case .prepare: break
        case .compact(let base), .install(let base): model.rebase(base)
        }
    }

    /// Crosses segments, replaces suffixes across them, changes memberships, compacts in the middle,
    /// at the end and behind it, installs over every kind of log, needs a large segment.
    static let script: [LogStep] = [
        .append(hardState(1, vote: 1), []),
        .append(nil, entries(1...9) + [configuration(10)]),
        .append(hardState(1, vote: 1, commit: 8), entries(11...30)),
        .prepare,
        .append(nil, entries(31...40) + [configuration(41)] + entries(42...50)),
        .append(hardState(2, vote: 2), entries(25...26, term: 2) + [configuration(27, term: 2)]),
        .append(nil, entries(28...60, term: 2)),
        .compact(position(1, 12)),
        .append(nil, entries(61...61, term: 2, bytes: 9_000)),
        .compact(position(2, 30)),
        .append(hardState(3), entries(62...80, term: 3)),
        .compact(position(3, 80)),
        .append(hardState(4, vote: 3), entries(81...89, term: 4) + [configuration(90, term: 4)]),
        .install(position(5, 85)),
        .append(nil, entries(86...105, term: 5)),
        .prepare,
        .append(nil, entries(106...125, term: 5)),
        .install(position(5, 110)),
        .install(position(6, 200)),
        .install(position(6, 230)),
        .append(hardState(7, vote: 2), entries(231...270, term: 7)),
        .compact(position(7, 260)),
    ]
}

/// Runs `body` and returns the storage error that it threw.
func storageError(_ body: () throws -> Void) -> StorageError? {
    do {
        try body()
        return nil
    } catch {
        return error as? StorageError
    }
}
