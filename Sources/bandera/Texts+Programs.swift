extension Texts {
    static func badLogLevel(_ level: String) -> String {
        "'\(level)' is not a log level: write trace, debug, info, notice, warning, error or critical"
    }

    static func badDemoRegions(_ regions: String) -> String {
        "'\(regions)' does not name between 1 and 9 regions, separated by commas"
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
              bandera flag watch
              bandera flag rollout crm_advanced_features 50
              bandera evaluate crm_advanced_features --user ana --plan PREMIUM --role ADMIN \
            --user-region MX --served-by AR

            Ctrl-C ends the demo and leaves nothing behind.

            """
    }
}
