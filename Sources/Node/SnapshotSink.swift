internal import Flags
internal import Ledger
internal import Logging
internal import PeerProtocol
internal import Raft
internal import Replica
internal import Wire

/// The thread that writes and checks the file of a snapshot that another node sends.
final class SnapshotSink: Sendable {
    enum Event: Sendable {
        case written(SnapshotName, through: UInt64, succeeded: Bool)
        case finished(SnapshotName, succeeded: Bool)
    }

    private let worker: SerialWorker<SnapshotStep>

    /// - Parameters:
    ///   - partial: what an earlier life of the process received.
    ///   - report: called on the thread.
    init(
        folder: LedgerFolder,
        partial: IncomingSnapshot?,
        logger: Logger,
        report: @escaping @Sendable (Event) -> Void
    ) {
        let writer = SnapshotWriter(
            folder: folder,
            partial: partial,
            logger: logger,
            report: report
        )
        self.worker = SerialWorker { steps in writer.perform(steps) }
    }

    func submit(_ step: SnapshotStep) { self.worker.submit(step) }

    func stop() async { await self.worker.stop() }
}

/// What runs on the thread.
///
/// `@unchecked Sendable`: made on one thread and from then on used only by the worker's, which
/// never runs it twice at once.
private final class SnapshotWriter: @unchecked Sendable {
    private let folder: LedgerFolder
    private let logger: Logger
    private let report: @Sendable (SnapshotSink.Event) -> Void
    private var incoming: IncomingSnapshot?

    init(
        folder: LedgerFolder,
        partial: IncomingSnapshot?,
        logger: Logger,
        report: @escaping @Sendable (SnapshotSink.Event) -> Void
    ) {
        self.folder = folder
        self.incoming = partial
        self.logger = logger
        self.report = report
    }

    func perform(_ steps: [SnapshotStep]) {
        for step in steps {
            switch step {
            case .begin(let descriptor):
                self.incoming = nil
                _ = self.attempt("begun") { () throws(LedgerError) in
                    self.incoming = try self.folder.begin(
                        SnapshotLabel(descriptor),
                        context: descriptor.packed
                    )
                }
            case .write(let name, let offset, let bytes):
                let succeeded = self.attempt("written") { () throws(LedgerError) in
                    try self.known(name).append(bytes.span, at: offset)
                }
                let end = offset + UInt64(bytes.count)
                self.report(.written(name, through: end, succeeded: succeeded))
            case .finish(let descriptor):
                let name = descriptor.name
                let succeeded = self.attempt("finished") { () throws(LedgerError) in
                    try self.folder.finish(try self.known(name))
                }
                self.incoming = nil
                self.report(.finished(name, succeeded: succeeded))
            case .discard(let name):
                if self.incoming?.label.isOf(name) == true { self.incoming = nil }
                _ = self.attempt("discarded") { () throws(LedgerError) in
                    try self.folder.discard(
                        index: Revision(name.position.index.rawValue),
                        term: name.position.term.rawValue,
                        checksum: name.checksum
                    )
                }
            }
        }
    }

    private func known(_ name: SnapshotName) throws(LedgerError) -> IncomingSnapshot {
        guard let incoming = self.incoming, incoming.label.isOf(name) else {
            throw LedgerError(.outOfOrder, "no snapshot of this name is being received")
        }
        return incoming
    }

    /// The node goes on without the snapshot: it is offered again.
    private func attempt(_ what: String, _ body: () throws(LedgerError) -> Void) -> Bool {
        do throws(LedgerError) {
            try body()
            return true
        } catch {
            self.logger.warning(
                "a snapshot from another node could not be kept",
                metadata: ["step": "\(what)", "error": "\(error)"]
            )
            return false
        }
    }
}

extension SnapshotLabel {
    init(_ descriptor: SnapshotDescriptor) {
        self.init(
            index: Revision(descriptor.name.position.index.rawValue),
            term: descriptor.name.position.term.rawValue,
            checksum: descriptor.name.checksum,
            bytes: descriptor.size
        )
    }

    /// Whether it is the copy of this name.
    func isOf(_ name: SnapshotName) -> Bool {
        self.index.rawValue == name.position.index.rawValue
            && self.term == name.position.term.rawValue && self.checksum == name.checksum
    }
}

extension SnapshotDescriptor {
    /// What is kept beside a file that is being received: the offer that it belongs to.
    var packed: [UInt8] {
        var batch = PeerBatch()
        batch.snapshotOffer = SnapshotOffer(descriptor: self, term: self.name.position.term)
        return batch.encode()
    }

    /// Reads what `packed` gave; `nil` for anything else.
    init?(packed: [UInt8]) {
        guard let batch = try? PeerBatch.decode(packed), let offer = batch.snapshotOffer else {
            return nil
        }
        self = offer.descriptor
    }
}
