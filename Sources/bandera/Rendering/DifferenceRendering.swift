internal import ClientProtocol
internal import Flags

/// What differs, as the program shows it.
enum DifferenceRendering {
    /// Objects that differ: a line each, and below it a line for each value.
    static func document(_ differences: [Difference]) -> Document {
        let text =
            differences.isEmpty
            ? Texts.nothingDiffers : differences.map(self.lines).joined(separator: "\n")
        return Document(text: text) { json in
            json.beginObject()
            json.members("changes", differences, each: self.write)
            json.endObject()
        }
    }

    /// An object and how it differs: `+` is new, `-` is gone, `~` is changed.
    static func lines(_ difference: Difference) -> String {
        let sign =
            difference.before == .null ? "+" : difference.after == .null ? "-" : "~"
        let heading = "\(sign) \(difference.kind) \(difference.subject)"
        guard difference.after != .null else { return heading }
        return ([heading] + difference.entries.flatMap(self.lines)).joined(separator: "\n")
    }

    /// What a change changed, in one line.
    static func sentence(_ before: Value, _ after: Value) -> String {
        Difference(kind: "", subject: "", before: before, after: after).entries.map { entry in
            entry.path.isEmpty ? "" : "\(entry.path) \(self.text(entry))"
        }.filter { !$0.isEmpty }.joined(separator: "; ")
    }

    /// What it is, and an array of what differs.
    static func write(_ difference: Difference, to json: inout JSONWriter) {
        json.beginObject()
        json.member("kind", difference.kind)
        json.member("subject", difference.subject)
        self.writeEntries(of: difference, to: &json)
        json.endObject()
    }

    static func writeEntries(of difference: Difference, to json: inout JSONWriter) {
        json.name("differences")
        json.documents(difference.entries)
    }

    private static func lines(_ entry: DocumentDiff.Entry) -> [String] {
        // A whole object that is new is told by its members.
        if entry.path.isEmpty, entry.before == .null, case .object(let fields) = entry.after {
            return fields.map { "    \($0.name): \(self.json($0.value))" }
        }
        return ["    \(entry.path): \(self.text(entry))"]
    }

    private static func text(_ entry: DocumentDiff.Entry) -> String {
        "\(self.json(entry.before)) -> \(self.json(entry.after))"
    }

    private static func json(_ value: Value) -> String {
        guard value != .null else { return Texts.nothing }
        var json = JSONWriter()
        json.value(value)
        return Table.printable(json.text)
    }
}

/// What a dry run says, as the program shows it.
enum PreviewRendering {
    /// What would change, and at which revision that was judged.
    static func document(_ response: WriteResponse) -> Document {
        let differences = response.previews.map { Difference($0) }
        let changes = DifferenceRendering.document(differences)
        let note = Texts.dryRun(at: response.revision.description)
        return Document(text: "\(changes.text)\n\(note)") { json in
            json.beginObject()
            json.member("dry_run", true)
            json.member("revision", response.revision.rawValue)
            json.members("changes", differences, each: DifferenceRendering.write)
            json.endObject()
        }
    }
}

/// What is applied, as the program shows it.
enum ApplyRendering {
    /// What will change, for people: it is shown before.
    static func changes(_ steps: [ApplyStep]) -> Document {
        let lines = steps.map { self.lines($0, at: nil).joined(separator: "\n") }
        return Document(text: lines.joined(separator: "\n")) { $0.null() }
    }

    private static func lines(_ step: ApplyStep, at revision: Revision?) -> [String] {
        let place = step.environment.map { " (\($0))" } ?? ""
        let note = revision.map { Texts.atRevision($0.description) } ?? ""
        let text = DifferenceRendering.lines(step.difference)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return ["\(lines[0])\(place)\(note)"] + lines.dropFirst().map(String.init)
    }

    /// The steps and the revisions that they ended with; `nil` for a dry run.
    ///
    /// For people, how they differ is told before it is done.
    static func document(_ steps: [ApplyStep], at revisions: [Revision]?) -> Document {
        var lines = steps.enumerated().map { index, step in
            let lines = self.lines(step, at: revisions?[index])
            return revisions == nil ? lines.joined(separator: "\n") : lines[0]
        }
        lines.append(Texts.applied(steps.count, isDryRun: revisions == nil))
        return Document(text: lines.joined(separator: "\n")) { json in
            json.beginObject()
            json.member("dry_run", revisions == nil)
            json.members("applied", Array(steps.enumerated())) { item, json in
                let step = item.element
                json.beginObject()
                json.member("action", step.action.rawValue)
                json.member("kind", step.difference.kind)
                json.name("environment")
                if let place = step.environment {
                    json.string(place.description)
                } else {
                    json.null()
                }
                json.member("subject", step.difference.subject)
                json.name("revision")
                if let revisions {
                    json.integer(revisions[item.offset].rawValue)
                } else {
                    json.null()
                }
                DifferenceRendering.writeEntries(of: step.difference, to: &json)
                json.endObject()
            }
            json.endObject()
        }
    }
}
