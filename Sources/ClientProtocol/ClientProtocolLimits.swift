internal import Flags

/// Every bound of what clients and nodes say to each other.
///
/// These keep decoding cheap and bounded; what makes sense is judged by the state machine.
package enum ClientProtocolLimits {
    /// How many levels a value may have: its nested arrays and objects, and the innermost scalar.
    package static let valueDepthMax = FlagsLimits.valueDepthMax + 1
    /// How many elements an array, or fields an object, may have.
    package static let valueElementsMax = 1024
    /// How many levels a document may have: a flag's own around those of a value.
    package static let documentDepthMax = FlagsLimits.valueDepthMax + 10
    /// How many elements an array, or fields an object, of a document may have.
    package static let documentElementsMax = 32_768
    /// The longest string inside a value.
    package static let valueStringBytesMax = 64 << 10
    /// The longest identifier: a key, a name of a tenant, a region.
    package static let identifierBytesMax = 512
    /// The longest text for people: a flag's name or description, a reason.
    package static let textBytesMax = 16 << 10
    /// How many variations a flag may have.
    package static let variationsMax = 256
    /// How many names one list of an audience may have.
    package static let audienceMax = 4096
    /// How many tags a flag may have.
    package static let tagsMax = 1024
    /// How many prerequisites a flag may have.
    package static let prerequisitesMax = 256
    /// How many overrides a flag may have.
    package static let overridesMax = 4096
    /// How many targets a flag may have.
    package static let targetsMax = 1024
    /// How many values a target may have.
    package static let targetValuesMax = 16_384
    /// How many rules a flag or a segment may have.
    package static let rulesMax = 1024
    /// How many clauses a rule may have.
    package static let clausesMax = 256
    /// How many values a clause may have.
    package static let clauseValuesMax = 16_384
    /// How many keys a segment may include, and how many it may exclude.
    package static let segmentKeysMax = 32_768
    /// How many steps a release may have.
    package static let releaseStepsMax = 1024
    /// How many reports of deliveries an alert or a batch may have.
    package static let deliveriesMax = 4096
    /// How many things a dry run may tell of.
    package static let previewsMax = 4096
    /// How many steps an explanation may have.
    package static let explanationStepsMax = 16_384
    /// How many approvals a release may have.
    package static let approvalsMax = 16_384
    /// How many releases one message may carry.
    package static let releasesMax = 16_384
    /// How many alerts one message may carry.
    package static let alertsMax = 16_384
    /// The longest document in a row of history, as JSON.
    package static let auditDocumentBytesMax = 2 << 20
    /// How many rows of usage one message may carry.
    package static let usageRowsMax = 65_536
    /// How many sketches of usage one message may carry.
    package static let usageSketchesMax = 16_384
    /// How many names one message about usage may say.
    package static let usageNamesMax = 65_536
    /// How many registers a sketch has.
    static let usageRegistersMax = 1024
    /// The greatest rank of a register: 64 bits of hash, less 10 for the index, and one.
    static let usageRankMax: UInt32 = 55
    /// How many counts of refused calls a batch may have.
    package static let deniedMax = 4096
    /// How many segments one message may carry; more are sent in parts.
    package static let segmentsMax = 16_384
    /// How many attributes an evaluation context may have.
    package static let attributesMax = FlagsLimits.contextAttributesMax
    /// How many flags one message may carry; larger environments are sent in parts.
    package static let flagsMax = FlagsLimits.flagsPerEnvironmentMax
    /// How many changes one message may carry.
    package static let changesMax = 16_384
    /// How many rows of history one message may carry.
    package static let historyRowsMax = 4096
    /// How many nodes a topology may have.
    package static let nodesMax = 1024
    /// How many round trips a topology may list.
    package static let roundTripsMax = 16_384
    /// How many organizations, environments, plans or companies one message may carry, each.
    package static let tenantsMax = 1 << 18
}
