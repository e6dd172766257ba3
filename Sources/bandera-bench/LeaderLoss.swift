internal import ArgumentParser
internal import LocalCluster

/// How a cluster loses its leader.
enum LeaderLoss: String, ExpressibleByArgument, CaseIterable {
    /// SIGKILL: its connections close at once.
    case kill
    /// SIGSTOP: its connections stay open and nothing answers.
    case pause
    /// Nothing passes between it and the other nodes; clients still reach it.
    case cut
    /// It is asked to hand over leadership.
    case transfer

    /// All of them, for the help.
    static var names: String { Self.allCases.map(\.rawValue).joined(separator: ", ") }

    /// Whether clients lose their connections to the node, and have to open others.
    var closesConnections: Bool { self == .kill }

    /// Does it, at once and without waiting; a transfer is asked for by a client instead.
    func happen(to id: UInt64, of cluster: LocalCluster) throws {
        switch self {
        case .kill: try cluster.killNow(id)
        case .pause: try cluster.pause(id)
        case .cut: try cluster.isolate(id)
        case .transfer: break
        }
    }

    /// Makes the node a good one again.
    func undo(_ id: UInt64, of cluster: LocalCluster) async throws {
        switch self {
        case .kill: try await cluster.restart(id)
        case .pause: try cluster.resume(id)
        case .cut: try cluster.rejoin(id)
        case .transfer: break
        }
    }
}
