import FoundationEssentials
import GRDBSQLite
import Ledger
import Synchronization

/// What would be left of a ledger's files after a power loss.
///
/// SQLite's own file system with one more duty: after each sync of a file whose path contains
/// "power-loss", the file's bytes are kept as `….synced`, which is all that is certain to survive.
enum PowerLoss {
    private struct Table: @unchecked Sendable {
        // Written once, by `install`, before any of it is read.
        var original = sqlite3_vfs()
        var sync: (@convention(c) (UnsafeMutablePointer<sqlite3_file>?, Int32) -> Int32)?
        var paths: [UnsafeMutablePointer<sqlite3_file>: String] = [:]
    }
    private static let table = Mutex(Table())
    private static let installed: Void = {
        guard let base = sqlite3_vfs_find(nil) else { return }
        Self.table.withLock { $0.original = base.pointee }
        let own = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        own.initialize(to: base.pointee)
        own.pointee.zName = UnsafePointer(Self.name())
        own.pointee.pNext = nil
        own.pointee.xOpen = { PowerLoss.open($0, $1, $2, $3, $4) }
        sqlite3_vfs_register(own, 1)
    }()

    /// "power-loss" as C has it, for good.
    private static func name() -> UnsafeMutablePointer<CChar> {
        let text = "power-loss".utf8CString
        let name = UnsafeMutablePointer<CChar>.allocate(capacity: text.count)
        for index in text.indices { (name + index).initialize(to: text[index]) }
        return name
    }

    /// Call before the ledger is opened.
    static func install() { _ = self.installed }

    private static func open(
        _ vfs: UnsafeMutablePointer<sqlite3_vfs>?,
        _ name: UnsafePointer<CChar>?,
        _ file: UnsafeMutablePointer<sqlite3_file>?,
        _ flags: Int32,
        _ flagsOut: UnsafeMutablePointer<Int32>?
    ) -> Int32 {
        let open = Self.table.withLock { $0.original.xOpen }
        let outcome = open?(vfs, name, file, flags, flagsOut) ?? SQLITE_CANTOPEN
        guard outcome == SQLITE_OK, let name, let file else { return outcome }
        let path = String(cString: name)
        guard path.contains("power-loss"), let methods = file.pointee.pMethods else {
            return outcome
        }
        let own = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
        own.initialize(to: methods.pointee)
        own.pointee.xSync = { PowerLoss.sync($0, $1) }
        Self.table.withLock {
            $0.sync = methods.pointee.xSync
            $0.paths[file] = path
        }
        file.pointee.pMethods = UnsafePointer(own)
        return outcome
    }

    private static func sync(
        _ file: UnsafeMutablePointer<sqlite3_file>?,
        _ flags: Int32
    ) -> Int32 {
        let (sync, path) = Self.table.withLock {
            ($0.sync, file.flatMap { [paths = $0.paths] in paths[$0] })
        }
        let outcome = sync?(file, flags) ?? SQLITE_IOERR
        guard outcome == SQLITE_OK, let path else { return outcome }
        let bytes = FileManager.default.contents(atPath: path) ?? Data()
        try? bytes.write(to: URL(filePath: path + ".synced"))
        return outcome
    }
}
