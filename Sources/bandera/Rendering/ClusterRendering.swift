internal import ClientProtocol
internal import Flags

/// Nodes and evaluations as the program shows them.
enum ClusterRendering {
    /// The nodes, a row each.
    static func document(_ status: StatusResponse) -> Document {
        let table = Table(
            [
                .numbers(Texts.headingNode), .words(Texts.headingName),
                .words(Texts.headingRegion), .words(Texts.headingZone), .words(Texts.headingRole),
                .numbers(Texts.headingTerm), .numbers(Texts.headingCommit),
                .numbers(Texts.headingApplied), .words(Texts.headingHealth),
                .words(Texts.headingClients), .numbers(Texts.headingLastHeard),
            ],
            rows: status.nodes.map { node in
                [
                    String(node.id), node.name, node.region, node.zone, node.role.rawValue,
                    String(node.term), String(node.commit), String(node.applied),
                    node.health.rawValue, node.clientAddress,
                    Texts.milliseconds(node.lastHeardMilliseconds),
                ]
            }
        )
        return Document(table: table) { json in
            json.beginObject()
            json.member("cluster", status.cluster)
            json.name("leader")
            if let leader = status.leader { json.integer(leader) } else { json.null() }
            json.member("answered_by", status.answeredBy)
            json.member("log_appends", status.log.appends)
            json.member("log_entries", status.log.entries)
            json.members("nodes", status.nodes, each: self.write)
            json.endObject()
        }
    }

    private static func write(_ node: NodeStatus, to json: inout JSONWriter) {
        json.beginObject()
        json.member("id", node.id)
        json.member("name", node.name)
        json.member("region", node.region)
        json.member("zone", node.zone)
        json.member("role", node.role.rawValue)
        json.member("term", node.term)
        json.member("commit", node.commit)
        json.member("applied", node.applied)
        json.member("health", node.health.rawValue)
        json.member("client_address", node.clientAddress)
        json.member("peer_address", node.peerAddress)
        json.member("last_heard_ms", node.lastHeardMilliseconds)
        json.endObject()
    }

    /// What a change of the cluster came to.
    static func document(
        _ response: AdministerResponse,
        _ action: String,
        _ what: String,
        _ command: ClusterAction
    ) -> Document {
        let revision = response.revision.description
        var text = Texts.clusterChanged(action, what, revision: revision)
        if case .transfer = command, let leader = response.leader {
            text = Texts.leadershipMoved(to: leader)
        }
        return Document(text: text) { json in
            json.beginObject()
            json.member("action", action)
            switch command {
            case .add(let member): json.member("id", member.id)
            case .promote(let id), .remove(let id): json.member("id", id)
            case .replace(let old, let new):
                json.member("id", new)
                json.member("replaces", old)
            case .transfer: break
            }
            json.member("revision", response.revision.rawValue)
            json.name("leader")
            if let leader = response.leader { json.integer(leader) } else { json.null() }
            json.endObject()
        }
    }

    /// What a flag evaluated to, and who said so.
    static func document(
        _ response: EvaluateResponse,
        of key: FlagKey,
        in environment: EnvironmentID
    ) -> Document {
        let evaluation = response.evaluation
        var value = JSONWriter()
        if let found = evaluation.value { value.value(found) }
        let rows = [
            (Texts.headingKey, key.rawValue), (Texts.headingValue, value.text),
            (Texts.headingVariation, evaluation.variation ?? ""),
            (Texts.headingReason, evaluation.reason.rawValue),
            (Texts.headingError, evaluation.errorCode?.rawValue ?? ""),
            (Texts.headingRevision, response.revision.description),
            (
                Texts.headingServedBy,
                Texts.servedBy(
                    node: response.node,
                    region: response.region,
                    routed: response.routed
                )
            ),
        ]
        let table = Table(
            [.words(Texts.headingField), .words(Texts.headingValue)],
            rows: rows.filter { !$0.1.isEmpty }.map { [$0.0, $0.1] }
        )
        return Document(table: table) { json in
            json.beginObject()
            json.member("environment", environment.description)
            json.member("key", key.rawValue)
            json.name("value")
            if let found = evaluation.value { json.value(found) } else { json.null() }
            json.name("variant")
            if let variation = evaluation.variation { json.string(variation) } else { json.null() }
            json.member("reason", evaluation.reason.rawValue)
            json.name("error_code")
            if let code = evaluation.errorCode { json.string(code.rawValue) } else { json.null() }
            json.member("revision", response.revision.rawValue)
            json.member("node", response.node)
            json.member("region", response.region)
            json.member("routed", response.routed)
            json.endObject()
        }
    }
}
