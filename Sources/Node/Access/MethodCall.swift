package import ClientProtocol
internal import Flags
package import Wire

/// A call of the client port with its request.
package enum MethodCall: Hashable, Sendable {
    case write(WriteRequest)
    case getFlag(GetFlagRequest)
    case listFlags(ListFlagsRequest)
    case segments(SegmentsRequest)
    case history(HistoryRequest)
    case audit(AuditRequest)
    case verifyHistory(VerifyHistoryRequest)
    case evaluate(EvaluateRequest)
    case watch(WatchRequest)
    case releases(ReleasesRequest)
    case alerts(AlertsRequest)
    case reportUsage(UsageReport)
    case queryUsage(UsageQuery)
    case metrics(MetricsRequest)
    case overview(OverviewRequest)
    case tenancy(TenancyRequest)
    case whoAmI
    case status
    case topology
    case administer(AdministerRequest)
    case stateHash(StateHashRequest)

    /// Reads the request of a method.
    package init(_ method: ClientMethod, _ body: [UInt8]) throws(Status) {
        do throws(WireError) {
            self = try Self.decode(method, body)
        } catch {
            throw Status(
                code: .invalidArgument,
                message: "the request cannot be read: \(error)"
            )
        }
    }

    private static func decode(
        _ method: ClientMethod,
        _ body: [UInt8]
    ) throws(WireError) -> MethodCall {
        switch method {
        case .write: .write(try WriteRequest.decode(body))
        case .getFlag: .getFlag(try GetFlagRequest.decode(body))
        case .listFlags: .listFlags(try ListFlagsRequest.decode(body))
        case .segments: .segments(try SegmentsRequest.decode(body))
        case .history: .history(try HistoryRequest.decode(body))
        case .audit: .audit(try AuditRequest.decode(body))
        case .verifyHistory: .verifyHistory(try VerifyHistoryRequest.decode(body))
        case .evaluate: .evaluate(try EvaluateRequest.decode(body))
        case .watch: .watch(try WatchRequest.decode(body))
        case .releases: .releases(try ReleasesRequest.decode(body))
        case .alerts: .alerts(try AlertsRequest.decode(body))
        case .reportUsage: .reportUsage(try UsageReport.decode(body))
        case .queryUsage: .queryUsage(try UsageQuery.decode(body))
        case .metrics: .metrics(try MetricsRequest.decode(body))
        case .overview: .overview(try OverviewRequest.decode(body))
        case .tenancy: .tenancy(try TenancyRequest.decode(body))
        case .administer: .administer(try AdministerRequest.decode(body))
        case .stateHash: .stateHash(try StateHashRequest.decode(body))
        // Nothing is asked but who asks.
        case .whoAmI: .whoAmI
        case .status: .status
        case .topology: .topology
        }
    }
}
