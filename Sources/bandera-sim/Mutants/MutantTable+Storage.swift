extension MutantTable {
    private static let append = "Sources/RaftStorage/LogStorage+Append.swift"

    static let storage: [Mutant] = [
        Mutant(
            "releasesBeforeMarker",
            item: 36,
            "Compaction removes segments before the record that says so is durable.",
            .init(
                "Sources/RaftStorage/LogStorage+Base.swift",
                "        try self.move(\n            .compacted,",
                """
                        if Mutation.is(.releasesBeforeMarker), let kept {
                            for segment in self.segments where segment.sequence < kept {
                                let name = FileName.segment(segment.sequence)
                                try? self.folder.files.remove(self.folder.path(name))
                            }
                            try? self.folder.files.synchronizeDirectory(self.folder.directory)
                            self.segments.removeAll { $0.sequence < kept }
                        }
                        try self.move(
                            .compacted,
                """
            )
        ),
        Mutant(
            "repeatsFailedSync",
            item: 42,
            "A failed fsync is tried again, and what the second one says is believed.",
            .init(
                append,
                "            try self.folder.files.synchronize(self.active)",
                """
                            do throws(StorageError) {
                                try self.folder.files.synchronize(self.active)
                            } catch {
                                guard Mutation.is(.repeatsFailedSync) else { throw error }
                                try self.folder.files.synchronize(self.active)
                            }
                """
            )
        ),
        Mutant(
            "cutsDamage",
            item: 43,
            "Damage in the middle of the log is taken for a torn tail and cut.",
            .init(
                "Sources/RaftStorage/TornTail.swift",
                "if let proof { return .damaged(offset: offset, reason: proof) }",
                """
                if Mutation.is(.cutsDamage) { return .torn(end: end) }
                if let proof { return .damaged(offset: offset, reason: proof) }
                """
            )
        ),
        Mutant(
            "leavesDirectoryUnsynced",
            item: 44,
            "A new segment's name is not made durable before it is used.",
            .init(
                "Sources/RaftStorage/LogStorage+Segments.swift",
                "            try self.folder.files.synchronizeDirectory(self.folder.directory)",
                """
                            if !Mutation.is(.leavesDirectoryUnsynced) {
                                try self.folder.files.synchronizeDirectory(self.folder.directory)
                            }
                """
            )
        ),
        Mutant(
            "diskFullIsFatal",
            item: 45,
            "A full disk ends the log.",
            .init(
                "Sources/RaftStorage/LogStorage.swift",
                "if error.code == .diskFull, isFullDiskHarmless { throw error }",
                """
                if error.code == .diskFull, isFullDiskHarmless, !Mutation.is(.diskFullIsFatal) {
                    throw error
                }
                """
            )
        ),
        Mutant(
            "trustsRecordsAnywhere",
            item: 46,
            "A record is read wherever it lies, without a look at the one before it.",
            .init(
                "Sources/RaftStorage/LogReplay.swift",
                "header.previous == chain, header.batch == self.nextBatch",
                """
                Mutation.is(.trustsRecordsAnywhere)
                    || (header.previous == chain && header.batch == self.nextBatch)
                """
            )
        ),
    ]
}
