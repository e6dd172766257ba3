internal import Flags
internal import HashTreeCollections

extension FlagStore {
    mutating func put(
        _ definition: SegmentDefinition,
        in environment: EnvironmentID,
        _ stamp: CommandStamp
    ) throws(Refusal) -> [Effect] {
        guard let count = self.places[environment]?.segments.count else {
            throw .noEnvironment(environment)
        }
        try Refusal.checking { () throws(FlagsError) in try definition.validate() }
        let key = definition.key
        let before = self.segment(environment, key)
        try Self.checkBase(
            stamp,
            "segment \(key)",
            changedAt: before?.revision,
            by: before?.updatedBy ?? "",
            at: before?.updatedAt
        )
        guard definition != before?.definition else { return [] }
        if self.isServed(segment: key, in: environment) {
            try stamp.authority.demand(.release, in: environment)
        }
        guard before != nil || count < FlagsLimits.segmentsPerEnvironmentMax else {
            throw .tooMany("segments of \(environment)", FlagsLimits.segmentsPerEnvironmentMax)
        }
        let place = self.places[environment]
        try Refusal.checking { () throws(FlagsError) in
            try definition.checkDependencies(
                { place?.segments[$0]?.segment.definition },
                users: { place?.segmentUsers.segments(using: $0) ?? [] }
            )
        }
        let after = Segment(
            definition: definition,
            createdAt: before?.createdAt ?? self.time,
            createdBy: before?.createdBy ?? stamp.actor,
            updatedAt: self.time,
            updatedBy: stamp.actor,
            revision: stamp.revision
        )
        self.places[environment]?.segments[key] = StoredSegment(
            compiled: CompiledSegment(after)
        )
        self.places[environment]?.segmentUsers.replace(
            before?.definition.segmentKeys ?? [],
            by: definition.segmentKeys,
            of: .segment(key)
        )
        let row = self.history(
            .segment,
            key,
            of: environment.organization,
            in: environment,
            from: before,
            to: after,
            stamp
        )
        return [.segment(environment, after), row]
    }

    mutating func removeSegment(
        _ key: String,
        in environment: EnvironmentID,
        _ stamp: CommandStamp
    ) throws(Refusal) -> [Effect] {
        guard self.hasEnvironment(environment) else { throw .noEnvironment(environment) }
        guard let before = self.segment(environment, key) else {
            throw .missing("segment \(key)", in: environment)
        }
        try Self.checkBase(
            stamp,
            "segment \(key)",
            changedAt: before.revision,
            by: before.updatedBy,
            at: before.updatedAt
        )
        if let user = self.places[environment]?.segmentUsers.firstUser(of: key) {
            throw Refusal(
                code: .invalid,
                message: "segment \(key) is named by the rules of \(user): change that first"
            )
        }
        self.places[environment]?.segments[key] = nil
        self.places[environment]?.segmentUsers.replace(
            before.definition.segmentKeys,
            by: [],
            of: .segment(key)
        )
        let row = self.history(
            .segment,
            key,
            of: environment.organization,
            in: environment,
            from: before,
            to: nil,
            stamp
        )
        let removed = Effect.segmentRemoved(environment, key: key, revision: stamp.revision)
        return [removed, row]
    }
}
