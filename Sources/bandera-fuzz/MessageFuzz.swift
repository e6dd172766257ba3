internal import ClientProtocol
internal import PeerProtocol
internal import Wire

/// The conversions from and to protobuf-c.
enum MessageFuzz {
    /// A message, and what is tried with its bytes.
    struct Check: Sendable {
        let message: String
        let run: @Sendable ([UInt8]) -> Void
    }

    static let wire: [Check] = [
        check(Settings.self), check(Request.self), check(End.self), check(Credit.self),
        check(Cancel.self), check(Goaway.self),
    ]
    static let requests: [Check] = [
        check(WriteRequest.self), check(EvaluateRequest.self), check(WatchRequest.self),
        check(WatchAcknowledgement.self), check(GetFlagRequest.self), check(ListFlagsRequest.self),
        check(HistoryRequest.self), check(TenancyRequest.self), check(TopologyRequest.self),
        check(StatusRequest.self), check(AdministerRequest.self), check(StateHashRequest.self),
        check(WhoAmIRequest.self), check(SegmentsRequest.self), check(AuditRequest.self),
        check(VerifyHistoryRequest.self), check(ReleasesRequest.self), check(AlertsRequest.self),
        check(UsageReport.self), check(UsageQuery.self), check(MetricsRequest.self),
        check(OverviewRequest.self),
    ]
    static let responses: [Check] = [
        check(WriteResponse.self), check(EvaluateResponse.self), check(GetFlagResponse.self),
        check(ListFlagsResponse.self), check(HistoryResponse.self), check(TenancyResponse.self),
        check(TopologyResponse.self), check(StatusResponse.self), check(AdministerResponse.self),
        check(StateHashResponse.self), check(WhoAmIResponse.self), check(SegmentsResponse.self),
        check(AuditResponse.self), check(VerifyHistoryResponse.self), check(ReleasesResponse.self),
        check(AlertsResponse.self), check(UsageReceipt.self), check(UsageQueryResponse.self),
        check(MetricsResponse.self), check(OverviewResponse.self),
    ]
    static let watches: [Check] = [check(WatchEvent.self)]
    static let batches: [Check] = [check(PeerBatch.self)]
    static let commands: [Check] = [check(LogCommand.self)]
    static let directories: [Check] = [check(Directory.self)]

    /// The first byte chooses the message where there are several; the rest is the message.
    static func run(_ checks: [Check], _ input: [UInt8]) {
        guard checks.count > 1 else { return checks[0].run(input) }
        guard let choice = input.first else { return }
        checks[Int(choice) % checks.count].run(Array(input.dropFirst()))
    }

    /// The input that makes `run` read a message.
    static func input<Message: WireMessage>(_ message: Message, of checks: [Check]) -> [UInt8] {
        guard let choice = checks.firstIndex(where: { $0.message == "\(Message.self)" }) else {
            preconditionFailure("\(Message.self) is not tried")
        }
        return (checks.count > 1 ? [UInt8(choice)] : []) + message.encode()
    }

    /// What is understood can be said again, and is then understood as the same.
    private static func check<Message: WireMessage & Equatable>(_ type: Message.Type) -> Check {
        Check(message: "\(type)") { bytes in
            guard let message = try? Message.decode(bytes) else { return }
            let again: Message
            do throws(WireError) {
                again = try Message.decode(message.encode())
            } catch {
                // The room to unpack goes by the size, and without what nobody knew it is smaller:
                // a flood of empty elements may not fit any more.
                guard error.code == .tooLarge else {
                    preconditionFailure("\(type) does not take what it wrote: \(error), \(message)")
                }
                return
            }
            // Numbers that are no numbers do not equal themselves.
            guard again == message || message != message else {
                preconditionFailure("\(type) reads \(again), wrote \(message)")
            }
        }
    }
}
