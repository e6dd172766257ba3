/// Why the log could not be opened, written or read.
///
/// Equal when the codes are equal.
package struct StorageError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of failure, which decides what the caller does next.
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Value: String {
            case inputOutput
            case diskFull
            case poisoned
            case corrupt
            case foreignFolder
            case unsupportedFormat
            case locked
            case limitExceeded
            case outOfRange
        }

        private let value: Value

        private init(_ value: Value) { self.value = value }

        /// The operating system refused an operation.
        ///
        /// Terminal when it was a write or a sync.
        package static let inputOutput = Code(.inputOutput)
        /// No space left.
        ///
        /// Nothing was acknowledged or lost; retry once space was freed.
        package static let diskFull = Code(.diskFull)
        /// An earlier write or sync failed, so nothing is known about the disk: stop the process.
        package static let poisoned = Code(.poisoned)
        /// The log is damaged where a crash cannot have damaged it.
        package static let corrupt = Code(.corrupt)
        /// The folder belongs to another node or another cluster.
        package static let foreignFolder = Code(.foreignFolder)
        /// The folder was written in a format that this program does not know.
        package static let unsupportedFormat = Code(.unsupportedFormat)
        /// Another process has the folder open.
        package static let locked = Code(.locked)
        /// A batch or an entry is larger than the limits allow.
        package static let limitExceeded = Code(.limitExceeded)
        /// The entries asked for are not in the log.
        package static let outOfRange = Code(.outOfRange)

        package var description: String { self.value.rawValue }
    }

    package let code: Code
    /// What happened and, where an operator can act, what to do next.
    package let message: String
    /// The operating system's error number, 0 if it was not the source.
    package let systemError: Int32

    package init(code: Code, message: String, systemError: Int32 = 0) {
        self.code = code
        self.message = message
        self.systemError = systemError
    }

    package static func == (lhs: StorageError, rhs: StorageError) -> Bool { lhs.code == rhs.code }

    package func hash(into hasher: inout Hasher) { hasher.combine(self.code) }

    package var description: String { "\(self.code): \(self.message)" }
}

extension StorageError {
    /// Damage that no crash explains, with the only safe way out.
    static func corrupt(file: String, offset: Int, _ reason: String) -> StorageError {
        StorageError(
            code: .corrupt,
            message: "\(file), offset \(offset): \(reason). Acknowledged entries may be lost, so "
                + "this folder must not be used again: stop this node, move its folder away, start "
                + "it with a new node id in join mode and run `bandera cluster replace OLD NEW`"
        )
    }
}
