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

    /// What a change of the cluster would come to.
    static func document(
        trialOf action: String,
        _ what: String,
        _ command: ClusterAction,
        isNew: Bool
    ) -> Document {
        Document(text: Texts.clusterTrial(action, what, isNew: isNew)) { json in
            json.beginObject()
            json.member("dry_run", true)
            json.member("action", action)
            self.write(command, to: &json)
            json.member("changes", isNew)
            json.endObject()
        }
    }

    /// Which nodes a change is about.
    private static func write(_ command: ClusterAction, to json: inout JSONWriter) {
        switch command {
        case .add(let member): json.member("id", member.id)
        case .promote(let id), .remove(let id): json.member("id", id)
        case .replace(let old, let new):
            json.member("id", new)
            json.member("replaces", old)
        case .transfer: break
        }
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
            self.write(command, to: &json)
            json.member("revision", response.revision.rawValue)
            json.name("leader")
            if let leader = response.leader { json.integer(leader) } else { json.null() }
            json.endObject()
        }
    }
}
