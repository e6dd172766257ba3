/// How a call ended: gRPC's 17 codes, with gRPC's numbers.
package enum StatusCode: UInt32, Hashable, Sendable, CaseIterable {
    case ok = 0
    case cancelled = 1
    case unknown = 2
    case invalidArgument = 3
    case deadlineExceeded = 4
    case notFound = 5
    case alreadyExists = 6
    case permissionDenied = 7
    case resourceExhausted = 8
    case failedPrecondition = 9
    case aborted = 10
    case outOfRange = 11
    case unimplemented = 12
    case `internal` = 13
    case unavailable = 14
    case dataLoss = 15
    case unauthenticated = 16
}

/// What a program can do about an error.
package struct ErrorDetail: Hashable, Sendable {
    /// A stable word in upper case, for example `NOT_LEADER`; may be empty.
    package var reason: String
    /// When to try again at the earliest; 0 means that nothing is said.
    package var retryAfterMilliseconds: UInt32
    /// The id of the node that is believed to lead, 0 when unknown.
    package var leaderID: UInt64
    /// Where that node takes clients, empty when unknown.
    package var leaderAddress: String
    /// At most ``WireLimits/metadataFieldsMax``.
    package var metadata: [MetadataField]

    package init(
        reason: String,
        retryAfterMilliseconds: UInt32 = 0,
        leaderID: UInt64 = 0,
        leaderAddress: String = "",
        metadata: [MetadataField] = []
    ) {
        self.reason = reason
        self.retryAfterMilliseconds = retryAfterMilliseconds
        self.leaderID = leaderID
        self.leaderAddress = leaderAddress
        self.metadata = metadata
    }
}

/// The result of a call that is not a value: what every failed call throws.
package struct Status: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of result it is.
    package var code: StatusCode
    /// For people.
    package var message: String
    /// For programs.
    package var detail: ErrorDetail?

    package init(code: StatusCode, message: String = "", detail: ErrorDetail? = nil) {
        self.code = code
        self.message = message
        self.detail = detail
    }

    /// Success, with nothing to say.
    package static let ok = Status(code: .ok)

    package var description: String {
        self.message.isEmpty ? "\(self.code)" : "\(self.code): \(self.message)"
    }

    /// The status to answer with when a caller's bytes were refused.
    package init(refusing error: WireError) {
        let code: StatusCode = error.code == .tooLarge ? .resourceExhausted : .invalidArgument
        self.init(code: code, message: error.message)
    }
}
