/// The operations the log needs from a disk: the seam between the log and the world.
///
/// Paths are absolute or relative to the working directory. A write is durable only after
/// `synchronize` of its file; a created, renamed or removed name only after `synchronizeDirectory`
/// of its directory. Implementations MUST NOT retry a failed sync (PostgreSQL's fsyncgate).
package protocol FileSystem {
    /// An open file. Plain value; valid until it is closed.
    associatedtype File

    /// Creates `path`, whose parent exists. No error if it is there already.
    func createDirectory(_ path: String) throws(StorageError)

    /// The names in a directory, sorted, without `.` and `..`.
    func list(_ directory: String) throws(StorageError) -> [String]

    /// Opens an existing file for reading and writing; `nil` if there is none.
    func open(_ path: String) throws(StorageError) -> File?

    /// Creates a file, empty, replacing an existing one.
    func create(_ path: String) throws(StorageError) -> File

    func close(_ file: File)

    /// How many bytes the file holds.
    func size(_ file: File) throws(StorageError) -> Int

    /// Makes the file `bytes` long, all zero and all of them allocated on disk.
    ///
    /// Throws `.diskFull` here, so that later writes inside the file need no new space.
    func preallocate(_ file: File, bytes: Int) throws(StorageError)

    /// Writes all of `bytes` at `offset`, or throws. A failed write may have written a part.
    func write(_ bytes: Span<UInt8>, to file: File, at offset: Int) throws(StorageError)

    /// Fills `buffer` from `offset` on.
    ///
    /// Returns how much was read: less only at the end of the file.
    func read(
        into buffer: inout MutableSpan<UInt8>,
        from file: File,
        at offset: Int
    ) throws(StorageError) -> Int

    /// Makes everything written to the file durable (`fdatasync`).
    func synchronize(_ file: File) throws(StorageError)

    /// Makes the names in a directory durable.
    func synchronizeDirectory(_ path: String) throws(StorageError)

    /// Renames atomically, replacing `destination`.
    func rename(_ source: String, to destination: String) throws(StorageError)

    func remove(_ path: String) throws(StorageError)

    /// Creates and locks a file for this process alone; throws `.locked` if another one has it.
    ///
    /// The lock lasts until the file is closed or the process ends.
    func lock(_ path: String) throws(StorageError) -> File
}
