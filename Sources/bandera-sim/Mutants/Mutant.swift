/// One bug of others, put back into a copy of the sources, to prove that the simulator finds it.
package struct Mutant: Sendable {
    /// A change of one place in the sources.
    package struct Patch: Sendable {
        /// The path in the repository.
        package let file: String
        /// Occurs exactly once in the file.
        package let original: String
        /// What takes its place; it asks `Mutation.is(.name)`, so that all live in one build.
        package let replacement: String

        package init(_ file: String, _ original: String, _ replacement: String) {
            self.file = file
            self.original = original
            self.replacement = replacement
        }
    }

    /// Also the name of the switch: an identifier.
    package let name: String
    /// The item of the checklist that it breaks.
    package let item: Int
    /// What the mutant does wrong.
    package let sentence: String
    package let patches: [Patch]

    package init(_ name: String, item: Int, _ sentence: String, _ patches: Patch...) {
        precondition(!patches.isEmpty, "\(name) changes nothing")
        self.name = name
        self.item = item
        self.sentence = sentence
        self.patches = patches
    }
}

/// An item of the checklist that no mutant can break in the simulator.
package struct UnplantedItem: Sendable {
    package let item: Int
    /// Why not, and what proves the item instead.
    package let reason: String

    package init(_ item: Int, _ reason: String) {
        self.item = item
        self.reason = reason
    }
}

/// Every bug that is planted.
package enum MutantTable {
    package static let itemCount = 52

    package static let all: [Mutant] =
        [
            Self.elections, Self.replication, Self.linearizableReads, Self.memberships,
            Self.storage, Self.clients,
        ].flatMap { $0 }

    package static func named(_ name: String) -> Mutant? { self.all.first { $0.name == name } }

    /// The switch that a mutant's code asks for, in each module that has one.
    static var switchSource: String {
        let cases = self.all.map { "    case \($0.name)" }.joined(separator: "\n")
        return """
            internal import Glibc

            enum Mutation: String {
            \(cases)

                static let active: Mutation? = {
                    guard let text = unsafe getenv("\(MutantLimits.variable)") else { return nil }
                    let name = unsafe String(cString: text)
                    guard let known = Mutation(rawValue: name) else {
                        fatalError("no such mutant: \\(name)")
                    }
                    return known
                }()

                @inline(__always)
                static func `is`(_ mutant: Mutation) -> Bool { self.active == mutant }
            }

            """
    }
}

/// Every bound of the mutation proof.
enum MutantLimits {
    /// Names the mutant to a child process.
    static let variable = "BANDERA_MUTANT"
    /// A seed that does not end by then never will.
    static let secondsPerSeed: UInt32 = 60
    /// Where children are looked after, in microseconds.
    static let pollMicroseconds: UInt32 = 5_000
    /// How much of a violation is printed.
    static let causeCharacters = 100
}
