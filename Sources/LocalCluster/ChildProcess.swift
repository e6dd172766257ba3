internal import FoundationEssentials
internal import Glibc
internal import Synchronization

/// A process that this one started: its output goes to a file, its end can be waited for.
package final class ChildProcess: Sendable {
    /// How a process ended.
    package enum Exit: Sendable, Hashable {
        case exited(Int32)
        case signalled(Int32)
    }

    private struct State {
        var exit: Exit?
    }

    package let pid: Int32
    /// The process's name in messages.
    package let name: String
    private let state = Mutex(State())

    private init(adopting pid: Int32, name: String) {
        self.pid = pid
        self.name = name
    }

    /// Starts a program; what it writes is appended to the files named.
    package static func spawn(
        _ executable: String,
        arguments: [String],
        environment: [String],
        name: String,
        output: String,
        error: String
    ) throws(LocalClusterError) -> ChildProcess {
        var pid: pid_t = 0
        Self.keepFilesFromChildren()
        let failure = unsafe Self.withSpawnParts(output: output, error: error) {
            (actions, attributes) in
            unsafe Self.withCStrings([executable] + arguments) { arguments in
                unsafe Self.withCStrings(environment) { environment in
                    unsafe posix_spawn(
                        &pid,
                        executable,
                        actions,
                        attributes,
                        arguments,
                        environment
                    )
                }
            }
        }
        guard failure == 0 else {
            throw LocalClusterError(
                .process,
                "cannot start \(executable): \(Self.text(failure)); check the path"
            )
        }
        let child = ChildProcess(adopting: pid, name: name)
        ProcessReaper.shared.add(pid: pid)
        return child
    }

    /// Sends a signal; nothing happens to a process that has ended.
    package func signal(_ number: Int32) {
        self.state.withLock { state in
            // A process that was not waited for keeps its id, so no other can be hit.
            if state.exit == nil { _ = kill(self.pid, number) }
        }
    }

    /// How it ended, or `nil` while it runs.
    package var exit: Exit? {
        self.state.withLock { state in
            if let exit = state.exit { return exit }
            var status: Int32 = 0
            let waited = unsafe waitpid(self.pid, &status, WNOHANG)
            guard waited == self.pid || (waited < 0 && errno == ECHILD) else { return nil }
            let signal = status & 0x7f
            let exit: Exit = signal == 0 ? .exited((status >> 8) & 0xff) : .signalled(signal)
            state.exit = exit
            ProcessReaper.shared.remove(pid: self.pid)
            return exit
        }
    }

    /// Waits for the end of the process.
    package func exit(within limit: Duration) async throws(LocalClusterError) -> Exit {
        try await Patience.wait(limit, for: "the end of \(self.name) (process \(self.pid))") {
            self.exit
        }
    }
}

// MARK: - posix_spawn

extension ChildProcess {
    /// Files instead of the terminal, and a clean signal state: the parent's must not be inherited.
    private static func withSpawnParts(
        output: String,
        error: String,
        _ body: (
            UnsafePointer<posix_spawn_file_actions_t>, UnsafePointer<posix_spawnattr_t>
        ) -> Int32
    ) -> Int32 {
        var actions = unsafe posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawnattr_init(&attributes)
        defer {
            unsafe posix_spawn_file_actions_destroy(&actions)
            unsafe posix_spawnattr_destroy(&attributes)
        }
        let appending = O_WRONLY | O_CREAT | O_APPEND
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 1, output, appending, 0o644)
        unsafe posix_spawn_file_actions_addopen(&actions, 2, error, appending, 0o644)
        var none = sigset_t()
        unsafe sigemptyset(&none)
        var all = sigset_t()
        unsafe sigfillset(&all)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        unsafe posix_spawnattr_setflags(
            &attributes,
            Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF)
        )
        return unsafe body(&actions, &attributes)
    }

    /// Marks every open file to be closed in children: a socket of this process that a node held
    /// open would never be seen to close.
    private static func keepFilesFromChildren() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        for descriptor in names.compactMap({ Int32($0) }) where descriptor > STDERR_FILENO {
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        }
    }

    /// Calls `body` with a null-terminated array of C strings.
    private static func withCStrings(
        _ strings: [String],
        _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Int32
    ) -> Int32 {
        var copies = unsafe strings.map { unsafe strdup($0) }
        unsafe copies.append(nil)
        defer { for index in unsafe copies.indices { unsafe free(copies[index]) } }
        return unsafe copies.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return EINVAL }
            return unsafe body(base)
        }
    }

    /// What the operating system says about an error number.
    static func text(_ number: Int32) -> String {
        guard let text = unsafe strerror(number) else { return "error \(number)" }
        return unsafe String(cString: text)
    }
}
