internal import Glibc

/// Where what went wrong is told.
enum StandardError {
    /// Writes the text; a terminal that is gone is no reason to fail.
    static func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = unsafe bytes.withUnsafeBytes { bytes in
            unsafe Glibc.write(STDERR_FILENO, bytes.baseAddress, bytes.count)
        }
    }
}
