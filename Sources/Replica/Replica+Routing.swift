internal import ClientProtocol
internal import FlagStore
internal import Flags
internal import PeerProtocol
package import Raft
internal import Wire

/// An evaluation that names a region other than this node's.
package struct RoutedCall: Sendable {
    package let call: CallID
    package let region: String
    /// A packed `EvaluateRequest`.
    package let body: [UInt8]
    package let timeoutMilliseconds: UInt32

    package init(call: CallID, region: String, body: [UInt8], timeoutMilliseconds: UInt32) {
        self.call = call
        self.region = region
        self.body = body
        self.timeoutMilliseconds = timeoutMilliseconds
    }
}

/// Who was asked to evaluate, and until when its answer is waited for.
struct RoutedTarget: Sendable {
    let node: NodeID
    let deadline: Tick
}

extension Replica {
    /// Sends an evaluation to the nearest node of a region: one hop, never more.
    ///
    /// Answered by `.routed`, or by `.routeUnavailable` when no such node can be reached.
    package mutating func route(_ request: RoutedCall, now: Tick) {
        guard self.routed.count < ReplicaLimits.routedCallsMax,
            let target = self.links.nearest(in: request.region)
        else {
            self.replies.append(Reply(call: request.call, result: .routeUnavailable))
            return
        }
        self.routed[request.call] = RoutedTarget(
            node: target,
            deadline: now + UInt64(request.timeoutMilliseconds)
        )
        self.outboxes.add(
            RoutedRequest(
                id: request.call.rawValue,
                timeoutMilliseconds: request.timeoutMilliseconds,
                body: request.body
            ),
            to: target
        )
    }

    /// Evaluates for another node, on what is applied here.
    mutating func answer(_ request: RoutedRequest, from peer: NodeID, wallTime: Timestamp) {
        let answer: RoutedAnswer
        do throws(WireError) {
            let evaluate = try EvaluateRequest.decode(request.body, using: self.arena)
            if evaluate.atLeast > self.store.applied {
                answer = RoutedAnswer(
                    id: request.id,
                    code: .unavailable,
                    message: "this node is at revision \(self.store.applied)"
                )
            } else {
                let response = EvaluateResponse(
                    evaluate,
                    in: self.store,
                    by: self.configuration.local,
                    now: wallTime,
                    routed: true
                )
                answer = RoutedAnswer(id: request.id, body: response.encode(using: self.arena))
            }
        } catch {
            answer = RoutedAnswer(
                id: request.id,
                code: .invalidArgument,
                message: error.message
            )
        }
        self.outboxes.add(answer, to: peer)
    }

    /// Another node evaluated for this one, or could not.
    mutating func complete(_ answer: RoutedAnswer, from peer: NodeID) {
        let call = CallID(answer.id)
        guard self.routed[call]?.node == peer else { return }
        self.routed[call] = nil
        self.replies.append(
            Reply(
                call: call,
                result: answer.code == .ok ? .routed(body: answer.body) : .routeUnavailable
            )
        )
    }

    /// The link is gone, and with it the answers: the callers evaluate here.
    mutating func failRouted(to peer: NodeID) {
        self.handBack { $0.node == peer }
    }

    /// Evaluations that took another node too long are made here.
    mutating func expireRouted(_ now: Tick) {
        self.handBack { $0.deadline <= now }
    }

    private mutating func handBack(_ isLost: (RoutedTarget) -> Bool) {
        for call in self.routed.filter({ isLost($0.value) }).keys.sorted() {
            self.routed[call] = nil
            self.replies.append(Reply(call: call, result: .routeUnavailable))
        }
    }
}
