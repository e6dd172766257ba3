internal import Flags

/// Every bound of what clients and nodes say to each other.
///
/// These keep decoding cheap and bounded; what makes sense is judged by the state machine.
package enum ClientProtocolLimits {
    /// How many levels a value may have: its nested arrays and objects, and the innermost scalar.
    package static let valueDepthMax = FlagsLimits.valueDepthMax + 1
    /// How many elements an array, or fields an object, may have.
    package static let valueElementsMax = 1024
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
    /// How many attributes an evaluation context may have.
    package static let attributesMax = 256
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
