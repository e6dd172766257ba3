internal import CMessages

/// One key and value that travel beside a call or an error.
package struct MetadataField: Hashable, Sendable {
    /// Lower case by convention.
    package var key: String
    /// Any text.
    package var value: String

    package init(key: String, value: String) {
        self.key = key
        self.value = value
    }
}

/// Opens a call: its head and its first message, in one frame.
package struct Request: Hashable, Sendable {
    /// Service and method, for example `bandera.v1.Flags/Write`.
    package var method: String
    /// How long the caller waits; 0 means without a deadline.
    package var timeoutMilliseconds: UInt32
    /// At most ``WireLimits/metadataFieldsMax``.
    package var metadata: [MetadataField]
    /// How many DATA frames the caller takes before it grants more.
    package var credit: UInt32
    /// The first message, packed.
    package var body: [UInt8]

    package init(
        method: String,
        timeoutMilliseconds: UInt32 = 0,
        metadata: [MetadataField] = [],
        credit: UInt32 = 0,
        body: [UInt8] = []
    ) {
        self.method = method
        self.timeoutMilliseconds = timeoutMilliseconds
        self.metadata = metadata
        self.credit = credit
        self.body = body
    }
}

extension Request: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(
            arena.message(bandera__wire__v1__request__init) { message in
                message.method = arena.bytes(self.method)
                message.timeout_ms = self.timeoutMilliseconds
                message.n_metadata = self.metadata.count
                message.metadata = arena.metadata(self.metadata)
                message.credit = self.credit
                message.body = arena.bytes(self.body)
            }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> Request {
        try arena.unpack(bytes, with: bandera__wire__v1__request__unpack) {
            (pointer) throws(WireError) -> Request in
            let message = pointer.pointee
            guard message.method.len > 0 else {
                throw WireError(code: .missing, message: "the request names no method")
            }
            return Request(
                method: try message.method.string(
                    byteCountMax: WireLimits.methodBytesMax,
                    "method"
                ),
                timeoutMilliseconds: message.timeout_ms,
                metadata: try readMetadata(message.n_metadata, message.metadata),
                credit: message.credit,
                body: message.body.array()
            )
        }
    }
}

extension Arena {
    /// Builds the metadata of a request or an error.
    func metadata(
        _ fields: [MetadataField]
    ) -> UnsafeMutablePointer<UnsafeMutablePointer<Bandera__Wire__V1__MetadataField>?>? {
        self.messages(fields, bandera__wire__v1__metadata_field__init) { field, message in
            message.key = self.bytes(field.key)
            message.value = self.bytes(field.value)
        }
    }
}

/// Reads the metadata of a request or an error.
func readMetadata(
    _ count: Int,
    _ array: UnsafeMutablePointer<UnsafeMutablePointer<Bandera__Wire__V1__MetadataField>?>?
) throws(WireError) -> [MetadataField] {
    try readMessages(count, array, max: WireLimits.metadataFieldsMax, "metadata") {
        (field) throws(WireError) -> MetadataField in
        MetadataField(
            key: try field.pointee.key.string(),
            value: try field.pointee.value.string()
        )
    }
}
