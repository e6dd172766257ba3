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
    var hardState = HardState()
    var entries: [Entry] = []

    mutating func append(hardState: HardState?, entries: [Entry]) {
        if let hardState { self.hardState = hardState }
        guard let first = entries.first else { return }
        self.entries.removeAll { $0.index >= first.index }
        self.entries += entries
    }
}

/// What a log holds, as a model.
func model<Files: FileSystem>(of log: LogStorage<Files>) throws -> LogModel {
    LogModel(hardState: log.hardState, entries: try log.everything())
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
