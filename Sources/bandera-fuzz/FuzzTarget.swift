/// Something that takes any bytes: it returns, or it has a bug.
package struct FuzzTarget: Sendable {
    package let name: String
    /// How long an input may be.
    package let bytesMax: Int
    private let body: @Sendable ([UInt8]) -> Void

    init(_ name: String, bytesMax: Int = 4_096, _ body: @escaping @Sendable ([UInt8]) -> Void) {
        self.name = name
        self.bytesMax = bytesMax
        self.body = body
    }

    /// Tries an input; traps if it finds a bug.
    package func run(_ input: [UInt8]) {
        guard input.count <= self.bytesMax else { return }
        self.body(input)
    }

    /// Every target, in the order in which they are run.
    package static let all: [FuzzTarget] = [
        FuzzTarget("frame") { FrameFuzz.run($0) },
        FuzzTarget("wire-message") { MessageFuzz.run(MessageFuzz.wire, $0) },
        FuzzTarget("client-request") { MessageFuzz.run(MessageFuzz.requests, $0) },
        FuzzTarget("client-response") { MessageFuzz.run(MessageFuzz.responses, $0) },
        FuzzTarget("watch-event") { MessageFuzz.run(MessageFuzz.watches, $0) },
        FuzzTarget("peer-batch") { MessageFuzz.run(MessageFuzz.batches, $0) },
        FuzzTarget("log-command") { MessageFuzz.run(MessageFuzz.commands, $0) },
        FuzzTarget("directory") { MessageFuzz.run(MessageFuzz.directories, $0) },
        FuzzTarget("membership") { MembershipFuzz.run($0) },
        FuzzTarget("replica") { ReplicaFuzz.run($0) },
        FuzzTarget("log", bytesMax: 16 << 10) { LogFuzz.run($0) },
        FuzzTarget("snapshot", bytesMax: 64 << 10) { SnapshotFuzz.run($0) },
        FuzzTarget("history") { HistoryFuzz.run($0) },
    ]

    package static func named(_ name: String) -> FuzzTarget? {
        self.all.first { $0.name == name }
    }
}
