internal import CMessages
internal import Flags
internal import Wire

extension FlagDefinition {
    /// Makes the C form.
    func build(in arena: Arena) -> UnsafeMutablePointer<Bandera__V1__FlagDefinition> {
        arena.message(bandera__v1__flag_definition__init) { message in
            message.key = arena.bytes(self.key.rawValue)
            message.name = arena.bytes(self.name)
            message.description = arena.bytes(self.description)
            message.enabled = self.enabled ? 1 : 0
            message.status = self.status.raw
            message.rollout = self.rollout.thousandths
            message.audience = self.audience.build(in: arena)
            if let start = self.start {
                message.start_case = BANDERA__V1__FLAG_DEFINITION__START_START_MS
                message.start_ms = start.milliseconds
            }
            if let end = self.end {
                message.end_case = BANDERA__V1__FLAG_DEFINITION__END_END_MS
                message.end_ms = end.milliseconds
            }
            message.n_variations = self.variations.count
            message.variations = arena.variations(self.variations)
            message.on_variation = arena.bytes(self.onVariation)
            message.off_variation = arena.bytes(self.offVariation)
            message.salt = arena.bytes(self.salt)
            message.bucket_by = arena.bytes(self.bucketBy)
            message.labels = self.labels.build(in: arena)
            message.targeting = self.targeting.build(in: arena)
        }
    }

    /// Reads and checks the C form.
    init(_ message: UnsafePointer<Bandera__V1__FlagDefinition>) throws(WireError) {
        let raw = message.pointee
        let hasStart = raw.start_case == BANDERA__V1__FLAG_DEFINITION__START_START_MS
        let hasEnd = raw.end_case == BANDERA__V1__FLAG_DEFINITION__END_END_MS
        self.init(
            key: FlagKey(try raw.key.identifier("key")),
            name: try raw.name.text("name"),
            description: try raw.description.text("description"),
            enabled: raw.enabled != 0,
            status: try FlagStatus(raw.status),
            rollout: try RolloutPercentage(received: raw.rollout),
            audience: try Audience(raw.audience),
            start: hasStart ? Timestamp(milliseconds: raw.start_ms) : nil,
            end: hasEnd ? Timestamp(milliseconds: raw.end_ms) : nil,
            variations: try readVariations(raw.n_variations, raw.variations),
            onVariation: try raw.on_variation.identifier("on variation"),
            offVariation: try raw.off_variation.identifier("off variation"),
            salt: try raw.salt.identifier("salt"),
            bucketBy: try raw.bucket_by.identifier("bucket by"),
            labels: try FlagLabels(raw.labels),
            targeting: try Targeting(raw.targeting)
        )
    }
}
