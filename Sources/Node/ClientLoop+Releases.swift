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
        call.answer(ReleasesResponse(revision: self.store.applied, releases: releases))
    }

    func alerts(_ call: ServerCall, _ request: AlertsRequest, _ caller: Caller) {
        let alerts = self.store.alerts(
            of: caller.scope(request.organization),
            includeAcknowledged: request.includeAcknowledged
        )
        call.answer(AlertsResponse(revision: self.store.applied, alerts: alerts))
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
}
