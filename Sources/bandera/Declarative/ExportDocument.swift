internal import Flags

/// What a cluster has as a file that can be applied.
enum ExportDocument {
    /// The file's document: everything of `state`, sorted; `environment` holds for what names none.
    static func value(_ state: CurrentState, environment: EnvironmentID) -> Value {
        let organizations = state.organizations.values.sorted { $0.id < $1.id }
        let environments = state.environments.values.sorted {
            $0.id.description < $1.id.description
        }
        let plans = state.plans.values.sorted { $0.id < $1.id }
        let companies = state.companies.values.sorted { $0.id < $1.id }
        let segments = state.segments.sorted { $0.key.description < $1.key.description }
            .flatMap { place, segments in
                segments.values.sorted { $0.key < $1.key }.map { segment in
                    self.placed(segment.definition.document, place, default: environment)
                }
            }
        let flags = state.flags.sorted { $0.key.description < $1.key.description }
            .flatMap { place, flags in
                flags.values.filter { !$0.isArchived }.sorted { $0.key.rawValue < $1.key.rawValue }
                    .map { flag in
                        self.placed(FlagDefinition(flag).document, place, default: environment)
                    }
            }
        let members: [(String, Value)] = [
            ("organization", .string(environment.organization)),
            ("environment", .string(environment.description)),
            ("organizations", .array(organizations.map { self.lasting($0.document) })),
            ("environments", .array(environments.map { self.lasting($0.document) })),
            ("plans", .array(plans.map { self.lasting($0.document) })),
            ("companies", .array(companies.map { self.lasting($0.document) })),
            ("segments", .array(segments)), ("flags", .array(flags)),
        ]
        return .object(
            members.filter { $0.1 != .array([]) }.map { Value.Field(name: $0.0, value: $0.1) }
        )
    }

    /// The document as YAML for people and as JSON for programs.
    static func document(_ value: Value) -> Document {
        var yaml = YAMLText.text(value)
        if yaml.last == "\n" { yaml.removeLast() }
        return Document(text: yaml) { $0.value(value) }
    }

    /// Without the revision, which is the cluster's own.
    private static func lasting(_ document: Value) -> Value {
        guard case .object(let fields) = document else { return document }
        return .object(fields.filter { $0.name != "revision" })
    }

    private static func placed(
        _ document: Value,
        _ place: EnvironmentID,
        default environment: EnvironmentID
    ) -> Value {
        guard place != environment, case .object(let fields) = document else { return document }
        let own = Value.Field(name: "environment", value: .string(place.description))
        return .object((fields + [own]).sorted { $0.name < $1.name })
    }
}
