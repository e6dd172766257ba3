internal import Glibc

/// A process that this one starts and waits for.
struct Child {
    enum End: Equatable {
        case exited(Int32)
        case killed(signal: Int32)
        case outOfTime
    }

    private let process: pid_t

    /// Starts a program with its output in `output`, errors included; `nil` leaves it where it is.
    init?(_ arguments: [String], environment: [String] = [], output: String? = nil) {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        if let output {
            let flags = O_WRONLY | O_CREAT | O_TRUNC
            unsafe posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, flags, 0o644)
            unsafe posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)
        }
        let words = CStrings(arguments)
        let variables = CStrings(environment + CStrings.inherited)
        defer {
            words.free()
            variables.free()
        }
        guard let program = unsafe words.pointers[0] else { return nil }
        var process = pid_t()
        let result = unsafe posix_spawnp(
            &process,
            program,
            &actions,
            nil,
            words.pointers,
            variables.pointers
        )
        guard result == 0 else { return nil }
        self.process = process
    }

    /// Waits for the end, at most so long.
    func wait(secondsMax: Double) -> End {
        let start = ContinuousClock.now
        var status: Int32 = 0
        while unsafe waitpid(self.process, &status, WNOHANG) == 0 {
            if ContinuousClock.now - start > .seconds(secondsMax) {
                kill(self.process, SIGKILL)
                unsafe waitpid(self.process, &status, 0)
                return .outOfTime
            }
            usleep(MutantLimits.pollMicroseconds)
        }
        let signal = status & 0x7F
        return signal == 0 ? .exited((status >> 8) & 0xFF) : .killed(signal: signal)
    }
}

/// A list of C strings that ends with a null pointer.
@safe
private struct CStrings {
    let pointers: [UnsafeMutablePointer<CChar>?]

    init(_ texts: [String]) {
        unsafe self.pointers = texts.map { unsafe strdup($0) } + [nil]
    }

    func free() {
        for index in unsafe self.pointers.indices { unsafe Glibc.free(self.pointers[index]) }
    }

    /// This process's variables, but for those that the child gets values of its own for.
    static var inherited: [String] {
        var texts: [String] = []
        var next = unsafe environ
        while let text = unsafe next.pointee {
            unsafe texts.append(String(cString: text))
            unsafe next += 1
        }
        return texts.filter {
            !$0.hasPrefix(MutantLimits.variable + "=") && !$0.hasPrefix("SWIFT_BACKTRACE=")
        }
    }
}
