internal import FlagStore
internal import Flags
internal import Ledger
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import PeerProtocol
internal import Raft
internal import RaftStorage
internal import Replica
internal import TLS
internal import Transport
internal import Wire

/// What the data folder holds, and who the node is by its certificate.
extension NodeStart {
    func recover() throws -> Recovery {
        let folder = self.configuration.data
        let files = PosixFileSystem()
        do throws(StorageError) {
            try files.createDirectory(folder)
        } catch {
            throw NodeError(
                .storage,
                "cannot make the data folder \(folder): \(error); make the folder above it, or "
                    + "correct \"data\" in the configuration"
            )
        }
        try self.checkContents(of: folder, files)
        let storage = try self.openLog(in: folder, files)
        do {
            let diskID = try DiskIdentity.find(in: folder, files)
            return try self.recover(storage, diskID: diskID)
        } catch let error as NodeError {
            storage.close()
            throw error
        } catch let error as LedgerError where error.code == .corrupted {
            storage.close()
            throw NodeError(
                .ledger,
                "\(error); if the other nodes are well: "
                    + NodeError.replacing(self.configuration.node)
            )
        } catch {
            storage.close()
            throw NodeError(.ledger, "\(error)")
        }
    }

    /// Refuses a folder in which this node cannot have run before, unless that is what is wanted.
    ///
    /// Two nodes of three that lost their disks would otherwise found the cluster anew, and outvote
    /// the one that still knows everything.
    private func checkContents(of folder: String, _ files: PosixFileSystem) throws(NodeError) {
        let contents: DiskIdentity.Contents
        do throws(StorageError) {
            contents = try DiskIdentity.contents(of: folder, files)
        } catch {
            throw NodeError(.storage, "\(error)")
        }
        switch contents {
        case .log:
            return
        case .nothing:
            guard !self.mayInitialize, !self.configuration.join else { return }
            throw NodeError(
                .storage,
                "the data folder \(folder) is empty; if the cluster is new, start each node once "
                    + "with --initialize; if this node has run before, "
                    + NodeError.replacing(self.configuration.node)
            )
        case .withoutLog:
            throw NodeError(
                .storage,
                "the data folder \(folder) has no log, although a node has run in it; if the other "
                    + "nodes are well: " + NodeError.replacing(self.configuration.node)
            )
        }
    }

    private func openLog(
        in folder: String,
        _ files: PosixFileSystem
    ) throws(NodeError) -> LogStorage<PosixFileSystem> {
        do throws(StorageError) {
            return try LogStorage.open(
                directory: "\(folder)/log",
                identity: LogIdentity(
                    cluster: self.configuration.cluster,
                    node: self.configuration.node
                ),
                files: files
            )
        } catch {
            guard error.code == .corrupt else { throw NodeError(.storage, "\(error)") }
            throw NodeError(
                .storage,
                "\(error); if the other nodes are well: "
                    + NodeError.replacing(self.configuration.node)
            )
        }
    }

    private func recover(
        _ storage: LogStorage<PosixFileSystem>,
        diskID: UInt64
    ) throws -> Recovery {
        let folder = LedgerFolder(
            self.configuration.data,
            identity: LedgerIdentity(
                cluster: self.configuration.cluster,
                node: self.configuration.node.rawValue
            )
        )
        let wasSwapped = try folder.recover(
            markerIndex: Revision(storage.base.index.rawValue),
            markerTerm: storage.base.term.rawValue
        )
        let incoming = try folder.resume()
        let partial = incoming.flatMap { incoming in
            SnapshotDescriptor(packed: incoming.context).map {
                PartialSnapshot(descriptor: $0, received: incoming.verifiedBytes)
            }
        }
        let ledger = try folder.open()
        do {
            let store = FlagStore(restoring: try ledger.load())
            let log = try self.restoredLog(storage, applied: store.applied)
            self.logger.notice(
                "data folder opened",
                metadata: [
                    "folder": "\(self.configuration.data)", "applied": "\(store.applied)",
                    "base": "\(storage.base)", "last": "\(storage.last)",
                    "torn_bytes_cut": "\(storage.recovered.tailCut)",
                    "snapshot_installed": "\(wasSwapped)",
                ]
            )
            return Recovery(
                storage: storage,
                folder: folder,
                ledger: ledger,
                store: store,
                log: log,
                diskID: diskID,
                incoming: partial == nil ? nil : incoming,
                partial: partial
            )
        } catch {
            try? ledger.close()
            throw error
        }
    }

    /// The log's end is read into memory: what the record store lacks must be applied again.
    func restoredLog(
        _ storage: LogStorage<PosixFileSystem>,
        applied: Revision
    ) throws -> RestoredLog {
        let lastKept = LogIndex(applied.rawValue)
        guard lastKept <= storage.last.index, lastKept >= storage.base.index else {
            throw NodeError(
                .storage,
                "the record store in \(self.configuration.data) holds revision \(applied), but the "
                    + "log holds what follows \(storage.base.index) through "
                    + "\(storage.last.index): one of them was lost or replaced; if the other nodes "
                    + "are well: " + NodeError.replacing(self.configuration.node)
            )
        }
        var tail: [Entry] = []
        // The applied entry itself belongs to it: a snapshot of just this state names its term.
        var next = max(lastKept, storage.first)
        while next <= storage.last.index {
            let entries = try storage.read(
                from: next,
                through: storage.last.index,
                bytesMax: NodeLimits.recoveryReadBytesMax
            )
            guard let last = entries.last else { break }
            tail.append(contentsOf: entries)
            next = last.index.next
        }
        return RestoredLog(
            hardState: storage.hardState,
            base: storage.base,
            memberships: try self.memberships(storage),
            first: storage.first,
            last: storage.last,
            tail: tail,
            applied: lastKept
        )
    }

    private func memberships(
        _ storage: LogStorage<PosixFileSystem>
    ) throws(NodeError) -> [Membership] {
        var memberships: [Membership] = []
        for stored in storage.memberships {
            guard let membership = Membership(decoding: stored.payload, index: stored.index) else {
                throw NodeError(
                    .storage,
                    "the log in \(self.configuration.data) says at \(stored.index) who belongs to "
                        + "the cluster, in a way this version cannot read: run the version that "
                        + "wrote it, or a later one"
                )
            }
            memberships.append(membership)
        }
        return memberships
    }

    func makeContexts() throws -> Contexts {
        let credentials = self.configuration.credentials
        let cluster = self.configuration.cluster
        func make(
            _ role: TLSConfiguration.Role,
            alpn: String,
            _ verification: TLSConfiguration.ClientVerification,
            _ peers: PeerPolicy
        ) throws -> TLSContext {
            do throws(TLSError) {
                return try TLSContext.make(
                    TLSConfiguration(
                        role: role,
                        alpn: alpn,
                        certificate: .file(credentials.certificate),
                        key: .file(credentials.key),
                        authority: .file(credentials.authority),
                        clientVerification: verification,
                        peers: peers
                    )
                )
            } catch {
                throw NodeError(.identity, "\(error)")
            }
        }
        let peerServer = try make(
            .server,
            alpn: NodeLimits.peerProtocol,
            .required,
            .anyNode(cluster: cluster)
        )
        let expected = PeerPolicy.node(self.configuration.node.rawValue, cluster: cluster)
        guard let identity = peerServer.identity, expected.accepts(identity) else {
            throw NodeError(
                .identity,
                "the certificate \(credentials.certificate) names "
                    + "\(peerServer.identity.map { "\($0)" } ?? "nobody"), but this is "
                    + "\(expected); issue one with `bandera certificates issue`"
            )
        }
        return Contexts(
            peerServer: peerServer,
            peerClient: try make(
                .client,
                alpn: NodeLimits.peerProtocol,
                .none,
                .anyNode(cluster: cluster)
            ),
            clientServer: try make(
                .server,
                alpn: NodeLimits.clientProtocol,
                .optional,
                .member(cluster: cluster)
            )
        )
    }
}
