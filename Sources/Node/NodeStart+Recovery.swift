internal import FlagStore
internal import Flags
internal import Ledger
internal import Logging
internal import NIOCore
internal import NIOPosix
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
        let storage: LogStorage<PosixFileSystem>
        do throws(StorageError) {
            storage = try LogStorage.open(
                directory: "\(folder)/log",
                identity: LogIdentity(
                    cluster: self.configuration.cluster,
                    node: self.configuration.node
                ),
                files: files
            )
        } catch {
            throw NodeError(.storage, "\(error)")
        }
        do {
            let ledger = try Ledger.open(
                path: "\(folder)/ledger.sqlite",
                identity: LedgerIdentity(
                    cluster: self.configuration.cluster,
                    node: self.configuration.node.rawValue
                )
            )
            let store = FlagStore(restoring: try ledger.load())
            let log = try self.restoredLog(storage, applied: store.applied)
            self.logger.notice(
                "data folder opened",
                metadata: [
                    "folder": "\(folder)", "applied": "\(store.applied)",
                    "last": "\(storage.last)", "torn_bytes_cut": "\(storage.recovered.tailCut)",
                ]
            )
            return Recovery(storage: storage, ledger: ledger, store: store, log: log)
        } catch let error as NodeError {
            storage.close()
            throw error
        } catch {
            storage.close()
            throw NodeError(.ledger, "\(error)")
        }
    }

    /// The log's end is read into memory: what the record store lacks must be applied again.
    func restoredLog(
        _ storage: LogStorage<PosixFileSystem>,
        applied: Revision
    ) throws -> RestoredLog {
        guard applied.rawValue <= storage.last.index.rawValue else {
            throw NodeError(
                .storage,
                "the record store in \(self.configuration.data) holds revision \(applied), but "
                    + "the log ends at \(storage.last.index): the log was lost or replaced; remove "
                    + "the folder and let this node join again under a new id"
            )
        }
        var tail: [Entry] = []
        var next = LogIndex(applied.rawValue + 1)
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
            first: storage.first,
            last: storage.last,
            tail: tail,
            applied: LogIndex(applied.rawValue)
        )
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
