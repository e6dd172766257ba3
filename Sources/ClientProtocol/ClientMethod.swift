/// The methods of the client port.
package enum ClientMethod: String, Hashable, Sendable, CaseIterable {
    /// ``WriteRequest`` → ``WriteResponse``.
    case write = "bandera.v1.Flags/Write"
    /// ``GetFlagRequest`` → ``GetFlagResponse``.
    case getFlag = "bandera.v1.Flags/Get"
    /// ``ListFlagsRequest`` → ``ListFlagsResponse``.
    case listFlags = "bandera.v1.Flags/List"
    /// ``HistoryRequest`` → ``HistoryResponse``.
    case history = "bandera.v1.Flags/History"
    /// ``EvaluateRequest`` → ``EvaluateResponse``.
    case evaluate = "bandera.v1.Flags/Evaluate"
    /// ``WatchRequest``, then ``WatchAcknowledgement``s ↔ ``WatchEvent``s.
    case watch = "bandera.v1.Flags/Watch"
    /// ``StatusRequest`` → ``StatusResponse``.
    case status = "bandera.v1.Cluster/Status"
    /// ``TopologyRequest`` → ``TopologyResponse``.
    case topology = "bandera.v1.Cluster/Topology"
    /// ``AdministerRequest`` → ``AdministerResponse``.
    case administer = "bandera.v1.Cluster/Administer"
    /// ``StateHashRequest`` → ``StateHashResponse``.
    case stateHash = "bandera.v1.Cluster/StateHash"
    /// ``TenancyRequest`` → ``TenancyResponse``.
    case tenancy = "bandera.v1.Tenancy/List"
    /// ``WhoAmIRequest`` → ``WhoAmIResponse``.
    case whoAmI = "bandera.v1.Tenancy/WhoAmI"
    /// ``SegmentsRequest`` → ``SegmentsResponse``.
    case segments = "bandera.v1.Flags/Segments"
    /// ``AuditRequest`` → ``AuditResponse``.
    case audit = "bandera.v1.Flags/Audit"
    /// ``VerifyHistoryRequest`` → ``VerifyHistoryResponse``.
    case verifyHistory = "bandera.v1.Flags/VerifyHistory"
    /// ``ReleasesRequest`` → ``ReleasesResponse``.
    case releases = "bandera.v1.Releases/List"
    /// ``AlertsRequest`` → ``AlertsResponse``.
    case alerts = "bandera.v1.Releases/Alerts"
    /// ``UsageReport`` → ``UsageReceipt``.
    case reportUsage = "bandera.v1.Usage/Report"
    /// ``UsageQuery`` → ``UsageQueryResponse``.
    case queryUsage = "bandera.v1.Usage/Query"
    /// ``MetricsRequest`` → ``MetricsResponse``.
    case metrics = "bandera.v1.Usage/Metrics"
    /// ``OverviewRequest`` → ``OverviewResponse``.
    case overview = "bandera.v1.Usage/Overview"
}
