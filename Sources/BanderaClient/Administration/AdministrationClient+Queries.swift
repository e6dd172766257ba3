package import ClientProtocol
package import Flags

/// What can be asked about segments, releases, history, usage and the caller.
extension AdministrationClient {
    /// Who the caller is, as the node sees it.
    package func whoAmI() async throws(BanderaError) -> WhoAmIResponse {
        try await self.call(.whoAmI, WhoAmIRequest(), as: WhoAmIResponse.self)
    }

    /// The segments of an environment, sorted by key, in as many portions as it takes.
    ///
    /// Each segment is at least as new as the answer's revision.
    package func segments(
        in environment: EnvironmentID,
        atLeast: Revision = .zero
    ) async throws(BanderaError) -> SegmentsResponse {
        let request = SegmentsRequest(environment: environment, atLeast: atLeast)
        return try await self.portions(.segments, request, as: SegmentsResponse.self)
    }

    /// Releases, newest first, in as many portions as it takes.
    package func releases(
        _ request: ReleasesRequest
    ) async throws(BanderaError) -> ReleasesResponse {
        try await self.portions(.releases, request, as: ReleasesResponse.self)
    }

    /// Alerts, newest first, in as many portions as it takes.
    package func alerts(_ request: AlertsRequest) async throws(BanderaError) -> AlertsResponse {
        try await self.portions(.alerts, request, as: AlertsResponse.self)
    }

    /// Rows of history as they are recorded and chained, oldest first, in portions.
    package func audit(_ request: AuditRequest) async throws(BanderaError) -> AuditResponse {
        try await self.call(.audit, request, as: AuditResponse.self)
    }

    /// Lets a node check the hash chain of an organization's history in its own records.
    package func verifyHistory(
        of organization: String,
        atLeast: Revision = .zero,
        through: Revision = .zero
    ) async throws(BanderaError) -> VerifyHistoryResponse {
        let request = VerifyHistoryRequest(
            organization: organization,
            atLeast: atLeast,
            through: through
        )
        return try await self.call(.verifyHistory, request, as: VerifyHistoryResponse.self)
    }

    /// Tells a node what was counted, as an SDK does.
    package func reportUsage(_ report: UsageReport) async throws(BanderaError) -> UsageReceipt {
        try await self.call(.reportUsage, report, as: UsageReceipt.self)
    }

    /// What was used when.
    package func usage(_ query: UsageQuery) async throws(BanderaError) -> UsageQueryResponse {
        try await self.call(.queryUsage, query, as: UsageQueryResponse.self)
    }

    /// How flags do; of all that there are, in as many portions as it takes.
    package func metrics(_ request: MetricsRequest) async throws(BanderaError) -> MetricsResponse {
        var request = request
        var answer = try await self.call(.metrics, request, as: MetricsResponse.self)
        while answer.hasMore, let last = answer.metrics.last {
            request.after = last.flag.rawValue
            let next = try await self.call(.metrics, request, as: MetricsResponse.self)
            answer.metrics += next.metrics
            answer.hasMore = next.hasMore && !next.metrics.isEmpty
        }
        return answer
    }

    /// How everything is.
    package func overview(
        _ request: OverviewRequest
    ) async throws(BanderaError) -> OverviewResponse {
        try await self.call(.overview, request, as: OverviewResponse.self)
    }
}
