/// Every bound of what the program reads and shows.
enum ProgramLimits {
    /// Bytes of a file that is applied or compared.
    static let fileBytesMax = 64 << 20
    /// Values of such a file, aliases counted as often as they are used.
    static let fileNodesMax = 2_000_000
    /// How deep such a file may nest.
    static let fileDepthMax = 64
    /// Rows of history that a refused change shows.
    static let staleRowsMax: UInt32 = 20
    /// Rows that are asked for at a time where all are wanted.
    static let pageRows: UInt32 = 1_000
    /// Letters and digits of a token's secret, of which each is worth almost 6 bits.
    static let secretLetters = 44
}
