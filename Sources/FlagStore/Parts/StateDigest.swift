internal import Flags

/// A 64-bit digest (FNV-1a, finished as SplitMix64 does) fed with fields in a fixed order.
///
/// Every text carries its length, so that no two sequences of fields run together. It finds
/// divergence between honest nodes; it is no defence against an adversary.
struct StateDigest {
    private var state: UInt64 = 0xCBF2_9CE4_8422_2325

    /// The digest of everything fed so far.
    var value: UInt64 {
        var mixed = self.state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func feed(_ number: UInt64) {
        for shift in stride(from: UInt64(0), to: 64, by: 8) {
            self.feed(byte: UInt8(truncatingIfNeeded: number >> shift))
        }
    }

    mutating func feed(_ text: String) {
        self.feed(UInt64(text.utf8.count))
        for byte in text.utf8 { self.feed(byte: byte) }
    }

    mutating func feed(_ flag: Bool) { self.feed(byte: flag ? 1 : 0) }

    mutating func feed(_ revision: Revision) { self.feed(revision.rawValue) }

    mutating func feed(_ moment: Timestamp) {
        self.feed(UInt64(bitPattern: moment.milliseconds))
    }

    mutating func feed(_ moment: Timestamp?) {
        self.feed(moment != nil)
        if let moment { self.feed(moment) }
    }

    mutating func feed(_ texts: [String]) {
        self.feed(UInt64(texts.count))
        for text in texts { self.feed(text) }
    }

    private mutating func feed(byte: UInt8) {
        self.state = (self.state ^ UInt64(byte)) &* 0x100_0000_01B3
    }
}

extension StateDigest {
    mutating func feed(_ value: Value) {
        switch value {
        case .null:
            self.feed(byte: 0)
        case .bool(let bool):
            self.feed(byte: 1)
            self.feed(bool)
        case .number(let number):
            self.feed(byte: 2)
            self.feed(number.bitPattern)
        case .string(let text):
            self.feed(byte: 3)
            self.feed(text)
        case .array(let elements):
            self.feed(byte: 4)
            self.feed(UInt64(elements.count))
            for element in elements { self.feed(element) }
        case .object(let fields):
            self.feed(byte: 5)
            self.feed(UInt64(fields.count))
            for field in fields {
                self.feed(field.name)
                self.feed(field.value)
            }
        }
    }

    mutating func feed(_ flag: Flag) {
        for text in [
            flag.key.rawValue, flag.name, flag.description, flag.status.rawValue,
            flag.onVariation, flag.offVariation, flag.salt, flag.bucketBy,
            flag.createdBy, flag.updatedBy,
        ] {
            self.feed(text)
        }
        self.feed(flag.enabled)
        self.feed(flag.isArchived)
        self.feed(UInt64(flag.rollout.thousandths))
        self.feed(flag.audience.plans)
        self.feed(flag.audience.roles)
        self.feed(flag.audience.companies)
        self.feed(flag.audience.regions)
        self.feed(flag.start)
        self.feed(flag.end)
        self.feed(UInt64(flag.variations.count))
        for variation in flag.variations {
            self.feed(variation.name)
            self.feed(variation.value)
        }
        self.feed(flag.createdAt)
        self.feed(flag.updatedAt)
        self.feed(flag.revision)
        self.feed(flag.createdRevision)
        self.feed(flag.labels.document)
        self.feed(flag.targeting.isEmpty)
        if !flag.targeting.isEmpty { self.feed(flag.targeting.document) }
        self.feed(flag.recordedStart)
        self.feed(flag.recordedEnd)
        self.feed(flag.release ?? .zero)
    }

    mutating func feed(_ session: Session) {
        self.feed(session.id)
        self.feed(session.actor)
        self.feed(session.openedAt)
        self.feed(session.lastUsedAt)
        self.feed(session.lastUsed)
        self.feed(session.lastSequence)
        switch session.lastOutcome {
        case nil:
            self.feed(byte: 0)
        case .done(let revision):
            self.feed(byte: 1)
            self.feed(revision)
        case .refused(let refusal):
            self.feed(byte: 2)
            self.feed(refusal.code.rawValue)
            self.feed(refusal.message)
        }
    }
}
