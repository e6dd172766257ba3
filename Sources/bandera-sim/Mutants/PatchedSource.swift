/// The text of a source file, with the mutants that belong into it.
package struct PatchedSource {
    /// Why a patch cannot be applied.
    package struct Failure: Error, Hashable, CustomStringConvertible {
        package let description: String
    }

    /// Applies every patch of `mutants` to `file`, whose text is `text`.
    ///
    /// Every original must occur exactly once, and no two may overlap.
    package static func apply(
        _ mutants: [Mutant],
        to text: String,
        of file: String
    ) throws(Failure) -> String {
        var places: [(range: Range<String.Index>, replacement: String, name: String)] = []
        for mutant in mutants {
            for patch in mutant.patches where patch.file == file {
                let found = text.ranges(of: patch.original)
                guard found.count == 1, let range = found.first else {
                    throw Failure(
                        description:
                            "\(mutant.name): its text occurs \(found.count) times in \(file)"
                    )
                }
                guard patch.replacement.contains("Mutation.is(.\(mutant.name))") else {
                    throw Failure(description: "\(mutant.name): does not ask for its switch")
                }
                places.append((range, patch.replacement, mutant.name))
            }
        }
        places.sort { $0.range.lowerBound < $1.range.lowerBound }
        for (one, next) in zip(places, places.dropFirst())
        where one.range.upperBound > next.range.lowerBound {
            throw Failure(
                description: "\(one.name) and \(next.name) change the same text of \(file)"
            )
        }
        var patched = ""
        var rest = text.startIndex
        for place in places {
            patched += text[rest..<place.range.lowerBound]
            patched += place.replacement
            rest = place.range.upperBound
        }
        return patched + text[rest...]
    }
}
