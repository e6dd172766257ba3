internal import Flags

/// How a cluster becomes what a file says: what is needed comes before what needs it.
enum ApplyPlan {
    /// The steps; none when everything is so already.
    ///
    /// With `isPruning`, flags and segments of the file's environments that it does not name are
    /// archived and removed.
    static func steps(
        from current: CurrentState,
        to desired: DesiredState,
        isPruning: Bool
    ) throws(CommandFailure) -> [ApplyStep] {
        var steps = self.tenancy(from: current, to: desired)
        let segments = try self.ordered(
            desired.segments.map { ("\($0.environment)/\($0.definition.key)", $0) },
            Texts.segments
        ) { item in
            item.definition.rules.joined().segments.map { "\(item.environment)/\($0)" }
        }
        for item in segments {
            let known = current.segments[item.environment]?[item.definition.key]
            steps += self.segment(item, known)
        }
        let flags = try self.ordered(
            desired.flags.map { ("\($0.environment)/\($0.definition.key)", $0) },
            Texts.prerequisites
        ) { item in
            item.definition.targeting.prerequisites.map { "\(item.environment)/\($0.flag)" }
        }
        for item in flags {
            steps += try self.flag(item, current.flags[item.environment]?[item.definition.key])
        }
        return steps + (isPruning ? try self.pruning(current, desired) : [])
    }

    private static func tenancy(
        from current: CurrentState,
        to desired: DesiredState
    ) -> [ApplyStep] {
        var steps: [ApplyStep?] = []
        for var item in desired.organizations {
            let known = current.organizations[item.id]
            item.revision = known?.revision ?? .zero
            let command = Command.putOrganization(item)
            steps.append(
                self.step("organization", item.id, of: item.id, known, item, command, needs: [])
            )
        }
        for var item in desired.environments {
            let known = current.environments[item.id]
            item.revision = known?.revision ?? .zero
            let (name, owner) = (item.id.description, item.id.organization)
            let command = Command.putEnvironment(item)
            let needs = ["organization \(owner)"]
            steps.append(
                self.step("environment", name, of: owner, known, item, command, needs: needs)
            )
        }
        for var item in desired.plans {
            let known = current.plans["\(item.organization)/\(item.id)"]
            item.revision = known?.revision ?? .zero
            let (owner, command) = (item.organization, Command.putPlan(item))
            let needs = ["organization \(owner)"]
            steps.append(
                self.step("plan", item.id, of: owner, known, item, command, needs: needs)
            )
        }
        for var item in desired.companies {
            let known = current.companies["\(item.organization)/\(item.id)"]
            item.revision = known?.revision ?? .zero
            let (owner, command) = (item.organization, Command.putCompany(item))
            let needs = ["organization \(owner)", "plan \(owner)/\(item.plan)"]
            steps.append(
                self.step("company", item.id, of: owner, known, item, command, needs: needs)
            )
        }
        return steps.compactMap(\.self)
    }

    /// A step for something that one command makes what it is to be; `nil` when it is so already.
    private static func step<Item: Documented & Revised>(
        _ kind: String,
        _ subject: String,
        of organization: String,
        _ known: Item?,
        _ item: Item,
        _ command: Command,
        needs: [String]
    ) -> ApplyStep? {
        let difference = Difference(
            kind: kind,
            subject: subject,
            before: known?.document ?? .null,
            after: item.document
        )
        guard !difference.isEmpty else { return nil }
        return ApplyStep(
            known == nil ? .create : .update,
            difference,
            of: organization,
            basis: known?.revision ?? .zero,
            [command],
            needs: needs
        )
    }

    private static func segment(
        _ item: DesiredState.PlacedSegment,
        _ known: Segment?
    ) -> [ApplyStep] {
        let difference = Difference(
            kind: "segment",
            subject: item.definition.key,
            before: known?.definition.document ?? .null,
            after: item.definition.document
        )
        guard !difference.isEmpty else { return [] }
        return [
            ApplyStep(
                known == nil ? .create : .update,
                difference,
                of: item.environment.organization,
                in: item.environment,
                basis: known?.revision ?? .zero,
                [.putSegment(item.environment, item.definition)],
                needs: self.needs(of: item.definition, in: item.environment)
            )
        ]
    }

    private static func needs(
        of segment: SegmentDefinition,
        in place: EnvironmentID
    ) -> [String] {
        segment.rules.joined().segments.map { "segment \(place)/\($0)" } + self.needs(in: place)
    }

    /// Users before what they need, so the opposite of the order in which things are made.
    ///
    /// What goes needs that its users have gone.
    private static func pruning(
        _ current: CurrentState,
        _ desired: DesiredState
    ) throws(CommandFailure) -> [ApplyStep] {
        var steps: [ApplyStep] = []
        for place in desired.places {
            let flags = (current.flags[place] ?? [:]).values.filter { flag in
                !flag.isArchived
                    && !desired.flags.contains { item in
                        item.environment == place && item.definition.key == flag.key
                    }
            }.sorted { $0.key.rawValue < $1.key.rawValue }
            let ordered = try self.ordered(
                flags.map { ($0.key.rawValue, $0) },
                Texts.prerequisites
            ) { flag in
                flag.targeting.prerequisites.map(\.flag.rawValue)
            }
            let uses = flags.flatMap { user in
                user.targeting.prerequisites.map { ($0.flag, "flag \(place)/\(user.key)") }
            }
            let users = Dictionary(grouping: uses, by: \.0)
            for flag in ordered.reversed() {
                steps.append(
                    ApplyStep(
                        .archive,
                        Difference(
                            kind: "flag",
                            subject: flag.key.rawValue,
                            before: FlagDefinition(flag).document,
                            after: .null
                        ),
                        of: place.organization,
                        in: place,
                        basis: flag.revision,
                        [.archiveFlag(place, flag.key)],
                        needs: (users[flag.key] ?? []).map(\.1)
                    )
                )
            }
            steps += try self.segmentPruning(current, desired, in: place)
        }
        return steps
    }

    private static func segmentPruning(
        _ current: CurrentState,
        _ desired: DesiredState,
        in place: EnvironmentID
    ) throws(CommandFailure) -> [ApplyStep] {
        let known = (current.segments[place] ?? [:]).values
        let segments = known.filter { segment in
            !desired.segments.contains { item in
                item.environment == place && item.definition.key == segment.key
            }
        }.sorted { $0.key < $1.key }
        let ordered = try self.ordered(segments.map { ($0.key, $0) }, Texts.segments) { segment in
            segment.definition.rules.joined().segments
        }
        return ordered.reversed().map { segment in
            let users =
                known.filter { $0.definition.rules.joined().segments.contains(segment.key) }
                .map { "segment \(place)/\($0.key)" }
                + (current.flags[place] ?? [:]).values.filter { flag in
                    flag.targeting.rules.flatMap(\.clauses).segments.contains(segment.key)
                }.map { "flag \(place)/\($0.key)" }
            return ApplyStep(
                .remove,
                Difference(
                    kind: "segment",
                    subject: segment.key,
                    before: segment.definition.document,
                    after: .null
                ),
                of: place.organization,
                in: place,
                basis: segment.revision,
                [.removeSegment(place, key: segment.key)],
                needs: users.sorted()
            )
        }
    }

    /// The items so that each comes after those of them that it needs, and else as they are.
    static func ordered<Item>(
        _ items: [(name: String, item: Item)],
        _ what: String,
        needs: (Item) -> [String]
    ) throws(CommandFailure) -> [Item] {
        let places = Dictionary(
            items.enumerated().map { ($1.name, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        // How many unmet needs each has, and who waits for whom.
        var missing = [Int](repeating: 0, count: items.count)
        var waiting = [[Int]](repeating: [], count: items.count)
        for (index, item) in items.enumerated() {
            for need in Set(needs(item.item)).compactMap({ places[$0] }) {
                missing[index] += 1
                waiting[need].append(index)
            }
        }
        var ready = items.indices.filter { missing[$0] == 0 }
        var ordered: [Item] = []
        var next = 0
        while next < ready.count {
            let index = ready[next]
            next += 1
            ordered.append(items[index].item)
            for waiter in waiting[index] {
                missing[waiter] -= 1
                if missing[waiter] == 0 { ready.append(waiter) }
            }
        }
        guard ordered.count == items.count else {
            let circle = items.indices.filter { missing[$0] > 0 }.map { items[$0].name }
            throw .usage(Texts.circle(what, circle))
        }
        return ordered
    }
}

extension [ApplyStep] {
    /// The steps that a cluster can judge as it is: they need nothing that those before would make.
    var judgeable: [ApplyStep] {
        var touched: Set<String> = []
        return self.filter { step in
            defer { touched.insert(step.fullName) }
            return !step.needs.contains { touched.contains($0) }
        }
    }
}

/// What says which change made it what it is.
protocol Revised {
    var revision: Revision { get }
}

extension Organization: Revised {}
extension Environment: Revised {}
extension Plan: Revised {}
extension Company: Revised {}

extension Sequence where Element == Clause {
    /// The keys of the segments that clauses ask for.
    var segments: [String] {
        self.filter { $0.comparison == .segment }.flatMap(\.values).compactMap { value in
            if case .string(let key) = value { key } else { nil }
        }
    }
}
