internal import ClientProtocol
internal import FlagStore
internal import Flags
internal import Releases
internal import Transport
internal import Wire

/// Releases and alerts, as the replicated state has them.
extension ClientLoop {
    func releases(_ call: ServerCall, _ request: ReleasesRequest) {
        let releases = self.store.releases(
            in: request.environment,
            flag: request.flag.isEmpty ? nil : FlagKey(request.flag),
            includeFinished: request.includeFinished
        )
        guard let releases else {
            call.end(.noEnvironment(request.environment))
            return
        }
        let revision = self.store.applied
        let page = AnswerPage(
            releases.lazy.filter { request.after == .zero || $0.id < request.after },
            for: call
        ) { ReleasesResponse(revision: revision, releases: [$0]) }
        call.answer(
            ReleasesResponse(
                revision: revision,
                releases: page.elements,
                hasMore: page.hasMore
            )
        )
    }

    func alerts(_ call: ServerCall, _ request: AlertsRequest, _ caller: Caller) {
        let alerts = self.store.alerts(
            of: caller.scope(request.organization),
            includeAcknowledged: request.includeAcknowledged
        )
        let environment = caller.environment(request.environment)
        let revision = self.store.applied
        let page = AnswerPage(
            alerts.lazy.filter { alert in
                (request.after == .zero || alert.id < request.after)
                    && (environment.isEmpty || alert.environment.environment == environment)
            },
            for: call
        ) { AlertsResponse(revision: revision, alerts: [$0]) }
        call.answer(
            AlertsResponse(revision: revision, alerts: page.elements, hasMore: page.hasMore)
        )
    }
}

extension Caller {
    /// The only organization that a request is about; `nil` when it is about all.
    ///
    /// A request that names none is about all that the caller may see.
    func scope(_ named: String) -> String? {
        if !named.isEmpty { return named }
        return self.authority.organization.isEmpty ? nil : self.authority.organization
    }

    /// The only environment that a request is about; empty when it is about all.
    func environment(_ named: String) -> String {
        named.isEmpty ? self.authority.environment : named
    }
}
