internal import ClientProtocol
internal import FlagStore
internal import Flags
internal import Ledger
internal import NIOCore
internal import PeerProtocol
internal import Raft
internal import Replica
internal import Transport
internal import Wire

/// What is counted, and what comes of it.
extension ClientLoop {
    func serveUsage(_ asked: MethodCall, _ call: ServerCall, _ caller: Caller) {
        switch asked {
        case .reportUsage(let report):
            let dropped = self.surroundings.usage.report(report, self.store, now: Self.wallTime)
            call.answer(UsageReceipt(dropped: dropped))
        case .queryUsage(let query):
            self.whenApplied(query.atLeast, for: call) { self.queryUsage(call, query) }
        case .metrics(let request):
            self.whenApplied(request.atLeast, for: call) { self.metrics(call, request) }
        case .overview(var request):
            request.organization = caller.scope(request.organization) ?? ""
            self.whenApplied(request.atLeast, for: call) { [request] in
                self.ask(.overview(call, request)) { .nodes($0) }
            }
        default:
            preconditionFailure("\(asked) is not about usage")
        }
    }

    private func queryUsage(_ call: ServerCall, _ query: UsageQuery) {
        self.readRecords(call, of: query.environment.organization) {
            ledger,
            revision throws(Status) in
            let selection = UsageSelection(
                environment: query.environment,
                flag: query.flag,
                from: query.from,
                to: query.to,
                resolution: query.resolution,
                dimension: query.dimension,
                value: query.value
            )
            let page = try Status.reading { () throws(LedgerError) in
                try ledger.usage(selection)
            }
            return UsageQueryResponse(
                revision: page.revision,
                rows: page.rows,
                isCut: page.isCut
            )
        }
    }

    private func metrics(_ call: ServerCall, _ request: MetricsRequest) {
        guard self.store.hasEnvironment(request.environment) else {
            call.end(.noEnvironment(request.environment))
            return
        }
        guard request.flag.isEmpty else {
            let one = self.store.metrics(request.environment, FlagKey(request.flag))
            let metrics = one.map { [$0] } ?? []
            call.answer(MetricsResponse(revision: self.store.applied, metrics: metrics))
            return
        }
        let limit = NodeLimits.metricsPerAnswerMax
        let found = self.store.metrics(
            in: request.environment,
            after: request.after,
            limit: limit + 1
        )
        call.answer(
            MetricsResponse(
                revision: self.store.applied,
                metrics: Array(found.prefix(limit)),
                hasMore: found.count > limit
            )
        )
    }

    /// How everything is, of one organization or of all.
    func overview(_ request: OverviewRequest, nodes: [NodeView]) -> OverviewResponse {
        let organization = request.organization.isEmpty ? nil : request.organization
        let counted = self.store.overview(of: organization)
        let local = nodes.first { $0.member.id == self.surroundings.local.id }
        let commit = local?.vitals?.commit ?? .zero
        let uptime = NIODeadline.now() - self.surroundings.startedAt
        return OverviewResponse(
            revision: self.store.applied,
            activeFeatures: UInt64(counted.activeFeatures),
            pendingReleases: UInt64(counted.pendingReleases),
            rollbackAlerts: UInt64(counted.rollbackAlerts),
            healthyNodes: UInt64(nodes.count { self.health($0, commit: commit) == .healthy }),
            nodes: UInt64(nodes.count),
            companies: UInt64(counted.companies),
            users: counted.users,
            uptimeMilliseconds: UInt64(max(0, uptime.nanoseconds / 1_000_000)),
            // It is of the whole cluster: what other tenants do is nobody's business.
            droppedUsage: organization == nil ? self.store.dropped : 0
        )
    }
}
