internal import FoundationEssentials
internal import LocalCluster
internal import TLS

/// Measures push fan-out by raw sockets in C: `floor.c` as the server, `fanout.c` as the clients.
struct FanoutFloor {
    /// What `fanout` printed.
    struct Outcome {
        var lastMilliseconds: Double
        var microsecondsPerDelivery: Double
        var bytesPerSubscriber: Double
    }

    private static let compileLimit = Duration.seconds(120)
    private static let runLimit = Duration.seconds(600)
    private static let environment = ["PATH=/usr/local/bin:/usr/bin:/bin"]

    /// The folder with the two programs' sources.
    let folder: String

    func measure(
        subscribers: Int,
        changes: Int,
        intervalMs: Int
    ) async throws -> Outcome {
        let scratch = try ScratchFolder(under: "/tmp")
        defer { scratch.remove() }
        let path = scratch.path
        for program in ["floor", "fanout"] { try await self.compile(program, into: path) }
        let certificates = try ClusterCertificates(cluster: "floor", folder: path)
        try certificates.issue(.node(1), file: "n")
        let port = try LoopbackPorts.one()
        let credentials = [certificates.certificatePath("n"), certificates.keyPath("n")]
        let floor = try ChildProcess.spawn(
            "\(path)/floor",
            arguments: ["\(port)"] + credentials + [certificates.authorityPath],
            environment: Self.environment,
            name: "floor",
            output: "\(path)/floor.log",
            error: "\(path)/floor.log"
        )
        defer { floor.signal(9) }
        try await Patience.wait(.seconds(5), for: "the floor on port \(port)") {
            LoopbackPorts.isTaken(port) ? () : nil
        }
        let fanout = try ChildProcess.spawn(
            "\(path)/fanout",
            arguments: [
                "nats", "\(port)", "\(subscribers)", "\(changes)", "\(intervalMs)",
                certificates.authorityPath,
            ] + credentials + ["\(floor.pid)"],
            environment: Self.environment,
            name: "fanout",
            output: "\(path)/fanout.out",
            error: "\(path)/fanout.log"
        )
        defer { fanout.signal(9) }
        let exit = try await fanout.exit(within: Self.runLimit)
        let output = try String(contentsOfFile: "\(path)/fanout.out", encoding: .utf8)
        guard exit == .exited(0), let outcome = Self.parse(output) else {
            let log = (try? String(contentsOfFile: "\(path)/fanout.log", encoding: .utf8)) ?? ""
            throw BenchError("fanout ended with \(exit) and printed: \(output)\(log)")
        }
        return outcome
    }

    private func compile(_ program: String, into path: String) async throws {
        let compiler = try ChildProcess.spawn(
            "/usr/bin/cc",
            arguments: [
                "-O2", "-w", "\(self.folder)/\(program).c", "-lssl", "-lcrypto", "-o",
                "\(path)/\(program)",
            ],
            environment: Self.environment,
            name: "cc",
            output: "\(path)/cc.log",
            error: "\(path)/cc.log"
        )
        guard try await compiler.exit(within: Self.compileLimit) == .exited(0) else {
            let log = (try? String(contentsOfFile: "\(path)/cc.log", encoding: .utf8)) ?? ""
            throw BenchError("cannot compile \(self.folder)/\(program).c: \(log)")
        }
    }

    /// Reads "… last-subscriber median 56.1 ms … server: 10.4 us CPU per delivery, 23.6 KB …".
    static func parse(_ output: String) -> Outcome? {
        func number(after label: String) -> Double? {
            guard let range = output.firstRange(of: label) else { return nil }
            return Double(output[range.upperBound...].prefix { $0.isNumber || $0 == "." })
        }
        guard let last = number(after: "last-subscriber median "),
            let cost = number(after: "server: "),
            let memory = number(after: "us CPU per delivery, ")
        else { return nil }
        return Outcome(
            lastMilliseconds: last,
            microsecondsPerDelivery: cost,
            bytesPerSubscriber: memory * 1_024
        )
    }
}
