/// What is said about the members of a cluster.
extension Texts {
    static let actionAdd = "add"
    static let actionPromote = "promote"
    static let actionRemove = "remove"
    static let actionReplace = "replace"
    static let actionTransfer = "transfer"

    static func node(_ id: UInt64) -> String { "node \(id)" }

    static func replacement(of old: UInt64, by new: UInt64) -> String {
        "node \(old) by node \(new)"
    }

    static let leadership = "leadership"

    static func leadership(to id: UInt64) -> String { "leadership to node \(id)" }

    static func sameNode(_ id: UInt64) -> String {
        "node \(id) cannot replace itself: the new node needs an id that was never used"
    }

    static func noMember(_ id: UInt64) -> String { "node \(id) does not belong to the cluster" }

    static func memberElsewhere(_ id: UInt64, _ address: String) -> String {
        "node \(id) is a member already, at \(address)"
    }

    static func lastVoter(_ id: UInt64) -> String {
        "node \(id) is the only voter: add and promote another first"
    }

    static func noLearner(_ id: UInt64) -> String {
        "node \(id) is not a learner: only a learner can take a node's place"
    }

    static func noVoter(_ id: UInt64) -> String {
        "node \(id) is a learner: only a voter can lead"
    }

    static func clusterTrial(_ action: String, _ what: String, isNew: Bool) -> String {
        isNew
            ? "dry run: nothing was changed; it would \(action) \(what), if the leader agrees"
            : "dry run: nothing was changed; there is nothing to change, it is so already"
    }

    static let emptyRegion = "--region must not be empty"

    static func clusterChanged(_ action: String, _ what: String, revision: String) -> String {
        "\(action) \(what): in effect since revision \(revision)"
    }

    static func leadershipMoved(to leader: UInt64) -> String { "node \(leader) leads" }

    static let nextClusterOutcomeUnknown =
        "the change may have been made: 'bandera cluster status' shows the members; "
        + "repeating the command does no harm"
    static let nextClusterNotFound = "'bandera cluster status' shows the nodes and their ids"

    static let verdictSame = "same"
    static let verdictDifferent = "different"
    static let verdictMissing = "no answer"

    static func nodes(_ ids: [UInt64]) -> String {
        ids.count == 1
            ? "node \(ids[0])" : "nodes " + ids.map(String.init).joined(separator: ", ")
    }

    static func recordsDiffer(_ ids: [UInt64], at revision: String) -> String {
        "the records of \(Self.nodes(ids)) differ at revision \(revision)"
    }

    static func nextRecordsDiffer(_ ids: [UInt64]) -> String {
        "stop \(Self.nodes(ids)) and keep the folder for an inquiry; then follow "
            + "'bandera help cluster replace'"
    }

    static let nextNoCommonRecords =
        "no majority holds the same: take no node out before the cause is known; keep a copy of "
        + "every data folder"

    static func recordsMissing(_ ids: [UInt64]) -> String {
        "\(Self.nodes(ids)) gave no digest; the others hold the same"
    }

    static let nextRecordsMissing =
        "start the node or mend its connection and verify again; if it is gone for good, "
        + "'bandera help cluster replace' says how to go on"
}
