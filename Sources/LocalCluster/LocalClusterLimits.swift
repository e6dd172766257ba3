/// The bounds of a cluster of processes on one machine: nothing waits or grows without one.
package enum LocalClusterLimits {
    /// Nodes of one cluster.
    package static let nodesMax = 9
    /// How often a start is repeated with other ports when one was taken in between.
    package static let startAttemptsMax = 3
    /// How often a port is drawn before the search for a free one is given up.
    package static let portDrawsMax = 500
    /// From starting the processes to an elected leader.
    package static let electionTimeout = Duration.seconds(30)
    /// From the restart of a node until it has applied what the others have.
    package static let catchUpTimeout = Duration.seconds(30)
    /// How long one node may take to say how it is.
    package static let statusTimeout = Duration.seconds(1)
    /// From asking for a change of the members until it is committed.
    package static let membershipTimeout = Duration.seconds(30)
    /// One attempt of that.
    static let administrationTimeout = Duration.seconds(3)
    /// From SIGTERM to the end of a process.
    package static let terminationTimeout = Duration.seconds(10)
    /// From SIGKILL to the end of a process.
    package static let killTimeout = Duration.seconds(5)
    /// Between two looks at something that is waited for.
    package static let pollInterval = Duration.milliseconds(5)
    /// What a cut link holds of one direction of one connection before it stops to read.
    package static let heldBytesMax = 1 << 20
    /// How much of a node's log is shown when something went wrong.
    package static let logTailBytes = 8 << 10
    /// How much of the output of a command is kept.
    package static let outputBytesMax = 4 << 20
}
