/// What is said about changes, files and the history.
extension Texts {
    static let nothing = "nothing"

    static func olderRows(_ revision: String) -> String {
        "there is more: --before \(revision) shows what came before, --limit more at once"
    }

    static let nothingDiffers = "nothing differs"

    static func stale(_ action: String, _ kind: String, _ name: String, _ reason: String) -> String
    {
        "cannot \(action) \(kind) \(name): \(reason)"
    }

    static func nextStale(_ kind: String) -> String {
        "look at the \(kind) again, and repeat the command with the revision that it has now"
    }

    static func auditLine(
        revision: String,
        time: String,
        actor: String,
        action: String,
        changes: String,
        reason: String
    ) -> String {
        let what = changes.isEmpty ? "" : ": \(changes)"
        let why = reason.isEmpty ? "" : " (\(reason))"
        return "  revision \(revision), \(time), \(actor), \(action)\(what)\(why)"
    }

    static func dryRun(at revision: String) -> String {
        "dry run: nothing was changed; judged at revision \(revision)"
    }

    static func atRevision(_ revision: String) -> String { ", revision \(revision)" }

    static func applied(_ count: Int, isDryRun: Bool) -> String {
        switch (count, isDryRun) {
        case (0, _): "nothing to change: everything is as the file says"
        case (1, true): "1 change would be made"
        case (_, true): "\(count) changes would be made"
        case (1, false): "1 change was made"
        case (_, false): "\(count) changes were made"
        }
    }

    static func applyStopped(_ what: String, done: Int, of count: Int) -> String {
        "\(what); \(done) of \(count) changes had been made"
    }

    static let nextApplyStopped = "mend the cause and apply again: what is done is left alone"

    static func inFile(_ path: String, line: Int?, _ message: String) -> String {
        line.map { "\(path):\($0): \(message)" } ?? "\(path): \(message)"
    }

    static func notYAML(_ path: String, _ reason: String) -> String {
        "\(path) is not YAML: \(reason)"
    }

    static func fileTooLarge(_ path: String, line: Int?) -> String {
        Self.inFile(
            path,
            line: line,
            "the file is larger, deeper or of more values than can be read: divide it"
        )
    }

    static func badFileKey(_ path: String, line: Int?) -> String {
        Self.inFile(path, line: line, "a name must be a text")
    }

    static let noSuchFile = "there is no such file"
    static let notUTF8 = "it is not UTF-8"
    static let fileIsEmpty = "it is empty"
    static let listExpected = "a list is expected here"
    static let objectExpected = "an object with names is expected here"
    static let rulesExpected = "a list of rules is expected, or an object with 'rules' only"

    static func textExpected(_ name: String) -> String { "'\(name)' must be a text" }

    static func otherKey(_ found: String, _ wanted: String) -> String {
        "the segment's key is \(found), not \(wanted)"
    }

    static func unknownName(_ name: String, known: [String]) -> String {
        "'\(name)' is not known; a file may have: \(known.joined(separator: ", "))"
    }

    static func namedTwice(_ name: String) -> String { "\(name) is named twice" }

    static let noOrganizationInFile =
        "it names no organization, nor does the file at its top, nor --environment"
    static let noEnvironmentInFile =
        "it names no environment, nor does the file at its top, nor --environment"

    static let segments = "segments"
    static let prerequisites = "prerequisites"

    static func circle(_ what: String, _ names: [String]) -> String {
        "\(what) go in a circle: \(names.joined(separator: ", "))"
    }

    static func archivedFlag(_ key: String, _ environment: String) -> String {
        "flag \(key) in \(environment) is archived: its key cannot be used again"
    }

    static let historyRow = "a row of history"

    static func badExport(_ path: String, line: Int, _ reason: String) -> String {
        Self.inFile(path, line: line, "this is no row of an export: \(reason)")
    }

    static func historyVerdict(firstBad: UInt64?) -> String {
        firstBad.map { "altered at row \($0)" } ?? "intact"
    }

    static func historyAltered(organization: String, id: UInt64, node: UInt64?) -> String {
        let whose = organization.isEmpty ? "the platform" : "organization \(organization)"
        let place = node.map { " on node \($0)" } ?? ""
        return "the history of \(whose)\(place) was altered: row \(id), of revision \(id >> 3), "
            + "does not fit"
    }

    static let nextHistoryAltered =
        "keep a copy of the records for an inquiry; 'bandera cluster verify' says which nodes "
        + "differ, 'bandera help cluster replace' how to replace one"

    static func noAddress(_ text: String) -> String {
        "'\(text)' is not an address of a client port"
    }

    static func historyUnchecked(_ nodes: [UInt64]) -> String {
        "\(Self.nodes(nodes)) did not check; the histories of the others fit"
    }

    static func historyHeadsDiffer(_ organization: String) -> String {
        "the nodes' histories of organization \(organization) differ, though each fits in itself"
    }
}
