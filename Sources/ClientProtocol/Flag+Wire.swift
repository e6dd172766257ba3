internal import CMessages
internal import Flags
internal import Wire

typealias RawFlag = Bandera__Flags__V1__Flag

extension Flag {
    /// Sets the fields of the C form.
    func fill(_ message: inout RawFlag, in arena: Arena) {
        message.key = arena.bytes(self.key.rawValue)
        message.name = arena.bytes(self.name)
        message.description = arena.bytes(self.description)
        message.enabled = self.enabled ? 1 : 0
        message.status = self.status.raw
        message.is_archived = self.isArchived ? 1 : 0
        message.rollout = self.rollout.thousandths
        message.audience = self.audience.build(in: arena)
        if let start = self.start {
            message.start_case = BANDERA__FLAGS__V1__FLAG__START_START_MS
            message.start_ms = start.milliseconds
        }
        if let end = self.end {
            message.end_case = BANDERA__FLAGS__V1__FLAG__END_END_MS
            message.end_ms = end.milliseconds
        }
        message.n_variations = self.variations.count
        message.variations = arena.variations(self.variations)
        message.on_variation = arena.bytes(self.onVariation)
        message.off_variation = arena.bytes(self.offVariation)
        message.salt = arena.bytes(self.salt)
        message.bucket_by = arena.bytes(self.bucketBy)
        message.created_at_ms = self.createdAt.milliseconds
        message.created_by = arena.bytes(self.createdBy)
        message.updated_at_ms = self.updatedAt.milliseconds
        message.updated_by = arena.bytes(self.updatedBy)
        message.revision = self.revision.rawValue
        message.created_revision = self.createdRevision.rawValue
        message.labels = self.labels.build(in: arena)
        message.targeting = self.targeting.build(in: arena)
        if let start = self.recordedStart {
            message.recorded_start_case = BANDERA__FLAGS__V1__FLAG__RECORDED_START_RECORDED_START_MS
            message.recorded_start_ms = start.milliseconds
        }
        if let end = self.recordedEnd {
            message.recorded_end_case = BANDERA__FLAGS__V1__FLAG__RECORDED_END_RECORDED_END_MS
            message.recorded_end_ms = end.milliseconds
        }
        message.release = self.release?.rawValue ?? 0
    }

    /// Makes the C form.
    func build(in arena: Arena) -> UnsafeMutablePointer<RawFlag> {
        arena.message(bandera__flags__v1__flag__init) { self.fill(&$0, in: arena) }
    }

    /// Reads and checks the C form.
    init(_ message: UnsafePointer<RawFlag>) throws(WireError) {
        let raw = message.pointee
        let hasStart = raw.start_case == BANDERA__FLAGS__V1__FLAG__START_START_MS
        let hasEnd = raw.end_case == BANDERA__FLAGS__V1__FLAG__END_END_MS
        let hasRecordedStart =
            raw.recorded_start_case == BANDERA__FLAGS__V1__FLAG__RECORDED_START_RECORDED_START_MS
        let hasRecordedEnd =
            raw.recorded_end_case == BANDERA__FLAGS__V1__FLAG__RECORDED_END_RECORDED_END_MS
        self.init(
            key: FlagKey(try raw.key.identifier("key")),
            name: try raw.name.text("name"),
            description: try raw.description.text("description"),
            enabled: raw.enabled != 0,
            status: try FlagStatus(raw.status),
            isArchived: raw.is_archived != 0,
            rollout: try RolloutPercentage(received: raw.rollout),
            audience: try Audience(raw.audience),
            start: hasStart ? Timestamp(milliseconds: raw.start_ms) : nil,
            end: hasEnd ? Timestamp(milliseconds: raw.end_ms) : nil,
            variations: try readVariations(raw.n_variations, raw.variations),
            onVariation: try raw.on_variation.identifier("on variation"),
            offVariation: try raw.off_variation.identifier("off variation"),
            salt: try raw.salt.identifier("salt"),
            bucketBy: try raw.bucket_by.identifier("bucket by"),
            createdAt: Timestamp(milliseconds: raw.created_at_ms),
            createdBy: try raw.created_by.identifier("created by"),
            updatedAt: Timestamp(milliseconds: raw.updated_at_ms),
            updatedBy: try raw.updated_by.identifier("updated by"),
            revision: Revision(raw.revision),
            createdRevision: Revision(raw.created_revision),
            labels: try FlagLabels(raw.labels),
            targeting: try Targeting(raw.targeting),
            recordedStart: hasRecordedStart
                ? Timestamp(milliseconds: raw.recorded_start_ms) : nil,
            recordedEnd: hasRecordedEnd ? Timestamp(milliseconds: raw.recorded_end_ms) : nil,
            release: raw.release == 0 ? nil : Revision(raw.release)
        )
    }
}

extension RolloutPercentage {
    /// Reads a percentage, 0 through 100,000 thousandths.
    init(received thousandths: UInt32) throws(WireError) {
        guard let rollout = RolloutPercentage(thousandths: thousandths) else {
            throw WireError(code: .outOfRange, message: "a rollout of \(thousandths)/100000")
        }
        self = rollout
    }
}

extension FlagStatus: WireEnum {
    /// The C form.
    var raw: Bandera__Flags__V1__FlagStatus {
        switch self {
        case .draft: BANDERA__FLAGS__V1__FLAG_STATUS__FLAG_STATUS_DRAFT
        case .active: BANDERA__FLAGS__V1__FLAG_STATUS__FLAG_STATUS_ACTIVE
        case .paused: BANDERA__FLAGS__V1__FLAG_STATUS__FLAG_STATUS_PAUSED
        case .completed: BANDERA__FLAGS__V1__FLAG_STATUS__FLAG_STATUS_COMPLETED
        case .rolledBack: BANDERA__FLAGS__V1__FLAG_STATUS__FLAG_STATUS_ROLLED_BACK
        }
    }
}
