internal import CMessages

/// Closes a call with its result, from the server.
package struct End: Hashable, Sendable {
    /// The result; `ok` when there is a body.
    package var status: Status
    /// The answer of a unary call, packed; empty when the status is an error.
    package var body: [UInt8]

    package init(status: Status, body: [UInt8] = []) {
        self.status = status
        self.body = body
    }

    /// No less than what the packed message takes, told without packing it.
    ///
    /// A body may be larger than any frame, and such a message must not be packed as one.
    package var packedBytesMax: Int {
        // A tag and a number or a length: never more than 11 bytes.
        let fieldBytes = 11
        var bytes = 4 * fieldBytes + self.status.message.utf8.count + self.body.count
        if let detail = self.status.detail {
            bytes += 4 * fieldBytes + detail.reason.utf8.count + detail.leaderAddress.utf8.count
            for field in detail.metadata {
                bytes += 3 * fieldBytes + field.key.utf8.count + field.value.utf8.count
            }
        }
        return bytes
    }
}

extension End: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(
            arena.message(bandera__wire__v1__end__init) { message in
                message.status = self.status.code.rawValue
                message.message = arena.bytes(self.status.message)
                if let detail = self.status.detail {
                    message.detail = arena.message(bandera__wire__v1__error_detail__init) {
                        detail.fill(&$0, in: arena)
                    }
                }
                message.body = arena.bytes(self.body)
            }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> End {
        try arena.unpack(bytes, with: bandera__wire__v1__end__unpack) {
            (pointer) throws(WireError) -> End in
            let message = pointer.pointee
            var status = Status(
                code: try StatusCode(received: message.status),
                message: try message.message.string(
                    byteCountMax: WireLimits.statusMessageBytesMax,
                    "message"
                )
            )
            if let detail = message.detail {
                status.detail = try ErrorDetail(detail.pointee)
            }
            return End(status: status, body: message.body.array())
        }
    }
}

extension StatusCode {
    /// Reads a code that another side sent.
    package init(received rawValue: UInt32) throws(WireError) {
        guard let code = StatusCode(rawValue: rawValue) else {
            throw WireError(code: .outOfRange, message: "unknown status \(rawValue)")
        }
        self = code
    }
}

extension ErrorDetail {
    fileprivate func fill(_ message: inout Bandera__Wire__V1__ErrorDetail, in arena: Arena) {
        message.reason = arena.bytes(self.reason)
        message.retry_after_ms = self.retryAfterMilliseconds
        message.leader_id = self.leaderID
        message.leader_address = arena.bytes(self.leaderAddress)
        message.n_metadata = self.metadata.count
        message.metadata = arena.metadata(self.metadata)
    }

    fileprivate init(_ message: Bandera__Wire__V1__ErrorDetail) throws(WireError) {
        self.init(
            reason: try message.reason.string(),
            retryAfterMilliseconds: message.retry_after_ms,
            leaderID: message.leader_id,
            leaderAddress: try message.leader_address.string(),
            metadata: try readMetadata(message.n_metadata, message.metadata)
        )
    }
}
