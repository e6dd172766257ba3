package import Flags

/// The data folder's files that belong to the ledger: who they are, and how one becomes another.
///
/// | name | what |
/// |---|---|
/// | `ledger.sqlite`, `-wal`, `-shm` | the ledger |
/// | `ledger.outgoing-…` | a copy that is being sent; with `.partial`, one being made |
/// | `ledger.incoming-…`, `.pieces` | a copy that is being received, and the list of its pieces |
/// | `ledger.install-…` | a received copy, complete and checked, that waits to be swapped in |
///
/// The received copy becomes the ledger in this order, and a crash leaves after each step:
///
/// 1. `finish`: the incoming file is synced, its checksum and then its rows are checked, and the
///    node's own id is written into it. A crash here leaves an incoming file, of which the pieces
///    that still verify are kept; the piece with the id does not, and is sent again.
/// 2. The file is synced once more, gets its waiting name, and the folder is synced. A crash leaves
///    the one name or the other, of a whole file; after the sync, the waiting one.
/// 3. The node makes the log's marker durable: the log now begins after the snapshot. A crash before
///    leaves a marker that does not match: `recover` removes the waiting file, and the old ledger
///    and the old log are both as they were. A crash after is what `recover` is for: the marker
///    matches, and it goes on with step 4.
/// 4. `swapIn`, with no ledger open: the old write-ahead log and its index are removed and the
///    folder is synced. This comes first, for SQLite would play a log that it finds into whatever
///    file has the name: a new ledger must never lie beside an old log. A crash leaves an old
///    ledger without its log, which may be no consistent database. Nobody opens it: `recover` runs
///    before `open`, the marker matches, and the step is done again.
/// 5. The waiting file is renamed over `ledger.sqlite`, and the folder is synced. A crash leaves
///    step 4's state or the new ledger, and in this case no waiting file, so that `recover` has
///    nothing to do.
///
/// That a waiting file matches the marker means that the log begins right after it: swapping it in
/// is right even if the old ledger is further, since the log holds everything since.
package struct LedgerFolder: Sendable {
    package static let partialSuffix = ".partial"
    static let incoming = "ledger.incoming-"
    static let install = "ledger.install-"
    static let outgoing = "ledger.outgoing-"

    let folder: String
    let identity: LedgerIdentity
    let limits: LedgerLimits
    let files: DiskFiles

    /// Speaks for the data folder `folder` of a node.
    ///
    /// `before` is for tests: it is told every step and may refuse it.
    package init(
        _ folder: String,
        identity: LedgerIdentity,
        limits: LedgerLimits = LedgerLimits(),
        before: (@Sendable (DiskStep) throws(LedgerError) -> Void)? = nil
    ) {
        self.folder = folder
        self.identity = identity
        self.limits = limits
        self.files = DiskFiles(before: before)
    }

    /// Where the ledger is.
    package var ledgerPath: String { self.folder + "/ledger.sqlite" }

    /// Opens the ledger; call `recover` first.
    package func open() throws(LedgerError) -> Ledger {
        try Ledger.open(path: self.ledgerPath, identity: self.identity, limits: self.limits)
    }

    // MARK: Sending

    /// Where to put the copy number `number`; the file is removed at the next start at the latest.
    package func outgoingPath(_ number: UInt64) -> String {
        "\(self.folder)/\(Self.outgoing)\(number)"
    }

    /// Removes a copy that nobody is sent any more.
    package func discardOutgoing(_ number: UInt64) throws(LedgerError) {
        try self.files.removeDatabase(self.outgoingPath(number))
    }

    // MARK: Receiving

    /// Begins an empty file for the snapshot `label`.
    ///
    /// What was received of any other is removed: there is at most one. `context` is kept beside the
    /// file for `resume`. Throws `diskFull` and `unavailable`: the node goes on without the snapshot.
    package func begin(
        _ label: SnapshotLabel,
        context: [UInt8]
    ) throws(LedgerError) -> IncomingSnapshot {
        guard label.bytes > 0, label.bytes <= self.limits.snapshotBytesMax,
            context.count <= self.limits.contextBytesMax
        else {
            throw LedgerError(
                .badCopy,
                "\(self.folder): a snapshot of \(label.bytes) bytes is offered, and "
                    + "1 through \(self.limits.snapshotBytesMax) are allowed"
            )
        }
        try self.discardIncoming()
        return try IncomingSnapshot.begin(
            label,
            context: context,
            path: self.incomingPath(label),
            files: self.files,
            limits: self.limits
        )
    }

    /// Goes on with what an earlier process had received, if there is anything.
    ///
    /// Reads and verifies all of it, about a second per gigabyte.
    package func resume() throws(LedgerError) -> IncomingSnapshot? {
        guard let label = try self.labels(Self.incoming).last,
            let incoming = try IncomingSnapshot.resume(
                label,
                path: self.incomingPath(label),
                files: self.files,
                limits: self.limits
            )
        else {
            try self.discardIncoming()
            return nil
        }
        return incoming
    }

    /// Removes what has been received of a snapshot; it makes room on a full disk.
    package func discardIncoming() throws(LedgerError) { try self.discardIncoming(except: nil) }

    /// Turns a completely received file into one that waits to be swapped in.
    ///
    /// Reads the file twice and checks it page by page, a second per gigabyte in memory, longer from a disk: call it
    /// where nobody waits. Throws `badCopy` for a file that is not what was promised: it is removed
    /// then, and no piece of it is used again. After any other error what was received stays.
    package func finish(_ incoming: IncomingSnapshot) throws(LedgerError) {
        let label = incoming.label
        do throws(LedgerError) {
            try incoming.verify()
            let received = ReceivedLedger(path: incoming.path, limits: self.limits)
            try received.check(identity: self.identity, applied: label.index)
            try self.files.before?(.write(incoming.path))
            try received.adopt(self.identity)
        } catch {
            if error.code == .badCopy { try self.discardIncoming() }
            throw error
        }
        try incoming.sync()
        try self.files.rename(incoming.path, to: self.installPath(label))
        try self.files.syncFolder(of: self.ledgerPath)
        try self.discardIncoming()
    }

    // MARK: Installing

    /// Snapshots that wait to be swapped in, oldest first.
    package func waiting() throws(LedgerError) -> [SnapshotLabel] {
        try self.labels(Self.install)
    }

    /// Removes what there is of a snapshot that Raft does not want, complete or not.
    ///
    /// Never one whose marker may be durable already.
    package func discard(
        index: Revision,
        term: UInt64,
        checksum: UInt64
    ) throws(LedgerError) {
        for prefix in [Self.install, Self.incoming] {
            for label in try self.labels(prefix)
            where label.index == index && label.term == term && label.checksum == checksum {
                let path = "\(self.folder)/\(prefix)\(label.name)"
                try self.files.removeDatabase(path)
                try self.files.remove(path + IncomingSnapshot.listSuffix)
            }
        }
    }

    /// Makes the waiting snapshot of `index` and `term` the ledger.
    ///
    /// Call it when the log's marker is durable and the ledger is closed. When it throws, the folder
    /// may be between two ledgers: stop the node; `recover` finishes at the next start.
    package func swapIn(index: Revision, term: UInt64) throws(LedgerError) {
        let due = try self.waiting().first { $0.index == index && $0.term == term }
        guard let due else {
            throw LedgerError(
                .unavailable,
                "\(self.folder) has no snapshot of revision \(index) and term \(term) to install"
            )
        }
        for suffix in ["-wal", "-shm", "-journal"] {
            try self.files.remove(self.ledgerPath + suffix)
        }
        try self.files.syncFolder(of: self.ledgerPath)
        try self.files.rename(self.installPath(due), to: self.ledgerPath)
        try self.files.syncFolder(of: self.ledgerPath)
    }

    /// Finishes or discards what a process that died had begun; call it before `open`.
    ///
    /// The marker is the position after which the log says that it begins. Answers whether a
    /// snapshot was swapped in now. An incoming file stays if it is newer than the marker: `resume`
    /// goes on with it.
    package func recover(
        markerIndex: Revision,
        markerTerm: UInt64
    ) throws(LedgerError) -> Bool {
        let isDue = { (label: SnapshotLabel) in
            label.index == markerIndex && label.term == markerTerm
        }
        let hasDue = try self.waiting().contains(where: isDue)
        if hasDue { try self.swapIn(index: markerIndex, term: markerTerm) }
        // The rest goes only now: until here, the files are as the crash left them.
        let newest = try self.labels(Self.incoming).last
        try self.discardIncoming(except: newest.flatMap { $0.index > markerIndex ? $0 : nil })
        for name in try self.files.list(self.folder)
        where name.hasPrefix(Self.install) || name.hasPrefix(Self.outgoing) {
            try self.files.remove(self.folder + "/" + name)
        }
        return hasDue
    }

    // MARK: Names

    func incomingPath(_ label: SnapshotLabel) -> String {
        "\(self.folder)/\(Self.incoming)\(label.name)"
    }

    func installPath(_ label: SnapshotLabel) -> String {
        "\(self.folder)/\(Self.install)\(label.name)"
    }

    /// Whose files begin with `prefix`, oldest first.
    private func labels(_ prefix: String) throws(LedgerError) -> [SnapshotLabel] {
        try self.files.list(self.folder)
            .filter { $0.hasPrefix(prefix) }
            .compactMap { SnapshotLabel(name: $0.dropFirst(prefix.count)) }
            .sorted { ($0.index, $0.term) < ($1.index, $1.term) }
    }

    private func discardIncoming(except kept: SnapshotLabel?) throws(LedgerError) {
        let keptName = kept.map { Self.incoming + $0.name }
        for name in try self.files.list(self.folder) where name.hasPrefix(Self.incoming) {
            if let keptName, name == keptName || name == keptName + IncomingSnapshot.listSuffix {
                continue
            }
            try self.files.remove(self.folder + "/" + name)
        }
    }
}
