internal import CMessages
internal import Flags
package import Wire

extension MetricsRequest: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(
            arena.message(bandera__v1__metrics_request__init) { message in
                message.environment = self.environment.build(in: arena)
                message.flag = arena.bytes(self.flag)
                message.at_least = self.atLeast.rawValue
                message.after = arena.bytes(self.after)
            }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> MetricsRequest {
        try arena.unpack(bytes, with: bandera__v1__metrics_request__unpack) {
            (pointer) throws(WireError) -> MetricsRequest in
            let raw = pointer.pointee
            return MetricsRequest(
                environment: try EnvironmentID(raw.environment),
                flag: try raw.flag.identifier("flag"),
                atLeast: Revision(raw.at_least),
                after: try raw.after.identifier("flag")
            )
        }
    }
}

extension MetricsResponse: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(
            arena.message(bandera__v1__metrics_response__init) { message in
                message.revision = self.revision.rawValue
                message.n_metrics = self.metrics.count
                message.metrics = arena.messages(
                    self.metrics,
                    bandera__flags__v1__feature_metrics__init
                ) {
                    $0.fill(&$1, in: arena)
                }
                message.has_more = self.hasMore ? 1 : 0
            }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> MetricsResponse {
        try arena.unpack(bytes, with: bandera__v1__metrics_response__unpack) {
            (pointer) throws(WireError) -> MetricsResponse in
            let raw = pointer.pointee
            return MetricsResponse(
                revision: Revision(raw.revision),
                metrics: try readMessages(
                    raw.n_metrics,
                    raw.metrics,
                    max: ClientProtocolLimits.flagsMax,
                    "metrics"
                ) { (message) throws(WireError) -> FeatureMetrics in try FeatureMetrics(message) },
                hasMore: raw.has_more != 0
            )
        }
    }
}

extension OverviewRequest: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(
            arena.message(bandera__v1__overview_request__init) { message in
                message.organization = arena.bytes(self.organization)
                message.at_least = self.atLeast.rawValue
            }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> OverviewRequest {
        try arena.unpack(bytes, with: bandera__v1__overview_request__unpack) {
            (pointer) throws(WireError) -> OverviewRequest in
            let raw = pointer.pointee
            return OverviewRequest(
                organization: try raw.organization.identifier("organization"),
                atLeast: Revision(raw.at_least)
            )
        }
    }
}

extension OverviewResponse: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(
            arena.message(bandera__v1__overview_response__init) { message in
                message.revision = self.revision.rawValue
                message.active_features = self.activeFeatures
                message.pending_releases = self.pendingReleases
                message.rollback_alerts = self.rollbackAlerts
                message.healthy_nodes = self.healthyNodes
                message.nodes = self.nodes
                message.companies = self.companies
                message.users = self.users
                message.uptime_ms = self.uptimeMilliseconds
                message.dropped_usage = self.droppedUsage
            }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> OverviewResponse {
        try arena.unpack(bytes, with: bandera__v1__overview_response__unpack) {
            (pointer) throws(WireError) -> OverviewResponse in
            let raw = pointer.pointee
            return OverviewResponse(
                revision: Revision(raw.revision),
                activeFeatures: raw.active_features,
                pendingReleases: raw.pending_releases,
                rollbackAlerts: raw.rollback_alerts,
                healthyNodes: raw.healthy_nodes,
                nodes: raw.nodes,
                companies: raw.companies,
                users: raw.users,
                uptimeMilliseconds: raw.uptime_ms,
                droppedUsage: raw.dropped_usage
            )
        }
    }
}

extension FeatureMetrics {
    fileprivate func fill(
        _ message: inout Bandera__Flags__V1__FeatureMetrics,
        in arena: Arena
    ) {
        message.flag = arena.bytes(self.flag.rawValue)
        message.usage_count = self.usageCount
        message.error_rate = self.errorRate
        message.performance_impact = self.performanceImpact
        message.adoption_rate = self.adoptionRate
        if let score = self.userFeedbackScore {
            message.score_case = BANDERA__FLAGS__V1__FEATURE_METRICS__SCORE_USER_FEEDBACK_SCORE
            message.user_feedback_score = score
        }
        message.users = self.users
        message.last_updated_ms = self.lastUpdated.milliseconds
    }

    fileprivate init(
        _ message: UnsafePointer<Bandera__Flags__V1__FeatureMetrics>
    ) throws(WireError) {
        let raw = message.pointee
        var score: Double?
        if raw.score_case == BANDERA__FLAGS__V1__FEATURE_METRICS__SCORE_USER_FEEDBACK_SCORE {
            score = try finite(raw.user_feedback_score, "score")
        }
        self.init(
            flag: FlagKey(try raw.flag.identifier("flag")),
            usageCount: raw.usage_count,
            errorRate: try finite(raw.error_rate, "error rate"),
            performanceImpact: try finite(raw.performance_impact, "performance impact"),
            adoptionRate: try finite(raw.adoption_rate, "adoption rate"),
            userFeedbackScore: score,
            users: raw.users,
            lastUpdated: Timestamp(milliseconds: raw.last_updated_ms)
        )
    }
}

private func finite(_ number: Double, _ field: String) throws(WireError) -> Double {
    guard number.isFinite else {
        throw WireError(code: .outOfRange, message: "\(field) is not finite")
    }
    return number
}
