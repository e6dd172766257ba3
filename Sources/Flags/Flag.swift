/// A feature flag as it is stored, listed and pushed.
///
/// A value that shares its parts until it is changed: a flag passes through stores, outcomes,
/// pushes and records, and each copy costs one reference.
public struct Flag: Hashable, Sendable {
    /// What each part means is said where it is asked for.
    private struct Parts: Hashable, Sendable {
        var key: FlagKey
        var name: String
        var description: String
        var enabled: Bool
        var status: FlagStatus
        var isArchived: Bool
        var rollout: RolloutPercentage
        var audience: Audience
        var start: Timestamp?
        var end: Timestamp?
        var variations: [Variation]
        var onVariation: String
        var offVariation: String
        var salt: String
        var bucketBy: String
        var createdAt: Timestamp
        var createdBy: String
        var updatedAt: Timestamp
        var updatedBy: String
        var revision: Revision
        var createdRevision: Revision
        var labels: FlagLabels
        var targeting: Targeting
        var recordedStart: Timestamp?
        var recordedEnd: Timestamp?
        var release: Revision?
    }

    /// Parts that flags share.
    ///
    /// `@unchecked Sendable`: they are changed only while a single flag holds them.
    private final class Shared: @unchecked Sendable {
        var parts: Parts

        init(_ parts: Parts) { self.parts = parts }
    }

    private var shared: Shared

    /// Creates a flag from its parts, unchecked.
    public init(
        key: FlagKey,
        name: String,
        description: String,
        enabled: Bool,
        status: FlagStatus,
        isArchived: Bool,
        rollout: RolloutPercentage,
        audience: Audience,
        start: Timestamp?,
        end: Timestamp?,
        variations: [Variation],
        onVariation: String,
        offVariation: String,
        salt: String,
        bucketBy: String,
        createdAt: Timestamp,
        createdBy: String,
        updatedAt: Timestamp,
        updatedBy: String,
        revision: Revision,
        createdRevision: Revision,
        labels: FlagLabels = FlagLabels(),
        targeting: Targeting = Targeting(),
        recordedStart: Timestamp? = nil,
        recordedEnd: Timestamp? = nil,
        release: Revision? = nil
    ) {
        self.shared = Shared(
            Parts(
                key: key,
                name: name,
                description: description,
                enabled: enabled,
                status: status,
                isArchived: isArchived,
                rollout: rollout,
                audience: audience,
                start: start,
                end: end,
                variations: variations,
                onVariation: onVariation,
                offVariation: offVariation,
                salt: salt,
                bucketBy: bucketBy,
                createdAt: createdAt,
                createdBy: createdBy,
                updatedAt: updatedAt,
                updatedBy: updatedBy,
                revision: revision,
                createdRevision: createdRevision,
                labels: labels,
                targeting: targeting,
                recordedStart: recordedStart,
                recordedEnd: recordedEnd,
                release: release
            )
        )
    }

    /// Compares the parts, first those that change most often; flags that share theirs are equal
    /// at once.
    public static func == (lhs: Flag, rhs: Flag) -> Bool {
        lhs.shared === rhs.shared
            || lhs.revision == rhs.revision && lhs.variations == rhs.variations
                && lhs.rollout == rhs.rollout && lhs.shared.parts == rhs.shared.parts
    }

    /// Hashes the parts.
    public func hash(into hasher: inout Hasher) { self.shared.parts.hash(into: &hasher) }

    /// Takes the parts out of what other flags share.
    private mutating func makeUnique() {
        if !isKnownUniquelyReferenced(&self.shared) { self.shared = Shared(self.shared.parts) }
    }
}

extension Flag {
    /// Unique within the environment.
    public var key: FlagKey {
        get { self.shared.parts.key }
        set {
            self.makeUnique()
            self.shared.parts.key = newValue
        }
    }

    /// For people.
    public var name: String {
        get { self.shared.parts.name }
        set {
            self.makeUnique()
            self.shared.parts.name = newValue
        }
    }

    /// For people; may have several lines.
    public var description: String {
        get { self.shared.parts.description }
        set {
            self.makeUnique()
            self.shared.parts.description = newValue
        }
    }

    /// Whether the flag is switched on.
    public var enabled: Bool {
        get { self.shared.parts.enabled }
        set {
            self.makeUnique()
            self.shared.parts.enabled = newValue
        }
    }

    /// Where it stands in its life.
    public var status: FlagStatus {
        get { self.shared.parts.status }
        set {
            self.makeUnique()
            self.shared.parts.status = newValue
        }
    }

    /// Whether it is gone for everybody; its key stays taken.
    public var isArchived: Bool {
        get { self.shared.parts.isArchived }
        set {
            self.makeUnique()
            self.shared.parts.isArchived = newValue
        }
    }

    /// The share that gets `onVariation`.
    public var rollout: RolloutPercentage {
        get { self.shared.parts.rollout }
        set {
            self.makeUnique()
            self.shared.parts.rollout = newValue
        }
    }

    /// Who it is for.
    public var audience: Audience {
        get { self.shared.parts.audience }
        set {
            self.makeUnique()
            self.shared.parts.audience = newValue
        }
    }

    /// Inclusive; `nil` means "has always started".
    public var start: Timestamp? {
        get { self.shared.parts.start }
        set {
            self.makeUnique()
            self.shared.parts.start = newValue
        }
    }

    /// Exclusive; `nil` means "never ends".
    public var end: Timestamp? {
        get { self.shared.parts.end }
        set {
            self.makeUnique()
            self.shared.parts.end = newValue
        }
    }

    /// At least one, names unique.
    public var variations: [Variation] {
        get { self.shared.parts.variations }
        set {
            self.makeUnique()
            self.shared.parts.variations = newValue
        }
    }

    /// Names the variation that the rollout gives.
    public var onVariation: String {
        get { self.shared.parts.onVariation }
        set {
            self.makeUnique()
            self.shared.parts.onVariation = newValue
        }
    }

    /// Names the variation that everybody else gets.
    public var offVariation: String {
        get { self.shared.parts.offVariation }
        set {
            self.makeUnique()
            self.shared.parts.offVariation = newValue
        }
    }

    /// Hashed with the unit into a bucket: fixed at creation, so that raising a percentage never
    /// moves a user out.
    public var salt: String {
        get { self.shared.parts.salt }
        set {
            self.makeUnique()
            self.shared.parts.salt = newValue
        }
    }

    /// The context attribute that is bucketed by; `targetingKey` unless said otherwise.
    public var bucketBy: String {
        get { self.shared.parts.bucketBy }
        set {
            self.makeUnique()
            self.shared.parts.bucketBy = newValue
        }
    }

    /// When it was created.
    public var createdAt: Timestamp {
        get { self.shared.parts.createdAt }
        set {
            self.makeUnique()
            self.shared.parts.createdAt = newValue
        }
    }

    /// Who created it.
    public var createdBy: String {
        get { self.shared.parts.createdBy }
        set {
            self.makeUnique()
            self.shared.parts.createdBy = newValue
        }
    }

    /// When it was last changed.
    public var updatedAt: Timestamp {
        get { self.shared.parts.updatedAt }
        set {
            self.makeUnique()
            self.shared.parts.updatedAt = newValue
        }
    }

    /// Who changed it last.
    public var updatedBy: String {
        get { self.shared.parts.updatedBy }
        set {
            self.makeUnique()
            self.shared.parts.updatedBy = newValue
        }
    }

    /// The change that made the flag what it is now.
    public var revision: Revision {
        get { self.shared.parts.revision }
        set {
            self.makeUnique()
            self.shared.parts.revision = newValue
        }
    }

    /// The change that created it.
    public var createdRevision: Revision {
        get { self.shared.parts.createdRevision }
        set {
            self.makeUnique()
            self.shared.parts.createdRevision = newValue
        }
    }

    /// Tags, owner and schema.
    public var labels: FlagLabels {
        get { self.shared.parts.labels }
        set {
            self.makeUnique()
            self.shared.parts.labels = newValue
        }
    }

    /// Who gets what, beyond audience and rollout.
    public var targeting: Targeting {
        get { self.shared.parts.targeting }
        set {
            self.makeUnique()
            self.shared.parts.targeting = newValue
        }
    }

    /// The start whose coming the history has recorded; `nil` while there is none.
    public var recordedStart: Timestamp? {
        get { self.shared.parts.recordedStart }
        set {
            self.makeUnique()
            self.shared.parts.recordedStart = newValue
        }
    }

    /// The end whose coming the history has recorded; `nil` while there is none.
    public var recordedEnd: Timestamp? {
        get { self.shared.parts.recordedEnd }
        set {
            self.makeUnique()
            self.shared.parts.recordedEnd = newValue
        }
    }

    /// The release that runs it; `nil` while none does.
    public var release: Revision? {
        get { self.shared.parts.release }
        set {
            self.makeUnique()
            self.shared.parts.release = newValue
        }
    }
}
