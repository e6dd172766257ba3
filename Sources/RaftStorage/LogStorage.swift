package import Raft

/// The durable Raft log of one node.
package final class LogStorage<Files: FileSystem> {
    /// What the log held when it was opened.
    package let recovered: Recovered

    init(recovered: Recovered) { self.recovered = recovered }

    package static func open(
        directory: String,
        identity: LogIdentity,
        files: Files,
        limits: RaftStorageLimits = RaftStorageLimits()
    ) throws(StorageError) -> LogStorage {
        fatalError("being written")
    }

    package var hardState: HardState { fatalError("being written") }
    package var first: LogIndex { fatalError("being written") }
    package var last: LogPosition { fatalError("being written") }
    package var bytesOnDisk: Int { fatalError("being written") }
    package var isPoisoned: Bool { fatalError("being written") }

    package func append(hardState: HardState?, entries: [Entry]) throws(StorageError) {
        fatalError("being written")
    }

    package func read(
        from: LogIndex,
        through: LogIndex,
        bytesMax: Int
    ) throws(StorageError) -> [Entry] {
        fatalError("being written")
    }

    /// Creates the next segment ahead of need. Call when the log thread is idle.
    package func prepareNextSegment() throws(StorageError) {
        fatalError("being written")
    }

    package func dropPrefix(through: LogIndex) throws(StorageError) {
        fatalError("being written")
    }

    package func close() {}
}
