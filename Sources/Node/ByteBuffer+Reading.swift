internal import NIOCore

extension ByteBuffer {
    /// Calls `body` with the readable bytes, which are valid only during the call.
    ///
    /// `withUnsafeReadableBytes` rethrows untyped errors; decoders throw typed ones.
    func withReading<Value, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        let result: Result<Value, Failure> = unsafe self.withUnsafeReadableBytes { bytes in
            do throws(Failure) {
                return .success(try unsafe body(bytes))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}
