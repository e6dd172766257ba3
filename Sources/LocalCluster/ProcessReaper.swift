internal import FoundationEssentials
internal import Glibc
internal import Synchronization

/// Remembers every process and folder that is to be gone when this process ends.
package final class ProcessReaper: Sendable {
    /// The one of this process.
    package static let shared = ProcessReaper()

    private struct State {
        var pids: [Int32] = []
        var folders: [String] = []
    }

    private let state = Mutex(State())

    private init() {
        atexit { ProcessReaper.shared.reap() }
    }

    func add(pid: Int32) { self.state.withLock { $0.pids.append(pid) } }

    func remove(pid: Int32) { self.state.withLock { $0.pids.removeAll { $0 == pid } } }

    func add(folder: String) { self.state.withLock { $0.folders.append(folder) } }

    // Removed under the lock: two who remove one folder at once stop each other halfway.
    func remove(folder: String) {
        self.state.withLock { state in
            state.folders.removeAll { $0 == folder }
            try? FileManager.default.removeItem(atPath: folder)
        }
    }

    /// Kills every process and removes every folder, at once.
    ///
    /// For the end of this process, however it comes. Nobody else gets on with it meanwhile.
    package func reap() {
        self.state.withLock { state in
            for pid in state.pids {
                _ = kill(pid, SIGKILL)
                var status: Int32 = 0
                _ = unsafe waitpid(pid, &status, 0)
            }
            for folder in state.folders { try? FileManager.default.removeItem(atPath: folder) }
            state = State()
        }
    }
}
