internal import COpenSSL

/// The server's choice of application protocol: exactly its own, or a fatal alert (RFC 7301).
enum ALPNSelection {
    /// Refuses a client that names no protocol at all, for which OpenSSL would not ask `select`.
    static let requireOffer: SSL_client_hello_cb_fn = { ssl, alert, _ in
        var bytes: UnsafePointer<UInt8>?
        var count = 0
        let type = CUnsignedInt(TLSEXT_TYPE_application_layer_protocol_negotiation)
        if SSL_client_hello_get0_ext(ssl, type, &bytes, &count) == 1 {
            return SSL_CLIENT_HELLO_SUCCESS
        }
        Self.refuse(ssl, offered: [])
        alert?.pointee = TLS1_AD_NO_APPLICATION_PROTOCOL
        return SSL_CLIENT_HELLO_ERROR
    }

    static let select: SSL_CTX_alpn_select_cb_func = {
        ssl,
        selected,
        selectedCount,
        offer,
        count,
        argument in
        guard let selected, let selectedCount, let argument else {
            return SSL_TLSEXT_ERR_ALERT_FATAL
        }
        let context = Unmanaged<TLSContext>.fromOpaque(argument).takeUnretainedValue()
        let offered = Self.names(UnsafeBufferPointer(start: offer, count: Int(count)))
        let own = UnsafeBufferPointer(rebasing: context.alpn[1...])
        guard let index = offered.firstIndex(where: { $0.elementsEqual(own) }) else {
            Self.refuse(ssl, offered: offered.map { String(decoding: $0, as: UTF8.self) })
            return SSL_TLSEXT_ERR_ALERT_FATAL
        }
        selected.pointee = offered[index].baseAddress
        selectedCount.pointee = UInt8(offered[index].count)
        return SSL_TLSEXT_ERR_OK
    }

    /// The length-prefixed names of an offer; a length that lies ends the list.
    private static func names(_ offer: UnsafeBufferPointer<UInt8>) -> [UnsafeBufferPointer<UInt8>] {
        var names: [UnsafeBufferPointer<UInt8>] = []
        var start = 0
        while start < offer.count {
            let end = start + 1 + Int(offer[start])
            guard end <= offer.count else { break }
            names.append(UnsafeBufferPointer(rebasing: offer[(start + 1)..<end]))
            start = end
        }
        return names
    }

    private static func refuse(_ ssl: OpaquePointer?, offered: [String]) {
        let offer = offered.isEmpty ? "none" : offered.prefix(8).joined(separator: ", ")
        LoopBIO.io(of: SSL_get_rbio(ssl))?.pointee.refusal = TLSError(
            .alpn,
            "the client offered another application protocol (\(offer)); check that it dials the "
                + "right port (clients and peers have one each) and runs a compatible version"
        )
    }
}
