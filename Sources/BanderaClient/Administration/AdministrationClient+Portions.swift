internal import ClientProtocol
internal import Flags
internal import Wire

/// Asks for what may be too much for one answer.
protocol PortionRequest: WireMessage, Sendable {
    associatedtype Place: Sendable
    /// What was there last; the beginning at first.
    var after: Place { get set }
    /// Answer once the node has applied this.
    var atLeast: Revision { get set }
}

/// One portion of an answer, or several that were joined.
protocol Portion: WireMessage, Sendable {
    associatedtype Place: Sendable
    /// As of when it is.
    var revision: Revision { get }
    /// What the next portion is asked for after; `nil` when there is none.
    var next: Place? { get }
    /// Takes in the portion that comes after.
    mutating func append(_ part: Self)
}

extension AdministrationClient {
    /// Asks for portion after portion, the later ones as `rest` says, and joins them.
    func portions<Request: PortionRequest, Answer: Portion>(
        _ method: ClientMethod,
        _ first: Request,
        rest: Request? = nil,
        as answer: Answer.Type
    ) async throws(BanderaError) -> Answer where Answer.Place == Request.Place {
        var all = try await self.call(method, first, as: Answer.self)
        var request = rest ?? first
        // Another node may answer the next part: it must not know less.
        request.atLeast = max(request.atLeast, all.revision)
        while let next = all.next {
            request.after = next
            let part = try await self.call(method, request, as: Answer.self)
            request.atLeast = max(request.atLeast, part.revision)
            all.append(part)
        }
        return all
    }
}

extension ListFlagsRequest: PortionRequest {}
extension SegmentsRequest: PortionRequest {}
extension ReleasesRequest: PortionRequest {}
extension AlertsRequest: PortionRequest {}

extension ListFlagsResponse: Portion {
    mutating func append(_ part: Self) {
        self.flags += part.flags
        self.hasMore = part.hasMore
    }
}

extension SegmentsResponse: Portion {
    mutating func append(_ part: Self) {
        self.segments += part.segments
        self.hasMore = part.hasMore
    }
}

extension ReleasesResponse: Portion {
    mutating func append(_ part: Self) {
        self.releases += part.releases
        self.hasMore = part.hasMore
    }
}

extension AlertsResponse: Portion {
    mutating func append(_ part: Self) {
        self.alerts += part.alerts
        self.hasMore = part.hasMore
    }
}
