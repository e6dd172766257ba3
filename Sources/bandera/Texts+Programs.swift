extension Texts {
    static func badLogLevel(_ level: String) -> String {
        "'\(level)' is not a log level: write trace, debug, info, notice, warning, error or critical"
    }

    static func badDemoRegions(_ regions: String) -> String {
        "'\(regions)' does not name between 1 and 9 regions, separated by commas"
    }

    static func exampleToken(_ secret: String) -> String {
        "the client SDK token example-web (shown this once): \(secret)\n"
    }

    /// What a person reads once the demo runs.
    static func demoIsUp(endpoints: [String], regions: [String], certificates: String) -> String {
        let nodes = zip(regions, endpoints).map { "  \($0)  \($1)\n" }.joined()
        return """
            \(regions.count) nodes, one log. Clients are served at:
            \(nodes)
            In another terminal:
              export BANDERA_ENDPOINTS=\(endpoints.joined(separator: ","))
              export BANDERA_CA=\(certificates)/ca.crt
              export BANDERA_CERTIFICATE=\(certificates)/operator.crt
              export BANDERA_KEY=\(certificates)/operator.key
              export BANDERA_CLUSTER=demo BANDERA_ENVIRONMENT=acme/production
              bandera cluster status
              bandera overview
              bandera flag watch
              bandera flag rollout crm_advanced_features 50
              bandera evaluate crm_advanced_features --user ana --plan PREMIUM --role ADMIN \
            --user-region MX --served-by AR
              bandera flag explain new_search --user ana
              bandera release show new_search
              bandera flag emergency-rollback new_search --wait 5s

            Ctrl-C ends the demo and leaves nothing behind.

            """
    }
}
